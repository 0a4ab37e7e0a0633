/* The head of a span line, up to the last of its fields that is needed. */
#include "line_lazy_early.h"
#include <stdlib.h>

/* Behind the times are what attributes need, and fields that no bit has. */
enum { NEEDS_TIMES = SL_NEED_TIMES | SL_NEED_ATTRIBUTES };

/* No line with all that is always written is shorter. */
enum { SHORTEST = 160 };

static struct sl_slice text_of(const char *name)
{
	return (struct sl_slice){ name, name != NULL ? strlen(name) : 0 };
}

static void take_tests(struct line_lazy *lazy, const struct sl_head_tests *tests)
{
	lazy->tests = *tests;
	lazy->kind_text = text_of(tests->kind >= 0 ? sl_kind_name(tests->kind) : NULL);
	lazy->status_text = text_of(tests->status >= 0 ? sl_status_name(tests->status) : NULL);
	lazy->tested = tests->name.data != NULL || tests->service.data != NULL ||
		       lazy->kind_text.data != NULL || lazy->status_text.data != NULL;
}

struct line_lazy *line_lazy_open(const struct sl_decode_options *options, struct line_reader *lines,
				 struct sl_notes *notes)
{
	struct line_lazy *lazy = calloc(1, sizeof(*lazy));

	if (lazy == NULL)
		return NULL;
	lazy->needs = options->needs;
	lazy->literal = options->literal;
	if (options->tests != NULL)
		take_tests(lazy, options->tests);
	lazy->lines = lines;
	lazy->notes = notes;
	lazy->span = sl_span_empty;
	lazy->span.lazy = &line_lazy_access;
	lazy->status = SL_OK;
	if ((options->needs & SL_NEED_TRACE_ID) != 0)
		lazy->span.trace_id = (struct sl_slice){ lazy->trace_id, sizeof(lazy->trace_id) };
	if ((options->needs & SL_NEED_SPAN_ID) != 0)
		lazy->span.span_id = (struct sl_slice){ lazy->span_id, sizeof(lazy->span_id) };
	if ((options->needs & SL_NEED_SERVICE) != 0) {
		lazy->service_name.key = SL_SLICE("service.name");
		lazy->service_name.value.type = SL_VALUE_STRING;
		lazy->resource.present = true;
		lazy->resource.attributes = (struct sl_attributes){ &lazy->service_name, 1 };
		lazy->span.resource = &lazy->resource;
	}
	return lazy;
}

void line_lazy_close(struct line_lazy *lazy)
{
	if (lazy == NULL)
		return;
	sl_arena_free(&lazy->arena);
	free(lazy);
}

static inline bool needs(const struct line_lazy *lazy, unsigned bits)
{
	return (lazy->needs & bits) != 0;
}

/* The 16 digits of an id, into `id` unless that is NULL. */
static inline bool take_digits(const char *at, char *id)
{
	return id == NULL ? are_plain(at, at) : sl_parse_hex((struct sl_slice){ at, 16 }, id);
}

/* The 32 digits of the id of a trace. */
static inline bool take_trace(const char *at, char *id)
{
	return id == NULL ? are_plain(at, at + 16) : sl_parse_hex((struct sl_slice){ at, 32 }, id);
}

static inline const char *take_parent(struct line_lazy *lazy, const char *at)
{
	const size_t len = LENGTH(",\"parent_span_id\":\"");
	bool needed = needs(lazy, SL_NEED_PARENT_SPAN_ID);

	if (SL_UNLIKELY(!BEGINS(at, ",\"parent_span_id\":\""))) {
		lazy->missed |= SL_NEED_PARENT_SPAN_ID;
		lazy->span.parent_span_id.len = 0;
		return at;
	}
	at += len;
	if (SL_UNLIKELY(at[16] != '"' || !take_digits(at, needed ? lazy->parent_span_id : NULL)))
		return NULL;
	if (needed)
		lazy->span.parent_span_id = (struct sl_slice){ lazy->parent_span_id, 8 };
	return at + 17;
}

/* From the line's first byte to the one behind the ids. */
static inline const char *take_ids(struct line_lazy *lazy, const char *at)
{
	const char *trace = at + LENGTH(LINE_LAZY_START);
	const char *span = trace + 32 + LENGTH("\",\"span_id\":\"");
	if (SL_UNLIKELY(!BEGINS(trace + 32, "\",\"span_id\":\"") || span[16] != '"' ||
			!take_trace(trace, needs(lazy, SL_NEED_TRACE_ID) ? lazy->trace_id : NULL) ||
			!take_digits(span, needs(lazy, SL_NEED_SPAN_ID) ? lazy->span_id : NULL)))
		return NULL;
	return take_parent(lazy, span + 17);
}

