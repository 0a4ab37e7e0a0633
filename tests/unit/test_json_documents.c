/* Blocks of JSON documents: what each is taken for, and what is left of those that are damaged. */
#include "documents.h"
#include "tap.h"

/* A ResourceSpans of a service, with spans of the given members. */
#define RESOURCE(service)                                                                          \
	"\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":"      \
	"\"" service "\"}}]}"
#define SCOPES(spans)	     "\"scopeSpans\":[{\"spans\":[" spans "]}]"
#define PART(service, spans) "{" RESOURCE(service) "," SCOPES(spans) "}"
#define NAMED(name)	     "{\"name\":\"" name "\"}"
#define KIND(name)	     "{\"name\":\"" name "\",\"kind\":1}"
#define REQUEST(parts)	     "{\"resourceSpans\":[" parts "]}"
#define ONE(name)	     REQUEST(PART("s", NAMED(name)))
#define LINE(name)                                                                                 \
	"{\"trace_id\":\"01\",\"span_id\":\"02\",\"name\":\"" name "\",\"status\":\"unset\","      \
	"\"start_unix_nano\":\"1\",\"end_unix_nano\":\"2\"}"

struct row {
	const char *name, *in, *out;
	uint64_t traces;   /* documents that hold spans */
	enum sl_note note; /* counted once; or SL_NOTE_COUNT */
};

