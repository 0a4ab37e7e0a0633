/* The sink: how spans are regrouped and batched, and what each form puts around a request. */
#include "spanline/sink.h"
#include "spanline/text.h"
#include "spanline/wire.h"
#include "tap.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * A span is written "A1x": the resource A, the scope 1, the name x.  The same resource or scope in
 * another spelling has the small letter, or the digit behind a '.'.
 */

static struct sl_attribute pair[] = {
	{ { "p", 1 }, { SL_VALUE_INT, { .integer = 1 } } },
	{ { "q", 1 }, { SL_VALUE_DOUBLE, { .number = 2 } } },
};
static struct sl_attribute pair_turned[] = {
	{ { "q", 1 }, { SL_VALUE_DOUBLE, { .number = 2 } } },
	{ { "p", 1 }, { SL_VALUE_INT, { .integer = 1 } } },
};
static struct sl_attribute list_a[] = {
	{ { "id", 2 }, { SL_VALUE_STRING, { .text = { "A", 1 } } } },
	{ { "map", 3 }, { SL_VALUE_KVLIST, { .list = { pair, 2 } } } },
	{ { "id", 2 }, { SL_VALUE_BOOL, { .boolean = true } } },
};
static struct sl_attribute list_a_turned[] = {
	{ { "id", 2 }, { SL_VALUE_BOOL, { .boolean = true } } },
	{ { "map", 3 }, { SL_VALUE_KVLIST, { .list = { pair_turned, 2 } } } },
	{ { "id", 2 }, { SL_VALUE_STRING, { .text = { "A", 1 } } } },
};
static struct sl_attribute items[] = {
	{ { NULL, 0 }, { SL_VALUE_INT, { .integer = 1 } } },
	{ { NULL, 0 }, { SL_VALUE_DOUBLE, { .number = 2 } } },
};
static struct sl_attribute items_turned[] = {
	{ { NULL, 0 }, { SL_VALUE_DOUBLE, { .number = 2 } } },
	{ { NULL, 0 }, { SL_VALUE_INT, { .integer = 1 } } },
};
static struct sl_attribute list_b[] = { { { "array", 5 },
					  { SL_VALUE_ARRAY, { .list = { items, 2 } } } } };
static struct sl_attribute list_c[] = { { { "array", 5 },
					  { SL_VALUE_ARRAY, { .list = { items_turned, 2 } } } } };
static struct sl_attribute list_d[] = { { { "array", 5 },
					  { SL_VALUE_KVLIST, { .list = { pair, 2 } } } } };
static struct sl_attribute list_e[] = { { { "n", 1 }, { SL_VALUE_INT, { .integer = 2 } } } };
static struct sl_attribute list_f[] = { { { "n", 1 }, { SL_VALUE_DOUBLE, { .number = 2 } } } };
static struct sl_attribute list_g[] = { { { "n", 1 },
					  { SL_VALUE_STRING, { .text = { "2", 1 } } } } };
static struct sl_attribute list_h[] = { { { "n", 1 },
					  { SL_VALUE_BYTES, { .text = { "2", 1 } } } } };

static struct sl_attribute list_i[] = { { { "n", 1 },
					  { SL_VALUE_DOUBLE, { .number = (double)NAN } } } };
static struct sl_attribute list_i_negative[] = {
	{ { "n", 1 }, { SL_VALUE_DOUBLE, { .number = -(double)NAN } } }
};
static struct sl_attribute list_k[] = { { { "n", 1 }, { SL_VALUE_DOUBLE, { .number = 0.0 } } } };
static struct sl_attribute list_l[] = { { { "n", 1 }, { SL_VALUE_DOUBLE, { .number = -0.0 } } } };

static struct sl_entity_ref entity = { .type = { "host", 4 } };

