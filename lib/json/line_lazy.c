/* The head of a span line, up to the last of its fields that is needed. */
#include "line_lazy_ids.h"
#include "line_lazy_times.h"
#include "line_read.h"
#include <stdlib.h>

/* Behind the times are what attributes need, and fields that no bit has. */
enum { NEEDS_TIMES = SL_NEED_TIMES | SL_NEED_ATTRIBUTES };

/* No line with all that is always written is shorter. */
enum { SHORTEST = 160 };

/* The first 16 of 19 digits, a bit each: times that agree in them differ by less than `least`. */
static unsigned digits_below(int64_t least)
{
	unsigned count = 19;

	for (int64_t power = 1; power <= least / 10; power *= 10)
		count--;
	return least > 0 && count <= 16 ? (1U << count) - 1 : 0;
}

/* Of a time that has more digits, only that it is late. */
static struct line_lazy_digits digits_of(uint64_t ns)
{
	const uint64_t most = UINT64_C(9999999999999999999);
	struct line_lazy_digits digits = { 0, 0 };
	char text[TIME_DIGITS];

	if (ns > most)
		ns = most;
	for (size_t i = TIME_DIGITS; i-- > 0; ns /= 10)
		text[i] = (char)('0' + ns % 10);
	for (size_t i = 0; i < 8; i++) {
		digits.first = digits.first << 8 | (unsigned char)text[i];
		digits.second = digits.second << 8 | (unsigned char)text[8 + i];
	}
	return digits;
}

static void take_tests(struct line_lazy *lazy, const struct sl_head_tests *tests)
{
	lazy->tests = tests != NULL ? *tests : sl_head_tests_none;
	lazy->tested = tests != NULL;
	lazy->same_digits = digits_below(lazy->tests.least_ns);
	lazy->start_tested =
		lazy->tests.least_start_ns > 0 || lazy->tests.most_start_ns < UINT64_MAX;
	lazy->least_start = digits_of(lazy->tests.least_start_ns);
	lazy->most_start = digits_of(lazy->tests.most_start_ns);
}

/* What may be absent. */
static const struct {
	unsigned need;
	struct sl_slice key;
} absent[ABSENT_COUNT] = {
	{ SL_NEED_PARENT_SPAN_ID, { "\"parent_span_id\"", 16 } },
	{ SL_NEED_STATUS_MESSAGE, { "\"status_message\"", 16 } },
	{ SL_NEED_KIND, { "\"kind\"", 6 } },
};

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
	/* without the first quote there are fewer candidates */
	lazy->exact_key = sl_literal_of(SL_SLICE("exact\""));
	for (size_t i = 0; i < ABSENT_COUNT; i++)
		lazy->absent_keys[i] = sl_literal_of(absent[i].key);
}

/* A line can be looked at that begins at `at`: for its ids, without asking for its end. */
HOT bool may_begin_line(const char *at, const char *end)
{
	return end - at >= SHORTEST && BEGINS(at, LINE_LAZY_START);
}

/* The search for an attribute has come to the end of a line without one. */
static bool pass_newline(void *context, const char *at, const char *end)
{
	struct line_lazy *lazy = context;

	if (lazy->one_line || at[-1] != '}' || !may_begin_line(at + 1, end))
		return false;
	lazy->passed++;
	lazy->line = at + 1;
	return true;
}

struct line_lazy *line_lazy_open(const struct sl_decode_options *options, struct line_reader *lines,
				 struct sl_notes *notes)
{
	struct line_lazy *lazy = calloc(1, sizeof(*lazy));

	if (lazy == NULL)
		return NULL;
	if (!line_needle_init(&lazy->needle, &options->attribute)) {
		line_lazy_close(lazy);
		return NULL;
	}
	lazy->needs = options->needs;
	take_tests(lazy, options->tests);
	lazy->needle.literal.goes_on = pass_newline;
	lazy->needle.literal.context = lazy;
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
	line_needle_free(&lazy->needle);
	sl_arena_free(&lazy->arena);
	free(lazy);
}