/* Text that holds U+FFFD may stand for another, which `exact` tells. */
static bool may_be_exact(struct sl_slice text)
{
	const char *at = text.data, *end = text.data + text.len;

	while (end - at >= 3 && (at = memchr(at, 0xef, (size_t)(end - at) - 2)) != NULL) {
		if (at[1] == '\xbf' && at[2] == '\xbd')
			return true;
		at++;
	}
	return false;
}

/* Text with escapes. */
SLOW_PATH static const char *decode_text(struct line_lazy *lazy, const char *quote,
					 struct sl_slice *text)
{
	struct sl_notes ignored = { { 0 }, { 0 } };
	struct cursor cursor = { .at = quote,
				 .begin = quote,
				 .end = lazy->end,
				 .arena = &lazy->arena,
				 .notes = &ignored };

	lazy->arena_used = true;
	if (!scan_string(&cursor, text) || cursor.noted || may_be_exact(*text))
		return NULL;
	return cursor.at;
}

/* The string whose opening quote is at `quote`: behind its closing quote, or NULL.  *high is not 0
 * if it is not ASCII. */
static inline const char *take_text(struct line_lazy *lazy, const char *quote,
				    struct sl_slice *text, unsigned *high)
{
	const char *start = quote + 1, *stop = sl_scan_string(start, lazy->end, high);

	if (SL_UNLIKELY(*stop != '"' || stop >= lazy->end)) {
		*high = 0x80;
		return decode_text(lazy, quote, text);
	}
	*text = (struct sl_slice){ start, (size_t)(stop - start) };
	return SL_UNLIKELY(*high != 0) && may_be_exact(*text) ? NULL : stop + 1;
}

static inline const char *pass_text(struct line_lazy *lazy, const char *quote)
{
	const char *stop = find_quote(quote + 1, lazy->end);

	if (SL_LIKELY(*stop == '"' && stop < lazy->end))
		return stop + 1;
	return line_lazy_skip_text(stop, lazy->end);
}

/* The string at `quote`, into *text if that bit is needed. */
static inline const char *take_or_pass(struct line_lazy *lazy, const char *quote, unsigned need,
				       struct sl_slice *text)
{
	unsigned high = 0;

	return needs(lazy, need) ? take_text(lazy, quote, text, &high) : pass_text(lazy, quote);
}

static inline const char *take_service(struct line_lazy *lazy, const char *quote)
{
	struct sl_slice *text = &lazy->service_name.value.text;
	unsigned high = 0;

	lazy->service = quote;
	if (!needs(lazy, SL_NEED_SERVICE))
		return pass_text(lazy, quote);
	quote = take_text(lazy, quote, text, &high);
	lazy->resource.service = &lazy->service_name;
	if (SL_UNLIKELY(high != 0) && quote != NULL)
		sl_resource_settle(&lazy->resource);
	return quote;
}

/* The name at `at`, which is behind the quote: what `parse` makes of it. */
static inline const char *take_enum(struct line_lazy *lazy, const char *quote,
				    int32_t (*parse)(struct sl_slice name), int32_t *number)
{
	const char *stop = find_quote(quote + 1, lazy->end);

	if (*stop != '"' || stop >= lazy->end)
		return NULL;
	*number = parse((struct sl_slice){ quote + 1, (size_t)(stop - quote) - 1 });
	return *number >= 0 ? stop + 1 : NULL;
}

/* "name" and "service"; `at` is where the first of them would be. */
static inline const char *take_names(struct line_lazy *lazy, const char *at)
{
	const char *quote = at + LENGTH(",\"name\":");

	if (SL_UNLIKELY(!BEGINS(at, ",\"name\":\"")))
		return NULL;
	at = take_or_pass(lazy, quote, SL_NEED_NAME, &lazy->span.name);
	if (SL_UNLIKELY(at == NULL))
		return NULL;
	quote = at + LENGTH(",\"service\":");
	if (SL_UNLIKELY(!BEGINS(at, ",\"service\":\"")))
		return needs(lazy, SL_NEED_SERVICE) ? NULL : at;
	return take_service(lazy, quote);
}