static const struct {
	char letter;
	struct sl_resource resource;
} resources[] = {
	{ 'A', { .present = true, .attributes = { list_a, 3 } } },
	{ 'a', { .present = true, .attributes = { list_a_turned, 3 } } },
	{ 'B', { .present = true, .attributes = { list_b, 1 } } },
	{ 'C', { .present = true, .attributes = { list_c, 1 } } },
	{ 'D', { .present = true, .attributes = { list_d, 1 } } },
	{ 'E', { .present = true, .attributes = { list_e, 1 } } },
	{ 'F', { .present = true, .attributes = { list_f, 1 } } },
	{ 'G', { .present = true, .attributes = { list_g, 1 } } },
	{ 'H', { .present = true, .attributes = { list_h, 1 } } },
	{ 'I', { .present = true, .attributes = { list_i, 1 } } },
	{ 'i', { .present = true, .attributes = { list_i_negative, 1 } } },
	{ 'K', { .present = true, .attributes = { list_k, 1 } } },
	{ 'L', { .present = true, .attributes = { list_l, 1 } } },
	{ 'N', { .present = false } },
	{ 'M', { .present = true } },
	{ 'U', { .present = false, .schema_url = { "u", 1 } } },
	{ 'V', { .present = true, .schema_url = { "u", 1 } } },
	{ 'W', { .present = true, .dropped_attributes_count = 1 } },
	{ 'X', { .present = true, .entity_refs = &entity, .entity_ref_count = 1 } },
};

static const struct {
	char digit;
	struct sl_scope scope;
} scopes[] = {
	{ '0', { .present = false } },
	{ '1', { .present = true, .name = { "n", 1 } } },
	{ '2', { .present = true, .version = { "n", 1 } } },
	{ '3', { .present = true, .schema_url = { "n", 1 } } },
	{ '4', { .present = false, .schema_url = { "n", 1 } } },
	{ '5', { .present = true } },
	{ '6', { .present = true, .attributes = { list_a, 3 } } },
	{ '7', { .present = true, .dropped_attributes_count = 3 } },
	{ '.', { .present = true, .attributes = { list_a_turned, 3 } } }, /* as '6' */
};

static void find_resource(char letter, struct sl_resource *resource)
{
	for (size_t i = 0; i < SL_COUNT(resources); i++)
		if (resources[i].letter == letter)
			*resource = resources[i].resource;
	sl_resource_settle(resource);
}

static void find_scope(char digit, struct sl_scope *scope)
{
	for (size_t i = 0; i < SL_COUNT(scopes); i++)
		if (scopes[i].digit == digit)
			*scope = scopes[i].scope;
}

static bool resource_is(const struct sl_resource *a, const struct sl_resource *b)
{
	return a->present == b->present && sl_slice_equal(a->schema_url, b->schema_url) &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       a->entity_ref_count == b->entity_ref_count &&
	       sl_attributes_equal(a->attributes, b->attributes);
}

static bool scope_is(const struct sl_scope *a, const struct sl_scope *b)
{
	return a->present == b->present && sl_slice_equal(a->name, b->name) &&
	       sl_slice_equal(a->version, b->version) &&
	       sl_slice_equal(a->schema_url, b->schema_url) &&
	       a->dropped_attributes_count == b->dropped_attributes_count &&
	       sl_attributes_equal(a->attributes, b->attributes);
}

/* The span in the notation of the rows, the first spelling that fits. */
static void describe(const struct sl_span *span, struct sl_buffer *out)
{
	char resource = '?', scope = '?';

	for (size_t i = SL_COUNT(resources); i-- > 0;)
		if (resource_is(&resources[i].resource, span->resource))
			resource = resources[i].letter;
	for (size_t i = SL_COUNT(scopes); i-- > 0;)
		if (scope_is(&scopes[i].scope, span->scope))
			scope = scopes[i].digit;
	sl_buffer_printf(out, " %c%c%.*s", resource, scope, (int)span->name.len, span->name.data);
}

