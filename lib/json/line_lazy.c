/* The head of a span line, up to the last of its fields that is needed. */
#include "line_lazy_times.h"
#include "line_lazy_values.h"
#include "line_read.h"
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

static void take_keys(struct line_lazy *lazy)
{
	for (size_t i = 0; i < LINE_KEY_COUNT; i++) {
		struct line_lazy_key *key = &lazy->keys[i];
		struct sl_slice text = line_fields[i].key;

		key->len = text.len + 2;
		key->bytes = (UINT32_C(1) << key->len) - 1;
		key->text[0] = key->text[text.len + 1] = '"';
		memcpy(key->text + 1, text.data, text.len);
	}
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
	take_keys(lazy);
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

/* From "start" to "end_unix_nano", however they are written. */
SL_SLOW_PATH static const char *take_odd_times(struct line_lazy *lazy, const char *at)
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

static inline const char *take_times(struct line_lazy *lazy, const char *at)
{
	struct sl_span *span = &lazy->span;
	const char *stop = take_usual_times(at, &span->start_unix_nano, &span->end_unix_nano);

	return SL_LIKELY(stop != NULL) ? stop : take_odd_times(lazy, at);
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

/* Of what is needed and is not at its place, none stands elsewhere. */
SL_SLOW_PATH static bool is_missing(struct line_lazy *lazy)
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