static const struct row rows[] = {
	{ "nothing", "", "", 0, SL_NOTE_COUNT },
	{ "white space", " \r\n\t\n", "", 0, SL_NOTE_COUNT },
	{ "a request", ONE("a"), "a@s ", 1, SL_NOTE_COUNT },
	{ "two parts, and a part without a service",
	  REQUEST(PART("s", NAMED("a") "," NAMED("b")) "," PART("t", NAMED("c")) ",{" SCOPES(
		  NAMED("d")) "}"),
	  "a@s b@s c@t d@ ", 1, SL_NOTE_COUNT },
	{ "two scopes",
	  REQUEST("{" RESOURCE("s") ",\"scopeSpans\":[{\"spans\":[" NAMED(
		  "a") "]},{},{\"spans\":[" NAMED("b") "]}]}"),
	  "a@s b@s ", 1, SL_NOTE_COUNT },
	{ "lines", ONE("a") "\n" ONE("b") "\n", "a@s b@s ", 2, SL_NOTE_COUNT },
	{ "CRLF and blank lines", "\r\n" ONE("a") "\r\n\r\n" ONE("b"), "a@s b@s ", 2,
	  SL_NOTE_COUNT },
	{ "nothing between", ONE("a") ONE("b"), "a@s b@s ", 2, SL_NOTE_COUNT },
	{ "byte order marks and record separators",
	  "\xef\xbb\xbf" ONE("a") "\n\x1e" ONE("b") "\n\xef\xbb\xbf\x1e" ONE("c"), "a@s b@s c@s ",
	  3, SL_NOTE_COUNT },
	{ "an array", "[" ONE("a") "," ONE("b") " , " LINE("c") "]", "a@s b@s c@ ", 3,
	  SL_NOTE_COUNT },
	{ "an array, and more", "[]" ONE("a") "[ ]\n[" ONE("b") "]", "a@s b@s ", 2, SL_NOTE_COUNT },
	{ "an empty request", "{}", "", 0, SL_NOTE_COUNT },
	{ "a request for nothing", "{\"resourceSpans\":[]}", "", 1, SL_NOTE_COUNT },
	{ "a request for null", "{\"resourceSpans\":null}", "", 1, SL_NOTE_COUNT },
	{ "unknown keys around",
	  "{\"a\":[{\"resourceSpans\":1}],\"resourceSpans\":[" PART("s",
								    NAMED("a")) "],\"b\":\"}\"}",
	  "a@s ", 1, SL_NOTE_COUNT },
	{ "resource_spans", "{\"resource_spans\":[" PART("s", NAMED("a")) "]}", "a@s ", 1,
	  SL_NOTE_SNAKE_CASE },
	{ "an escape in the key", "{\"resource\\u0053pans\":[" PART("s", NAMED("a")) "]}", "a@s ",
	  1, SL_NOTE_COUNT },
	{ "batches", "{\"batches\":[" PART("s", NAMED("a")) "]}", "a@s ", 1, SL_NOTE_WRAPPED },
	{ "a wrapper", "{\"result\":" ONE("a") "}", "a@s ", 1, SL_NOTE_WRAPPED },
	{ "batches in a wrapper", "{\"trace\":{\"batches\":[" PART("s", NAMED("a")) "]}}", "a@s ",
	  1, SL_NOTE_WRAPPED },
	{ "a wrapper beside other keys",
	  "{\"x\":1,\"trace\":{\"y\":2,\"resourceSpans\":[" PART("s", NAMED("a")) "]},\"z\":3}",
	  "a@s ", 1, SL_NOTE_WRAPPED },
	{ "a wrapper's key with something else", "{\"result\":[" ONE("a") "]}", "", 0,
	  SL_NOTE_NOT_OTLP },
	{ "a part alone", PART("s", NAMED("a")), "a@s ", 1, SL_NOTE_BARE_RESOURCE_SPANS },
	{ "a part alone, its resource last", "{" SCOPES(NAMED("a")) "," RESOURCE("s") "}", "a@s ",
	  1, SL_NOTE_BARE_RESOURCE_SPANS },
	{ "the first of two arrays",
	  "{\"resourceSpans\":[" PART("s", NAMED("a")) "],\"resourceSpans\":[" PART(
		  "s", NAMED("b")) "]}",
	  "a@s ", 1, SL_NOTE_REPEATED_KEY },
	{ "span lines", LINE("a") "\n" LINE("b") "\n", "a@ b@ ", 2, SL_NOTE_COUNT },
	{ "a span line in another order and a request",
	  "{\"name\":\"a\",\"resource\":{},\"end_unix_nano\":1,\"span_id\":\"02\",\"trace_id\":"
	  "\"01\","
	  "\"start_unix_nano\":1}\n" ONE("b"),
	  "a@ b@s ", 2, SL_NOTE_COUNT },
	{ "a span line with white space",
	  "{ \"trace_id\" : \"01\",\n\"span_id\":\"02\",\"start_unix_nano\":1,\"end_unix_nano\":2 "
	  "}",
	  "@ ", 1, SL_NOTE_COUNT },
	{ "logs and metrics",
	  "{\"resourceLogs\":[{}]}\n" ONE("a") "\n{\"resourceMetrics\":[{\"x\":[]}]}", "a@s ", 1,
	  SL_NOTE_COUNT },
	{ "spans beside logs",
	  "{\"resourceLogs\":[{}],\"resourceSpans\":[" PART("s", NAMED("a")) "]}", "a@s ", 1,
	  SL_NOTE_COUNT },
	{ "another kind of object", "{\"traceID\":\"1\",\"spans\":[]}", "", 0, SL_NOTE_NOT_OTLP },
	{ "another kind of element", "[" ONE("a") ",[],5," ONE("b") "]", "a@s b@s ", 2,
	  SL_NOTE_COUNT },
	{ "wrappers in wrappers",
	  "{\"trace\":{\"trace\":{\"trace\":{\"trace\":{\"trace\":{\"resourceSpans\":[]}}}}}}", "",
	  0, SL_NOTE_COUNT },

	{ "what is no JSON", "this is not json\n" ONE("a"), "!malformed a@s ", 1, SL_NOTE_COUNT },
	{ "half a document before another", "{\"resourceSpans\":[{\"scopeSpans\":[\n" ONE("a"),
	  "!malformed a@s ", 2, SL_NOTE_COUNT },
	{ "a cut line that ends in a string", "{\"resourceSpans\":[{\"x\":\"\n" ONE("a"),
	  "!malformed a@s ", 2, SL_NOTE_COUNT },
	{ "a cut line that ends in what is skipped", "{\"resourceMetrics\":[{\"x\":\n" ONE("a"),
	  "!truncated a@s ", 1, SL_NOTE_COUNT },
	{ "a cut document at the end", ONE("a") "\n{\"resourceSpans\":[", "a@s !truncated ", 2,
	  SL_NOTE_COUNT },
	{ "parts before the cut are kept",
	  "{\"resourceSpans\":[" PART("s", NAMED("a")) "," PART("t", NAMED("b")) ",{" RESOURCE(
		  "u") ","
		       "\"scopeSpans\":[{\"spans\":[" NAMED("c"),
	  "a@s b@t !truncated c@u ", 1, SL_NOTE_COUNT },
	{ "parts before a wrong one are kept, and the line behind",
	  "{\"resourceSpans\":[" PART("s", NAMED("a")) ",{]\n" ONE("b"), "a@s !malformed b@s ", 2,
	  SL_NOTE_COUNT },
	{ "an array that breaks",
	  "[\n" ONE("a") ",\n{]},\n" ONE("b") ",\n" ONE("c") "\n]\n" ONE("d"),
	  "a@s !malformed b@s c@s d@s ", 4, SL_NOTE_COUNT },
	{ "a span that is none", REQUEST(PART("s", NAMED("a") ",5,[{}],\"x\"," NAMED("b"))),
	  "!malformed !malformed !malformed a@s b@s ", 1, SL_NOTE_COUNT },
	{ "a span whose name is none", REQUEST(PART("s", NAMED("a") ",{\"name\":7}")), "a@s @s ", 1,
	  SL_NOTE_BAD_FIELD },
	{ "a part that is none", REQUEST(PART("s", NAMED("a")) ",7," PART("t", NAMED("b"))),
	  "a@s !malformed b@t ", 1, SL_NOTE_COUNT },
	{ "a part whose resource is none",
	  REQUEST("{\"resource\":5," SCOPES(NAMED("a")) "}," PART("t", NAMED("b"))), "a@ b@t ", 1,
	  SL_NOTE_BAD_FIELD },
	{ "parts that are none", "{\"resourceSpans\":{}}" ONE("a"), "!malformed a@s ", 2,
	  SL_NOTE_COUNT },
	{ "a span line that lacks its times",
	  "{\"trace_id\":\"01\",\"span_id\":\"02\"}" LINE("a") "\n", "!malformed a@ ", 2,
	  SL_NOTE_COUNT },
	{ "a span line that is cut", "{\"trace_id\":\"01\",\"sp\n" LINE("a") "\n", "!malformed a@ ",
	  2, SL_NOTE_COUNT },
	{ "a span line that is cut at the end",
	  LINE("a") "\n{\"trace_id\":\"01\",\"span_id\":", "a@ !truncated ", 2, SL_NOTE_COUNT },
	{ "a control character", ONE("a\tb") "\n" ONE("c"), "!malformed c@s ", 2, SL_NOTE_COUNT },
	{ "a wrong escape", ONE("a\\xb") "\n" ONE("c"), "!malformed c@s ", 2, SL_NOTE_COUNT },
	{ "a wrong number",
	  "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"flags\":01}]}]}]}\n" ONE("c"),
	  "!malformed c@s ", 2, SL_NOTE_COUNT },
	{ "attributes that lack their bracket",
	  REQUEST(PART("s", KIND("a") ",{\"name\":\"b\",\"kind\":1,\"attributes\":X{\"key\":\"k\","
				      "\"value\":{\"stringValue\":\"v\"}}]}," KIND("c"))),
	  "!malformed a@s c@s ", 1, SL_NOTE_COUNT },
	{ "damage between spans, scopes and parts",
	  REQUEST(PART("s", "X" KIND("a") "," KIND("b") "X") ",X," PART("t", KIND("c"))),
	  "!malformed !malformed a@s b@s c@t ", 1, SL_NOTE_COUNT },
	{ "a damaged scope, and a resource behind damage",
	  REQUEST("{\"scopeSpans\":[{\"scope\":{\"name\":X},\"spans\":[" KIND("a") "," KIND(
		  "b") "},X]}]," RESOURCE("s") "}"),
	  "!malformed !malformed a@s b@s ", 1, SL_NOTE_COUNT },
	{ "a control byte is no JSON", "\x01" ONE("a"), "!malformed a@s ", 1, SL_NOTE_COUNT },
};