/* A packer and a sink, and what is on its way between them. */
struct encoding {
	struct sl_packer *packer;
	struct sl_sink *sink;
	struct sl_buffer packed;
	struct sl_notes notes;
};

static struct sl_sink_options in_batches(const char *to, size_t spans, size_t bytes)
{
	return (struct sl_sink_options){ .to = to, .batch_spans = spans, .batch_bytes = bytes };
}

static bool open_encoding(struct encoding *encoding, const struct sl_sink_options *options)
{
	struct sl_error err;

	*encoding = (struct encoding){ 0 };
	return sl_packer_open(&encoding->packer, options->to, &encoding->notes, &err) == SL_OK &&
	       sl_sink_open(&encoding->sink, options, &encoding->notes, &err) == SL_OK;
}

static void close_encoding(struct encoding *encoding)
{
	sl_packer_close(encoding->packer);
	sl_sink_close(encoding->sink);
	sl_buffer_free(&encoding->packed);
}

static bool gather(struct encoding *encoding, struct sl_buffer *out)
{
	struct sl_slice packed = sl_buffer_slice(&encoding->packed);
	struct sl_error err;

	encoding->packed.len = 0;
	return sl_sink_gather(encoding->sink, packed, out, &err) == SL_OK;
}

/* How a row is run. */
enum {
	BY_SERIAL = 1, /* each spelling has its own serial */
	PIECES = 2,    /* what is packed is gathered after every second span */
	WAYS = 4
};

static bool add_spans(struct encoding *encoding, const char *spans, unsigned way,
		      struct sl_buffer *out)
{
	struct sl_error err;
	size_t count = 0;
	bool good = true;

	for (const char *at = spans; *at != '\0' && good; at += at[3] == ' ' ? 4 : 3) {
		struct sl_span span = sl_span_empty;
		struct sl_resource resource = { 0 };
		struct sl_scope scope = { 0 };

		find_resource(at[0], &resource);
		find_scope(at[1], &scope);
		if (way & BY_SERIAL) {
			resource.serial = (unsigned char)at[0];
			scope.serial = (unsigned char)at[0] * 256U + (unsigned char)at[1];
		}
		span.resource = &resource;
		span.scope = &scope;
		span.name = (struct sl_slice){ at + 2, 1 };
		if (at[2] == '!')
			good = gather(encoding, out) &&
			       sl_sink_flush(encoding->sink, out, &err) == SL_OK;
		else
			good = sl_packer_add(encoding->packer, &span, &encoding->packed, &err) ==
			       SL_OK;
		if (good && (way & PIECES) && ++count % 2 == 0)
			good = gather(encoding, out);
	}
	return good && gather(encoding, out) && sl_sink_finish(encoding->sink, out, &err) == SL_OK;
}

static bool run_sink(const struct sl_sink_options *options, const char *spans, unsigned way,
		     struct sl_buffer *out)
{
	struct encoding encoding;
	bool good = open_encoding(&encoding, options) && add_spans(&encoding, spans, way, out);

	close_encoding(&encoding);
	return good;
}

static void describe_request(struct sl_slice request, struct sl_buffer *out)
{
	static const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	char *copy = calloc(1, request.len + SL_PADDING);
	struct sl_notes notes = { 0 };
	struct sl_wire_reader *reader;
	const struct sl_span *span;
	struct sl_error err;

	if (copy == NULL || sl_wire_open(&reader, &options, &notes, &err) != SL_OK)
		abort();
	memcpy(copy, request.data, request.len);
	sl_wire_start(reader, (struct sl_slice){ copy, request.len }, false);
	while (sl_wire_next(reader, &span, &err) == SL_OK)
		describe(span, out);
	sl_wire_close(reader);
	free(copy);
}