/* "name" and "service"; *at is where the first of them would be. */
HOT enum line_step take_names(struct line_lazy *lazy, const char **at)
{
	enum line_step step;

	if (SL_UNLIKELY(!BEGINS(*at, ",\"name\":\"")))
		return STEP_OTHER;
	*at += LENGTH(",\"name\":");
	step = take_string(lazy, SL_NEED_NAME, lazy->tests.name, &lazy->span.name, at);
	if (step != STEP_ON)
		return step;
	if (SL_UNLIKELY(!BEGINS(*at, ",\"service\":\"")))
		return needs(lazy, SL_NEED_SERVICE) ? STEP_OTHER : STEP_ON;
	*at += LENGTH(",\"service\":");
	return take_service(lazy, at);
}

/* "kind", which may stand elsewhere. */
HOT enum line_step take_kind_member(struct line_lazy *lazy, const char **at)
{
	if (SL_LIKELY(BEGINS(*at, ",\"kind\":\""))) {
		enum line_step step;

		*at += LENGTH(",\"kind\":");
		step = take_kind(lazy, at);
		return step;
	}
	lazy->missed |= SL_NEED_KIND;
	lazy->span.kind = SL_KIND_UNSPECIFIED;
	return STEP_ON;
}

HOT enum line_step take_status_member(struct line_lazy *lazy, const char **at)
{
	if (SL_UNLIKELY(!BEGINS(*at, ",\"status\":\"")))
		return STEP_OTHER;
	*at += LENGTH(",\"status\":");
	return take_status(lazy, at);
}

HOT enum line_step take_message(struct line_lazy *lazy, const char **at)
{
	if (SL_LIKELY(BEGINS(*at, ",\"start\":\"") && !needs(lazy, SL_NEED_STATUS_MESSAGE)))
		return STEP_ON;
	if (SL_UNLIKELY(BEGINS(*at, ",\"status_message\":\""))) {
		*at += LENGTH(",\"status_message\":");
		return take_string(lazy, SL_NEED_STATUS_MESSAGE, (struct sl_slice){ NULL, 0 },
				   &lazy->span.status_message, at);
	}
	lazy->missed |= SL_NEED_STATUS_MESSAGE;
	lazy->span.status_message.len = 0;
	return STEP_ON;
}

static inline const char *take_nanos(struct line_lazy *lazy, const char *quote, uint64_t *ns)
{
	struct sl_cursor cursor = { .at = quote, .end = lazy->end };

	if (!needs(lazy, SL_NEED_TIMES))
		return pass_text(lazy, quote);
	return sl_cursor_plain_unsigned(&cursor, ns) ? cursor.at : NULL;
}

/* From "start" to behind "end_unix_nano", however they are written; or NULL. */
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

HOT enum line_step take_times(struct line_lazy *lazy, const char **at)
{
	enum line_step step = STEP_OTHER;

	if (SL_LIKELY(BEGINS(*at, ",\"start\":\"")))
		step = take_usual_times(lazy, at);
	if (SL_LIKELY(step != STEP_OTHER))
		return step;
	*at = take_odd_times(lazy, *at);
	if (*at == NULL)
		return STEP_OTHER;
	return needs(lazy, SL_NEED_TIMES) && !are_wanted_times(lazy) ? STEP_FAILED : STEP_ON;
}

/* Where the attributes are, if they are behind the times or the flags; `at` is there. */
HOT void look_for_attributes(struct line_lazy *lazy, const char *at)
{
	if (BEGINS(at, ",\"flags\":")) {
		at += LENGTH(",\"flags\":");
		while (*at >= '0' && *at <= '9' && at < lazy->end)
			at++;
	}
	if (SL_LIKELY(BEGINS(at, ",\"attributes\":{")))
		lazy->lists = lazy->attributes = at + LENGTH(",\"attributes\":");
}

/* The head up to the last field that is needed; `next` is the key that may stand behind it. */
HOT enum line_step end_head(struct line_lazy *lazy, enum line_key next)
{
	lazy->next = next;
	return STEP_ON;
}