static void check_rows(void)
{
	struct documents documents = { .telling = AS_NAMES };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		const char *got = documents_read(&documents, slice_of(row->in));

		if (!ok(strcmp(got, row->out) == 0 &&
				documents.notes.messages[SL_SIGNAL_SPANS] == row->traces &&
				(row->note == SL_NOTE_COUNT ||
				 documents.notes.count[row->note] == 1),
			"%s", row->name))
			printf("# %s, %llu\n", got,
			       (unsigned long long)documents.notes.messages[SL_SIGNAL_SPANS]);
	}
	sl_buffer_free(&documents.out);
}

/* Where a fault is said to be: behind the '^', which is not part of the text. */
static const char *const places[] = {
	"^no json",
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":^7}]}]}]}",
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"a^\t\"}]}]}]}",
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"abc^\\x\"}]}]}]}",
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"flags\":12^a}]}]}]}",
	"{\"resourceSpans\":[^5]}",
	"{\"resourceSpans\":^5}",
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{}^",
	"{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{}]}]}^}",
	"[{},^}",
	"{^5}",
	"{\"a\":[1,^\x01]}",
};

static void check_places(void)
{
	struct documents documents = { .telling = AS_NAMES, .options = { .strict = true } };

	for (size_t i = 0; i < SL_COUNT(places); i++) {
		const char *mark = strchr(places[i], '^');
		struct sl_buffer text = { 0 };

		sl_buffer_add(&text, places[i], (size_t)(mark - places[i]));
		sl_buffer_add_slice(&text, slice_of(mark + 1));
		documents_read(&documents, sl_buffer_slice(&text));
		if (!ok(documents.loss_count == 1 &&
				documents.last_loss == (size_t)(mark - places[i]),
			"the place of what is wrong: %s", places[i]))
			printf("# %zu losses, at %zu\n", documents.loss_count, documents.last_loss);
		sl_buffer_free(&text);
	}
	sl_buffer_free(&documents.out);
}