static inline const char *take_kind(struct line_lazy *lazy, const char *at)
{
	const char *quote = at + LENGTH(",\"kind\":");

	if (SL_UNLIKELY(!BEGINS(at, ",\"kind\":\""))) {
		lazy->missed |= SL_NEED_KIND;
		lazy->span.kind = SL_KIND_UNSPECIFIED;
		return at;
	}
	if (!needs(lazy, SL_NEED_KIND))
		return pass_text(lazy, quote);
	return take_enum(lazy, quote, sl_kind_parse, &lazy->span.kind);
}

static inline const char *take_status(struct line_lazy *lazy, const char *at)
{
	const char *quote = at + LENGTH(",\"status\":");

	if (SL_UNLIKELY(!BEGINS(at, ",\"status\":\"")))
		return NULL;
	if (BEGINS(quote, "\"unset\"")) {
		lazy->span.status_code = SL_STATUS_UNSET;
		return quote + LENGTH("\"unset\"");
	}
	if (BEGINS(quote, "\"error\"")) {
		lazy->span.status_code = SL_STATUS_ERROR;
		return quote + LENGTH("\"error\"");
	}
	lazy->span.status_code = SL_STATUS_OK;
	return BEGINS(quote, "\"ok\"") ? quote + LENGTH("\"ok\"") : NULL;
}

static inline const char *take_message(struct line_lazy *lazy, const char *at)
{
	if (SL_UNLIKELY(BEGINS(at, ",\"status_message\":\"")))
		return take_or_pass(lazy, at + LENGTH(",\"status_message\":"),
				    SL_NEED_STATUS_MESSAGE, &lazy->span.status_message);
	lazy->missed |= SL_NEED_STATUS_MESSAGE;
	lazy->span.status_message.len = 0;
	return at;
}

static inline const char *take_nanos(struct line_lazy *lazy, const char *quote, uint64_t *ns)
{
	struct cursor cursor = { .at = quote, .end = lazy->end };

	if (!needs(lazy, SL_NEED_TIMES))
		return pass_text(lazy, quote);
	return scan_plain_unsigned(&cursor, ns) ? cursor.at : NULL;
}

/* From "start" to "end_unix_nano". */
__attribute__((noinline)) static const char *take_times(struct line_lazy *lazy, const char *at)
{
	struct sl_span *span = &lazy->span;

	if (!BEGINS(at, ",\"start\":\""))
		return NULL;
	at = pass_text(lazy, at + LENGTH(",\"start\":"));
	if (at == NULL || !BEGINS(at, ",\"duration_ms\":"))
		return NULL;
	at += LENGTH(",\"duration_ms\":");
	if (*at != '-' && (*at < '0' || *at > '9'))
		return NULL;
	while ((unsigned char)*at > ',' && *at != '}' && at < lazy->end)
		at++;
	if (!BEGINS(at, ",\"start_unix_nano\":\""))
		return NULL;
	at = take_nanos(lazy, at + LENGTH(",\"start_unix_nano\":"), &span->start_unix_nano);
	if (at == NULL || !BEGINS(at, ",\"end_unix_nano\":\""))
		return NULL;
	return take_nanos(lazy, at + LENGTH(",\"end_unix_nano\":"), &span->end_unix_nano);
}

/* Where the attributes are, if they are behind the times or the flags; `at` is there. */
static inline void look_for_attributes(struct line_lazy *lazy, const char *at)
{
	if (BEGINS(at, ",\"flags\":")) {
		at += LENGTH(",\"flags\":");
		while (*at >= '0' && *at <= '9' && at < lazy->end)
			at++;
	}
	if (SL_LIKELY(BEGINS(at, ",\"attributes\":{")))
		lazy->attributes = at + LENGTH(",\"attributes\":");
}

static inline bool fails_duration(struct line_lazy *lazy)
{
	int64_t ns = sl_span_duration_ns(&lazy->span);

	if (lazy->tests.on_duration)
		lazy->failed = ns < lazy->tests.least_ns || ns > lazy->tests.most_ns;
	return lazy->failed;
}

/* Behind the last field that is needed; lazy->end is behind everything.  NULL: it is another line.
 */