/* The requests of be32 output, each between bars. */
static void describe_be32(struct sl_slice bytes, struct sl_buffer *out)
{
	size_t at = 0;

	while (at + 4 <= bytes.len) {
		const unsigned char *length = (const unsigned char *)bytes.data + at;
		size_t len = (size_t)length[0] << 24 | (size_t)length[1] << 16 |
			     (size_t)length[2] << 8 | length[3];

		describe_request((struct sl_slice){ bytes.data + at + 4, len }, out);
		sl_buffer_add_literal(out, " |");
		at += 4 + len;
	}
	sl_buffer_add_byte(out, '\0');
}

static void test_groups(void)
{
	static const struct {
		const char *name, *spans;
		size_t batch_spans, batch_bytes;
		const char *expected;
	} rows[] = {
		{ "nothing", "", 512, 4096, "" },
		{ "one", "A1x", 512, 4096, " A1x |" },
		{ "by resource and scope, in order of first appearance", "A1a B2b A2c B1d A1e B2f",
		  512, 4096, " A1a A1e A2c B2b B2f B1d |" },
		{ "the order of attributes says nothing", "A1a B1b a1c", 512, 4096,
		  " A1a A1c B1b |" },
		{ "nor in a scope", "M6a M1b M.c", 512, 4096, " M6a M6c M1b |" },
		{ "the order of an array does", "B1a C1b B1c", 512, 4096, " B1a B1c C1b |" },
		{ "types are told apart", "E1a F1b G1c H1d E1e", 512, 4096,
		  " E1a E1e F1b G1c H1d |" },
		{ "array and map too", "B1a D1b", 512, 4096, " B1a D1b |" },
		{ "NaN is one, zeros are two", "I1a K1b L1c i1d K1e", 512, 4096,
		  " I1a I1d K1b K1e L1c |" },
		{ "absent, empty and schema urls", "N0a M0b U0c V0d W0e X0f N0g", 512, 4096,
		  " N0a N0g M0b U0c V0d W0e X0f |" },
		{ "so with scopes", "N0a N1b N2c N3d N4e N5f N7g N0h", 512, 4096,
		  " N0a N0h N1b N2c N3d N4e N5f N7g |" },
		{ "a scope belongs to its resource", "A1a B1b A1c", 512, 4096, " A1a A1c B1b |" },
		{ "two spans a batch", "A1a B1b A1c B1d A1e", 2, 4096,
		  " A1a B1b | A1c B1d | A1e |" },
		{ "one span a batch", "A1a A1b A1c", 1, 4096, " A1a | A1b | A1c |" },
		{ "a group may come back in a later batch", "A1a B1b B1c A2d A1e", 2, 4096,
		  " A1a B1b | B1c A2d | A1e |" },
		{ "no byte to spare: each goes alone", "A1a A1b", 512, 1, " A1a | A1b |" },
		{ "bytes end a batch", "N0a N0b N0c N0d N0e N0f N0g", 512, 160,
		  " N0a N0b N0c N0d N0e | N0f N0g |" },
		{ "a flush ends a batch", "A1a N0! A1b", 512, 4096, " A1a | A1b |" },
		{ "a flush of nothing writes nothing", "N0! N0! A1b N0!", 512, 4096, " A1b |" },
	};

	for (size_t i = 0; i < WAYS * SL_COUNT(rows); i++) {
		size_t at = i / WAYS;
		struct sl_sink_options options =
			in_batches("be32", rows[at].batch_spans, rows[at].batch_bytes);
		struct sl_buffer out = { 0 }, got = { 0 };
		bool good = run_sink(&options, rows[at].spans, i % WAYS, &out);

		describe_be32(sl_buffer_slice(&out), &got);
		ok(good && strcmp(got.data, rows[at].expected) == 0, "%s%s%s: '%s'", rows[at].name,
		   i & BY_SERIAL ? ", by serial" : "", i & PIECES ? ", in pieces" : "", got.data);
		sl_buffer_free(&out);
		sl_buffer_free(&got);
	}
}