/* "status" and "status_message", to where "start" is, if times are needed. */
HOT enum line_step take_state(struct line_lazy *lazy, const char **at)
{
	enum line_step step;

#ifdef SL_SSE2
	if (SL_LIKELY(lazy->needs >= SL_NEED_TIMES) &&
	    !needs(lazy, SL_NEED_STATUS | SL_NEED_STATUS_MESSAGE) && pass_unset(at))
		return STEP_ON;
#endif
	step = take_status_member(lazy, at);
	if (step != STEP_ON)
		return step;
	if (lazy->needs < SL_NEED_STATUS_MESSAGE)
		return end_head(lazy, LINE_STATUS_MESSAGE);
	step = take_message(lazy, at);
	if (step != STEP_ON || needs(lazy, NEEDS_TIMES))
		return step;
	return end_head(lazy, LINE_START);
}

/* To behind the last field that is needed; lazy->end is behind everything. */
HOT enum line_step take_head(struct line_lazy *lazy, const char **at)
{
	enum line_step step = STEP_OTHER;
	const char *service = NULL;

	if (lazy->needs == SL_NEED_TIMES) {
		step = take_only_times(lazy, at, &service);
		if (SL_LIKELY(step == STEP_FAILED))
			return step;
	}
	lazy->missed = 0;
	lazy->service = service;
	lazy->attributes = lazy->lists = NULL;
	if (SL_UNLIKELY(lazy->arena_used))
		forget_arena(lazy);
	if (step == STEP_ON)
		return end_head(lazy, LINE_TRACE_STATE);
	if (SL_UNLIKELY(lazy->needs == 0))
		return end_head(lazy, LINE_TRACE_ID);
	step = take_ids(lazy, at);
	if (step != STEP_ON)
		return step;
	if (lazy->needs < SL_NEED_NAME)
		return end_head(lazy, LINE_NAME);
	step = take_names(lazy, at);
	if (step != STEP_ON)
		return step;
	if (lazy->needs < SL_NEED_KIND)
		return end_head(lazy, LINE_KIND);
	step = take_kind_member(lazy, at);
	if (step != STEP_ON)
		return step;
	step = take_state(lazy, at);
	if (step != STEP_ON || !needs(lazy, NEEDS_TIMES))
		return step;
	step = take_times(lazy, at);
	if (step != STEP_ON)
		return step;
	if (needs(lazy, SL_NEED_ATTRIBUTES))
		look_for_attributes(lazy, *at);
	return end_head(lazy, LINE_TRACE_STATE);
}

/* Of those needs none stands elsewhere, behind `at`. */
static bool is_missing(struct line_lazy *lazy, const char *at, unsigned missed)
{
	for (size_t i = 0; i < ABSENT_COUNT; i++) {
		if ((missed & absent[i].need) == 0 ||
		    sl_scan_literal(at, lazy->end, &lazy->absent_keys[i]) == lazy->end)
			continue;
		/* perhaps in a value: only when all keys are in order it is not one of them */
		return line_lazy_find(lazy, LINE_KEY_COUNT) == PLACE_NONE;
	}
	return true;
}

/* What is missing is not what the tests want. */
static bool fails_missing(const struct line_lazy *lazy)
{
	const struct sl_head_tests *tests = &lazy->tests;

	return ((lazy->missed & SL_NEED_PARENT_SPAN_ID) != 0 && tests->parent_span_id.wanted &&
		tests->parent_span_id.size != 0) ||
	       ((lazy->missed & SL_NEED_KIND) != 0 &&
		!is_wanted_number(tests->kinds, SL_KIND_UNSPECIFIED));
}

/* The line's end, behind its head that ends before `at`, where something is missing: mostly one
 * thing, which is looked for on the way. */
static bool find_end_and_missed(struct line_lazy *lazy, const char *at, unsigned *missed)
{
	const char *stop;
	size_t i = 0;

	while ((*missed & absent[i].need) == 0)
		i++;
	stop = sl_scan_literal(at, lazy->end, &lazy->absent_keys[i]);
	if (stop == lazy->end || !find_end(lazy, stop))
		return false;
	if (stop == lazy->end)
		*missed &= ~absent[i].need;
	return true;
}