/* What strict refuses beside the departures of single fields. */
static void check_strict(void)
{
	static const struct {
		const char *name, *in;
		bool refused;
	} texts[] = {
		{ "a request", ONE("a"), false },
		{ "a request in lines", "\xef\xbb\xbf" ONE("a") "\n\n" ONE("b"), false },
		{ "a document without telemetry", "{\"a\":1}", true },
		{ "an element without telemetry", "[" ONE("a") ",5]", true },
		{ "a part alone", PART("s", NAMED("a")), true },
		{ "batches", "{\"batches\":[]}", true },
		{ "a wrapper", "{\"trace\":{\"resourceSpans\":[]}}", true },
		{ "a repeated key", "{\"resourceSpans\":[],\"resourceSpans\":[]}", true },
		{ "wrong brackets in what is skipped", "{\"a\":[{]},\"resourceSpans\":[]}", true },
		{ "a wrong word in what is skipped", "{\"a\":[nil],\"resourceSpans\":[]}", true },
		{ "invalid UTF-8 in what is skipped", "{\"a\":\"\xc0\",\"resourceSpans\":[]}",
		  true },
		{ "right brackets in what is skipped",
		  "{\"a\":[{\"b\":[[],{}]},-0.5e1,\"x\",true,false,null],\"resourceSpans\":[]}",
		  false },
	};
	struct documents documents = { .telling = AS_NAMES, .options = { .strict = true } };

	for (size_t i = 0; i < SL_COUNT(texts); i++) {
		documents_read(&documents, slice_of(texts[i].in));
		ok((documents.loss_count != 0) == texts[i].refused, "strictly: %s", texts[i].name);
	}
	sl_buffer_free(&documents.out);
}