/* What each form makes of spans without resource and scope, two to a request; bytes as hex. */
static void test_forms(void)
{
#define A		 "0a07120512032a0161"
#define A_B		 "0a0c120a12032a016112032a0162"
#define JSON_SPAN(name)	 "{\"name\":\"" name "\",\"status\":{}}"
#define JSON_LIST(spans) "{\"scopeSpans\":[{\"spans\":[" spans "]}]}"
	static const struct {
		const char *form, *spans, *expected;
		bool hex;
	} rows[] = {
		{ "pb", "", "", true },
		{ "pb", "N0a N0b N0a", A_B A, true },
		{ "be32", "N0a N0b N0a", "0000000e" A_B "00000009" A, true },
		{ "varint", "N0a N0b N0a", "0e" A_B "09" A, true },
		{ "grpc", "N0a N0b N0a", "000000000e" A_B "0000000009" A, true },
		{ "jsonl", "", "", false },
		{ "jsonl", "N0a N0b N0a",
		  "{\"resourceSpans\":[" JSON_LIST(JSON_SPAN("a") "," JSON_SPAN(
			  "b")) "]}\n"
				"{\"resourceSpans\":[" JSON_LIST(JSON_SPAN("a")) "]}\n",
		  false },
		{ "json", "", "{\"resourceSpans\":[]}\n", false },
		{ "json", "N0a N0b N0a",
		  "{\"resourceSpans\":[" JSON_LIST(JSON_SPAN("a") "," JSON_SPAN("b")) "," JSON_LIST(
			  JSON_SPAN("a")) "]}\n",
		  false },
		{ "json", "N0a M1b",
		  "{\"resourceSpans\":[" JSON_LIST(JSON_SPAN(
			  "a")) ",{\"resource\":{},\"scopeSpans\":["
				"{\"scope\":{\"name\":\"n\"},\"spans\":[" JSON_SPAN("b") "]}]}]}\n",
		  false },
		{ "json", "U4a",
		  "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" JSON_SPAN(
			  "a") "],\"schemaUrl\":\"n\"}],\"schemaUrl\":\"u\"}]}\n",
		  false },
		{ "pb", "V3a", "0a110a00120a0a0012032a01611a016e1a0175", true },
		{ "otlp-lines", "N0a N0b",
		  "{\"resourceSpans\":[" JSON_LIST(JSON_SPAN("a")) "]}\n"
								   "{\"resourceSpans\":[" JSON_LIST(
									   JSON_SPAN("b")) "]}\n",
		  false },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_sink_options options = in_batches(rows[i].form, 2, 4096);
		struct sl_buffer out = { 0 }, text = { 0 };
		bool good = run_sink(&options, rows[i].spans, 0, &out);
		char *room = sl_buffer_reserve(&text, 2 * out.len + 1);

		memset(room, 0, 2 * out.len + 1);
		if (rows[i].hex)
			sl_write_hex(room, out.data, out.len);
		else if (out.len != 0)
			memcpy(room, out.data, out.len);
		ok(good && strcmp(room, rows[i].expected) == 0, "%s of '%s'", rows[i].form,
		   rows[i].spans);
		if (strcmp(room, rows[i].expected) != 0)
			printf("# %s\n", room);
		sl_buffer_free(&out);
		sl_buffer_free(&text);
	}
}

static void test_be32_zstd(void)
{
	struct sl_sink_options options = in_batches("be32-zstd", 2, 4096);
	struct sl_inflater *inflater = NULL;
	struct sl_buffer out = { 0 }, message = { 0 };
	struct sl_error err;
	bool good = run_sink(&options, "N0a N0b", 0, &out);

	ok(good && out.len > 8 && memcmp(out.data + 4, "\x28\xb5\x2f\xfd", 4) == 0,
	   "be32-zstd: a frame behind its length");
	ok(good && (unsigned char)out.data[3] == out.len - 4, "the length is that of the frame");
	good = sl_inflate_message(&inflater,
				  &(struct sl_packed_message){
					  SL_CODEC_ZSTD,
					  (struct sl_slice){ out.data + 4, out.len - 4 }, 4096 },
				  &message, &err) == SL_OK;
	ok(good && message.len == 14, "and it holds the request");
	sl_inflater_free(inflater);
	sl_buffer_free(&out);
	sl_buffer_free(&message);
}