/* The rest of a line whose head is taken up to `at`; `ended`: lazy->end is its end. */
HOT enum line_lazy_outcome take_rest(struct line_lazy *lazy, const char *at, bool ended)
{
	unsigned missed = lazy->missed & lazy->needs;

	lazy->walked = lazy->pending = lazy->read_whole = lazy->in_any_order = false;
	lazy->tail = 0;
	if (SL_UNLIKELY(missed != 0)) {
		if (!ended && !find_end_and_missed(lazy, at, &missed))
			return LAZY_OTHER;
	} else if (!ended && !find_end(lazy, at)) {
		return LAZY_OTHER;
	}
	lazy->at = at;
	if (SL_LIKELY((lazy->missed & lazy->needs) == 0))
		return LAZY_SPAN;
	if (!is_missing(lazy, at, missed))
		return LAZY_OTHER;
	return fails_missing(lazy) ? LAZY_PASSED : LAZY_SPAN;
}

/* To the end of the line at `at`, or of one behind it, that holds such an attribute. */
static enum line_lazy_outcome find_attribute(struct line_lazy *lazy, const char *at,
					     const char *end)
{
	const char *stop = line_needle_find(&lazy->needle, at, end);

	if (stop == end)
		return LAZY_OTHER;
	if (*stop == '\n')
		return ends_at(lazy, stop) ? LAZY_PASSED : LAZY_OTHER;
	return find_end(lazy, stop) ? LAZY_SPAN : LAZY_OTHER;
}

void line_lazy_start(struct line_lazy *lazy, struct sl_slice block)
{
	const char *end = block.data + block.len, *newline = sl_find_last(block.data, end, '\n');

	lazy->begin = block.data;
	lazy->block_end = end;
	lazy->lines_end = newline != NULL ? newline + 1 : block.data;
}

/* The line at `at`. */
HOT enum line_lazy_outcome take_line(struct line_lazy *lazy, const char *end, bool searched)
{
	enum line_lazy_outcome outcome = LAZY_SPAN;
	enum line_step step;
	const char *stop;

	lazy->end = end;
	/* tests of the head take less than a search */
	if (searched && !lazy->tested)
		outcome = find_attribute(lazy, lazy->line, end);
	stop = lazy->line;
	if (outcome != LAZY_SPAN)
		return outcome;
	step = take_head(lazy, &stop);
	if (SL_UNLIKELY(step == STEP_OTHER))
		return LAZY_OTHER;
	if (step == STEP_FAILED)
		return find_end(lazy, stop) ? LAZY_PASSED : LAZY_OTHER;
	if (searched && lazy->tested)
		outcome = find_attribute(lazy, lazy->line, end);
	if (outcome != LAZY_SPAN)
		return outcome;
	lazy->span.line.data = lazy->line;
	return take_rest(lazy, stop, searched);
}

/* The lines from `at` on. */
HOT enum line_lazy_outcome take_lines(struct line_lazy *lazy, const char *at)
{
	const char *const end = lazy->lines_end;
	const bool searched = lazy->needle.text.len > 0;
	/* from here on no line begins that is long enough */
	const char *const stop = end - lazy->begin >= SHORTEST ? end - SHORTEST + 1 : lazy->begin;
	enum line_lazy_outcome outcome = LAZY_PASSED;

	lazy->passed = 0;
	lazy->line = at;
	lazy->one_line = lazy->tested; /* the head of each is first */
	while (SL_LIKELY(lazy->line < stop && BEGINS(lazy->line, LINE_LAZY_START))) {
		outcome = take_line(lazy, end, searched);
		if (outcome != LAZY_PASSED)
			break;
		lazy->passed++;
		lazy->line = lazy->end + 1;
	}
	if (outcome == LAZY_SPAN)
		lazy->span.line.len = (size_t)(lazy->end - lazy->line);
	return outcome == LAZY_PASSED && lazy->passed == 0 ? LAZY_OTHER : outcome;
}

#ifdef SL_SSE2
/* The same steps take fewer instructions. */
__attribute__((target("avx2"))) static enum line_lazy_outcome
take_lines_avx2(struct line_lazy *lazy, const char *at)
{
	return take_lines(lazy, at);
}
#endif

static enum line_lazy_outcome take_lines_anywhere(struct line_lazy *lazy, const char *at)
{
	return take_lines(lazy, at);
}

enum line_lazy_outcome line_lazy_read(struct line_lazy *lazy, const char *at)
{
#ifdef SL_SSE2
	if (SL_LIKELY(__builtin_cpu_supports("avx2")))
		return take_lines_avx2(lazy, at);
#endif
	return take_lines_anywhere(lazy, at);
}