/* The text without "!truncated ", which comes once. */
static bool without_loss(const char *got, char *out, size_t size)
{
	static const char loss[] = "!truncated ";
	const char *at = strstr(got, loss);
	size_t before = at != NULL ? (size_t)(at - got) : strlen(got);

	snprintf(out, size, "%.*s%s", (int)before, got, at != NULL ? at + sizeof(loss) - 1 : "");
	return strchr(out, '!') == NULL;
}

static size_t count_of(const char *text, char byte)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == byte;
	return count;
}

/* Spans that end in the first `len` bytes. */
static size_t whole_spans(const char *text, size_t len)
{
	static const char line_end[] = "\"end_unix_nano\":\"2\"}", start[] = "{\"name\":\"";
	const char *line = strstr(text, line_end);
	size_t count = line != NULL && line + sizeof(line_end) - 1 <= text + len;

	for (size_t i = 0; i + sizeof(NAMED("x")) - 1 <= len; i++)
		count += strncmp(text + i, start, sizeof(start) - 1) == 0;
	return count;
}

/* Of each prefix of a text, the spans are the first of those of the whole: all that are whole. */
static void check_prefixes(void)
{
	static const char text[] = ONE("a") "\n" REQUEST(
		PART("s", NAMED("b") "," NAMED("c")) "," PART("t", NAMED("d")))
		LINE("e") "[" ONE("f") "]";
	struct documents documents = { .telling = AS_NAMES };
	const char *all = "a@s b@s c@s d@t e@ f@s ";
	bool good = true;

	for (size_t len = 0; len < sizeof(text); len++) {
		const char *got = documents_read(&documents, (struct sl_slice){ text, len });
		char spans[256];

		good = good && without_loss(got, spans, sizeof(spans)) &&
		       strncmp(spans, all, strlen(spans)) == 0 &&
		       count_of(spans, '@') == whole_spans(text, len);
	}
	ok(good, "every prefix of a block");
	ok(strcmp(documents_read(&documents, slice_of(text)), all) == 0, "and all of it");
	sl_buffer_free(&documents.out);
}

/* One ResourceSpans as a block of its own. */
static void check_part(void)
{
	struct documents documents = { .telling = AS_NAMES, .kind = SL_JSON_RESOURCE_SPANS };

	ok(strcmp(documents_read(&documents, SL_SLICE("\n " PART("s", NAMED("a")) "\n")), "a@s ") ==
			   0 &&
		   documents_notes(&documents) == 0 &&
		   documents.notes.messages[SL_SIGNAL_SPANS] == 0,
	   "a part that was cut out of a document");
	ok(strcmp(documents_read(&documents, SL_SLICE("{\"scopeSpans\":[{\"spans\":[{}")),
		  "!truncated @ ") == 0,
	   "half a part");
	ok(strcmp(documents_read(&documents, SL_SLICE("{]\n" PART("s", NAMED("a")))),
		  "!malformed a@s ") == 0,
	   "after damage in a part another may follow");
	ok(strcmp(documents_read(&documents, SL_SLICE("")), "") == 0, "no part");
	sl_buffer_free(&documents.out);
}