/* More groups than are remembered, and resources larger than what is kept of them. */
static void test_many_groups(void)
{
	struct sl_sink_options options = in_batches("pb", 64, SIZE_MAX);
	struct sl_attribute attribute = { { "n", 1 }, { SL_VALUE_INT, { .integer = 0 } } };
	struct sl_resource resource = { .present = true, .attributes = { &attribute, 1 } };
	struct sl_scope scope = { .present = true };
	struct sl_span span = sl_span_empty;
	struct sl_buffer out = { 0 }, got = { 0 };
	struct sl_error err;
	struct encoding encoding;
	bool good = open_encoding(&encoding, &options);
	size_t peak = 0;

	span.resource = &resource;
	span.scope = &scope;
	for (int i = 0; i < 20000 && good; i++) {
		attribute.value.integer = i % 9973;
		good = sl_packer_add(encoding.packer, &span, &encoding.packed, &err) == SL_OK;
		if (i % 300 != 0)
			continue;
		good = good && gather(&encoding, &out);
		peak = out.len > peak ? out.len : peak;
		out.len = 0;
	}
	good = good && gather(&encoding, &out) &&
	       sl_sink_finish(encoding.sink, &out, &err) == SL_OK;
	ok(good && peak < (size_t)364 * 40, "20,000 spans of 9,973 resources: %zu bytes at once",
	   peak);
	close_encoding(&encoding);
	sl_buffer_free(&out);
	sl_buffer_free(&got);
}

/* A group is rendered for each block, but what is odd about it counts once. */
static void test_notes(void)
{
	struct sl_sink_options options = in_batches("jsonl", 64, SIZE_MAX);
	struct sl_resource resource = { .present = true, .schema_url = { "\xff", 1 } };
	struct sl_scope scope = { .present = true, .name = { "\xfe", 1 } };
	struct sl_span span = sl_span_empty;
	struct sl_buffer out = { 0 };
	struct sl_error err;
	struct encoding encoding;
	bool good = open_encoding(&encoding, &options);

	span.resource = &resource;
	span.scope = &scope;
	for (int i = 0; i < 3 && good; i++)
		good = sl_packer_add(encoding.packer, &span, &encoding.packed, &err) == SL_OK &&
		       gather(&encoding, &out);
	ok(good && encoding.notes.count[SL_NOTE_REPLACED_UTF8] == 2,
	   "a resource and a scope with invalid UTF-8, in three blocks: 2 notes");
	close_encoding(&encoding);
	sl_buffer_free(&out);
}

static void test_table(void)
{
	struct sl_sink_options options = in_batches("xml", 1, 1);
	const struct sl_encoding_row *row;
	struct sl_notes notes = { 0 };
	struct sl_packer *packer;
	struct sl_sink *sink;
	struct sl_error err;
	size_t count = 0;

	ok(sl_packer_open(&packer, "xml", &notes, &err) == SL_FAILED && packer == NULL,
	   "a form that is not there: %s", err.text);
	ok(sl_sink_open(&sink, &options, &notes, &err) == SL_FAILED && sink == NULL,
	   "a form that is not there: %s", err.text);
	for (; (row = sl_encoding(count)) != NULL; count++) {
		options.to = row->name;
		ok(sl_sink_open(&sink, &options, &notes, &err) == SL_OK, "%s", row->name);
		sl_sink_close(sink);
	}
	ok(count == 8, "there are 8 forms");
}

int main(void)
{
	test_table();
	test_groups();
	test_forms();
	test_be32_zstd();
	test_many_groups();
	test_notes();
	return done_testing();
}