static inline const char *take_head(struct line_lazy *lazy, const char *at)
{
	lazy->next = LINE_TRACE_ID;
	if (SL_UNLIKELY(lazy->needs == 0))
		return at;
	at = take_ids(lazy, at);
	lazy->next = LINE_NAME;
	if (at == NULL || lazy->needs < SL_NEED_NAME)
		return at;
	at = take_names(lazy, at);
	lazy->next = LINE_KIND;
	if (at == NULL || lazy->needs < SL_NEED_KIND)
		return at;
	at = take_kind(lazy, at);
	if (at != NULL)
		at = take_status(lazy, at);
	lazy->next = LINE_STATUS_MESSAGE;
	if (at == NULL || lazy->needs < SL_NEED_STATUS_MESSAGE)
		return at;
	at = take_message(lazy, at);
	lazy->next = LINE_START;
	if (at == NULL || !needs(lazy, NEEDS_TIMES))
		return at;
	lazy->next = LINE_TRACE_STATE;
	at = take_times(lazy, at);
	if (at != NULL && !fails_duration(lazy) && needs(lazy, SL_NEED_ATTRIBUTES))
		look_for_attributes(lazy, at);
	return at;
}

/*
 * The line that is at `at` ends at lazy->end: with '}', and a document or nothing follows.  As
 * within a document only ',', '}' and ']' may follow a bracket that closes, it does not go on
 * there.
 */
static inline bool find_end(struct line_lazy *lazy, const char *at, const char *end)
{
	const char *newline = at < end && *at == '\n' ? at : sl_find_newline(at, end);

	if (newline == end || newline[-1] != '}' || (newline + 1 < end && newline[1] != '{'))
		return false;
	lazy->end = newline;
	return true;
}

/* Of what is needed and is not at its place, none stands elsewhere. */
SLOW_PATH static bool is_missing(struct line_lazy *lazy)
{
	static const struct {
		unsigned need;
		struct sl_slice key;
	} keys[] = {
		{ SL_NEED_PARENT_SPAN_ID, { "\"parent_span_id\"", 16 } },
		{ SL_NEED_KIND, { "\"kind\"", 6 } },
		{ SL_NEED_STATUS_MESSAGE, { "\"status_message\"", 16 } },
	};

	for (size_t i = 0; i < SL_COUNT(keys); i++) {
		if ((lazy->missed & lazy->needs & keys[i].need) == 0 ||
		    line_lazy_scan(lazy->at, lazy->end, keys[i].key) == lazy->end)
			continue;
		/* perhaps in a value: only when all keys are in order it is not one of them */
		return line_lazy_find(lazy, LINE_KEY_COUNT) == PLACE_NONE;
	}
	return true;
}

/* What is known of the line before. */
static inline void forget(struct line_lazy *lazy)
{
	lazy->missed = 0;
	lazy->failed = false;
	lazy->service = lazy->attributes = NULL;
	lazy->walked = lazy->pending = lazy->read_whole = false;
	if (SL_UNLIKELY(lazy->arena_used)) {
		sl_arena_reset(&lazy->arena);
		lazy->arena_used = false;
	}
}

/* The line has the literal, or an escape that may hide it, and lazy->end is known. */
static enum line_lazy_outcome find_literal(struct line_lazy *lazy, const char *at, const char *end)
{
	const char *stop = line_lazy_scan(at, end, lazy->literal);

	if (stop == end || !find_end(lazy, stop, end))
		return LAZY_OTHER;
	return stop == lazy->end ? LAZY_PASSED : LAZY_SPAN;
}

enum line_lazy_outcome line_lazy_read(struct line_lazy *lazy, const char *begin, const char *at,
				      const char *end)
{
	const char *stop;

	/* the ids are looked at without asking for the end */
	if (SL_UNLIKELY(end - at < SHORTEST))
		return LAZY_OTHER;
	if (lazy->literal.len > 0) {
		enum line_lazy_outcome outcome = find_literal(lazy, at, end);

		if (outcome != LAZY_SPAN)
			return outcome;
		end = lazy->end;
	}
	if (lazy->tested && fails_early(lazy, at, end, &stop) && stop < end)
		return lazy->literal.len > 0 || find_end(lazy, stop, end) ? LAZY_PASSED
									  : LAZY_OTHER;
	forget(lazy);
	lazy->end = end;
	lazy->begin = begin;
	stop = take_head(lazy, at);
	if (SL_UNLIKELY(stop == NULL || stop > end ||
			(lazy->literal.len == 0 && !find_end(lazy, stop, end))))
		return LAZY_OTHER;
	if (lazy->failed)
		return LAZY_PASSED;
	lazy->at = stop;
	lazy->span.line = (struct sl_slice){ at, (size_t)(lazy->end - at) };
	if (SL_UNLIKELY((lazy->missed & lazy->needs) != 0) && !is_missing(lazy))
		return LAZY_OTHER;
	return LAZY_SPAN;
}