/* Serials of resources of one block: equal for equal ones that follow each other. */
static void check_serials(void)
{
#define SCHEMED(service, schema)                                                                   \
	"{" RESOURCE(service) ",\"schemaUrl\":\"" schema "\"," SCOPES("{}") "}"
	static const char text[] = REQUEST(SCHEMED("s", "1") "," SCHEMED("s", "1") "," SCHEMED(
		"s", "2") "," SCHEMED("t", "2") "," SCHEMED("s", "2") ",{" SCOPES("{}") "}");
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	char *copy = calloc(1, sizeof(text) + SL_PADDING);
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_json_reader *reader;
	const struct sl_span *span;
	struct sl_error err;
	uint64_t serials[6] = { 0 };
	size_t count = 0;

	if (copy == NULL || sl_json_open(&reader, &options, &notes, &err) != SL_OK)
		abort();
	memcpy(copy, text, sizeof(text));
	sl_json_start(reader, SL_JSON_DOCUMENTS, (struct sl_slice){ copy, sizeof(text) - 1 });
	while (count < SL_COUNT(serials) && sl_json_next(reader, &span, &err) == SL_OK)
		serials[count++] = span->resource->serial;
	ok(count == 6 && serials[0] == serials[1] && serials[0] != 0,
	   "equal resources have one serial");
	ok(serials[1] != serials[2] && serials[2] != serials[3] && serials[3] != serials[4] &&
		   serials[4] != serials[5],
	   "others have another");
	sl_json_close(reader);
	free(copy);
}

/* More spans in one ResourceSpans than are kept in memory, and all that they belong to behind them.
 */
static void check_large(const char *title, const char *behind_spans, const char *behind_scopes,
			const char *service)
{
	enum { SPANS = 6000, SCOPES_OF_SPANS = 3 };
	struct documents documents = { .telling = AS_NAMES, .options = { .strict = true } };
	struct sl_buffer text = { 0 }, out = { 0 };

	sl_buffer_add_literal(&text, "{\"resourceSpans\":[{\"scopeSpans\":[");
	for (int scope = 0; scope < SCOPES_OF_SPANS; scope++) {
		sl_buffer_add_slice(&text, slice_of(scope == 0 ? "{\"spans\":[" : ",{\"spans\":["));
		for (int i = 0; i < SPANS; i++) {
			sl_buffer_printf(&text, "%s{\"name\":\"%d-%d\"}", i == 0 ? "" : ",", scope,
					 i);
			sl_buffer_printf(&out, "%d-%d@%s ", scope, i, service);
		}
		sl_buffer_printf(&text, "]%s}", behind_spans);
	}
	sl_buffer_printf(&text, "]%s},{\"scopeSpans\":[{\"spans\":[{\"name\":\"last\"}]}]}]}",
			 behind_scopes);
	sl_buffer_add(&out, "last@ ", sizeof("last@ "));
	ok(strcmp(documents_read(&documents, sl_buffer_slice(&text)), out.data) == 0 &&
		   documents_notes(&documents) == 0,
	   "%s", title);
	sl_buffer_free(&text);
	sl_buffer_free(&out);
	sl_buffer_free(&documents.out);
}

/* Lines of which each seems to hold all that follow: they are not read again for each. */
static void check_nested_damage(const char *line, size_t count)
{
	struct documents documents = { .telling = AS_NAMES };
	struct sl_buffer text = { 0 };

	for (size_t i = 0; i < count; i++)
		sl_buffer_add_slice(&text, slice_of(line));
	sl_buffer_add_literal(&text, "\n" ONE("a"));
	documents_read(&documents, sl_buffer_slice(&text));
	ok(documents.loss_count > 0 && documents.loss_count <= count,
	   "%zu lines that begin a document and do not end it", count);
	sl_buffer_free(&text);
	sl_buffer_free(&documents.out);
}

int main(void)
{
	check_rows();
	check_places();
	check_strict();
	check_prefixes();
	check_part();
	check_serials();
	check_large("a resource before its spans would be as good", "",
		    ",\"schemaUrl\":\"x\"," RESOURCE("s"), "s");
	check_large("scopes behind their spans", ",\"scope\":{\"name\":\"n\"},\"schemaUrl\":\"x\"",
		    "," RESOURCE("t") ",\"schemaUrl\":\"y\"", "t");
	check_large("nothing behind", "", "", "");
	check_nested_damage("[", 100);
	check_nested_damage("{\"a\":[\n", 50000);
	check_nested_damage("{\"resourceSpans\":5,\"a\":[\n", 50000);
	check_nested_damage("{\"resourceMetrics\":[[[\n", 50000);
	return done_testing();
}
