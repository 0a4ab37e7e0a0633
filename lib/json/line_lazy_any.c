/*
 * Span lines with their keys in any order and with blanks between tokens: one pass over the outline
 * of the line finds where the value of each key is, and only those that are needed are read.
 */
#include "line_lazy_ids.h"

/* Brackets within each other; what is deeper is left to the general reader, which has limits. */
enum { DEEPEST = 60 };

#define NUMBER '0'

/* How the value of each key begins: where it does otherwise, the general reader knows why.  Before
 * the first key there is none. */
static const char forms[LINE_KEY_COUNT + 1] = {
	[LINE_TRACE_ID] = '"',	      [LINE_SPAN_ID] = '"',
	[LINE_PARENT_SPAN_ID] = '"',  [LINE_NAME] = '"',
	[LINE_SERVICE] = '"',	      [LINE_KIND] = '"',
	[LINE_STATUS] = '"',	      [LINE_STATUS_MESSAGE] = '"',
	[LINE_START] = '"',	      [LINE_DURATION_MS] = NUMBER,
	[LINE_START_UNIX_NANO] = '"', [LINE_END_UNIX_NANO] = '"',
	[LINE_TRACE_STATE] = '"',     [LINE_FLAGS] = NUMBER,
	[LINE_ATTRIBUTES] = '{',      [LINE_DROPPED_ATTRIBUTES_COUNT] = NUMBER,
	[LINE_EVENTS] = '[',	      [LINE_DROPPED_EVENTS_COUNT] = NUMBER,
	[LINE_LINKS] = '[',	      [LINE_DROPPED_LINKS_COUNT] = NUMBER,
	[LINE_EXACT] = '{',	      [LINE_SCOPE] = '{',
	[LINE_RESOURCE] = '{',	      [LINE_KEY_COUNT] = '\0',
};

struct pass {
	struct line_lazy *lazy;
	const char *at, *end; /* of what is still to be read */
	uint64_t objects; /* of the brackets that are open, those that are '{'; the last is bit 0 */
	unsigned depth;	  /* how many are open */
	enum line_key key; /* of the member, or LINE_KEY_COUNT before the first */
	const char *last;  /* the bracket that closes the line; or NULL */
};

HOT bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

HOT bool begins_value(char form, char byte)
{
	return byte == form || (form == NUMBER && (is_digit(byte) || byte == '-'));
}

/* The member that ends before `at`, where there is more of the line behind it than its '{'. */
HOT bool ends_value(char form, const char *at)
{
	char last;

	do
		last = *--at;
	while (SL_UNLIKELY(last == ' '));
	if (form == '"')
		return last == '"';
	return form == NUMBER ? is_digit(last) : last == form + ('}' - '{');
}

/* The key stands at `at`, in its quotes. */
HOT bool is_key(const char *at, const struct line_lazy_key *key)
{
#ifdef SL_SSE2
	const __m128i *bytes = (const __m128i *)(const void *)at;
	const __m128i *text = (const __m128i *)(const void *)key->text;
	__m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(bytes), _mm_loadu_si128(text));
	__m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(bytes + 1), _mm_loadu_si128(text + 1));
	unsigned same = (unsigned)_mm_movemask_epi8(low) | (unsigned)_mm_movemask_epi8(high) << 16;

	return (~same & key->bytes) == 0;
#else
	return memcmp(at, key->text, key->len) == 0;
#endif
}

__attribute__((noinline)) static enum line_key find_key(const struct line_lazy *lazy,
							const char *at)
{
	enum line_key key = 0;

	while (key < LINE_KEY_COUNT && !is_key(at, &lazy->keys[key]))
		key++;
	return key;
}

/* The member that begins at `at`, which is not behind the end. */
HOT bool take_member(struct pass *pass, const char *at)
{
	struct line_lazy *lazy = pass->lazy;
	unsigned char *guess = &lazy->followers[pass->key];
	enum line_key key = *guess;

	at = line_lazy_skip_blanks(at, pass->end);
	if (SL_UNLIKELY(!is_key(at, &lazy->keys[key]))) {
		key = find_key(lazy, at);
		if (key == LINE_KEY_COUNT)
			return false;
		*guess = (unsigned char)key;
	}
	pass->key = key;
	at = line_lazy_skip_blanks(at + lazy->keys[key].len, pass->end);
	if (*at != ':')
		return false;
	at = line_lazy_skip_blanks(at + 1, pass->end);
	if (lazy->values[key] != NULL || !begins_value(forms[key], *at))
		return false;
	lazy->values[key] = at;
	return true;
}

/* The bracket at `at` inside the line. */
HOT bool take_bracket(struct pass *pass, const char *at)
{
	if (*at == '{' || *at == '[') {
		pass->objects = pass->objects << 1 | (*at == '{');
		return ++pass->depth > 2 ? pass->depth <= DEEPEST
					 : at == pass->lazy->values[pass->key];
	}
	if ((pass->objects & 1) != (*at == '}'))
		return false;
	pass->objects >>= 1;
	return --pass->depth > 0 || ends_value(forms[pass->key], at);
}

/* The bracket or comma at `at`; of the commas only those between the members of the line. */
HOT bool take_stop(struct pass *pass, const char *at)
{
	if (*at == ',') {
		if (!ends_value(forms[pass->key], at))
			return false;
	} else if (SL_LIKELY(pass->depth > 0)) {
		return take_bracket(pass, at);
	} else {
		pass->objects = pass->depth = 1;
	}
	return take_member(pass, at + 1);
}

/* The 64 bytes at `at`, or those before the line's last bracket. */
HOT bool take_part(struct pass *pass, const char *at, uint64_t brackets, uint64_t commas)
{
	uint64_t stops, left = UINT64_MAX;

	while ((stops = (brackets | (pass->depth == 1 ? commas : 0)) & left) != 0) {
		const char *stop = at + __builtin_ctzll(stops);

		if (!take_stop(pass, stop))
			return false;
		if (pass->depth == 0) {
			pass->last = stop;
			return true;
		}
		left = ~(stops ^ (stops - 1)); /* the bits over the lowest one */
	}
	return true;
}

/* The outline of what comes next: gives how many times 64 bytes.  Of what is behind the end nothing
 * is told. */
HOT size_t outline_next(struct sl_outline *outline, const char *at, const char *end)
{
	size_t len = (size_t)(end - at), count = SL_OUTLINE_MOST;

	if (SL_UNLIKELY(len < (size_t)64 * SL_OUTLINE_MOST))
		count = (len + 63) / 64;
	sl_outline_next(outline, at, count);
	if (SL_UNLIKELY(len < count * 64)) {
		uint64_t before = (UINT64_C(1) << len % 64) - 1;

		outline->brackets[count - 1] &= before;
		outline->commas[count - 1] &= before;
		outline->controls[count - 1] &= before;
	}
	return count;
}

/* A newline follows the line's last bracket, and nothing below 0x20 stands before it. */
HOT bool ends_line(const struct pass *pass, uint64_t controls)
{
	uint64_t before = (UINT64_C(1) << (pass->last - pass->at)) - 1;

	return (controls & before) == 0 && pass->last + 1 < pass->end && pass->last[1] == '\n';
}

/* Over some more of the line: lazy->values has the keys that were met, and pass->last is set at the
 * end.  False: it is another line, or none. */
HOT bool go_on(struct pass *pass, struct sl_outline *outline)
{
	size_t count;

	if (pass->at >= pass->end)
		return false;
	count = outline_next(outline, pass->at, pass->end);
	for (size_t i = 0; i < count; i++, pass->at += 64) {
		uint64_t controls = outline->controls[i];

		if (!take_part(pass, pass->at, outline->brackets[i], outline->commas[i]))
			return false;
		if (pass->last != NULL)
			return ends_line(pass, controls);
		if (controls != 0)
			return false;
	}
	return true;
}

/* All that is always written is there. */
static inline bool is_span(const struct line_lazy *lazy)
{
	const char *const *values = lazy->values;

	return values[LINE_TRACE_ID] != NULL && values[LINE_SPAN_ID] != NULL &&
	       values[LINE_NAME] != NULL && values[LINE_STATUS] != NULL &&
	       values[LINE_START_UNIX_NANO] != NULL && values[LINE_END_UNIX_NANO] != NULL;
}

/* The string at `quote`, if it is whole and without an escape, is another than the wanted one.
 * (Where `exact` says what a text is, it is no UTF-8.) */
static inline bool is_another(const struct line_lazy *lazy, enum line_key key,
			      struct sl_slice wanted)
{
	const char *start = lazy->values[key], *stop;
	unsigned high = 0;

	if (wanted.data == NULL || start == NULL)
		return false;
	stop = sl_scan_string(++start, lazy->end, &high);
	return *stop == '"' && stop < lazy->end &&
	       !is_wanted_text(wanted, (struct sl_slice){ start, (size_t)(stop - start) });
}

/* A name that is known, of a number that is not wanted. */
static inline bool is_another_number(const struct line_lazy *lazy, enum line_key key,
				     int32_t (*parse)(struct sl_slice name), uint32_t wanted)
{
	int32_t number;

	return wanted != UINT32_MAX && lazy->values[key] != NULL &&
	       take_name(lazy, lazy->values[key], parse, &number) != NULL &&
	       !is_wanted_number(wanted, number);
}

/* One of the tests surely fails, by what was met so far. */
static bool fails_test(const struct line_lazy *lazy)
{
	const struct sl_head_tests *tests = &lazy->tests;

	return is_another(lazy, LINE_NAME, tests->name) ||
	       is_another(lazy, LINE_SERVICE, tests->service) ||
	       is_another_number(lazy, LINE_KIND, sl_kind_parse, tests->kinds) ||
	       is_another_number(lazy, LINE_STATUS, sl_status_parse, tests->statuses);
}

/* The same by ids that were taken, those that were met. */
static bool fails_ids(const struct line_lazy *lazy)
{
	const struct sl_head_tests *tests = &lazy->tests;

	return !is_wanted_id(&tests->trace_id, lazy->trace_id, 16) ||
	       !is_wanted_id(&tests->span_id, lazy->span_id, 8) ||
	       (lazy->values[LINE_PARENT_SPAN_ID] != NULL &&
		!is_wanted_id(&tests->parent_span_id, lazy->parent_span_id, 8));
}

/* The same by what a line does not have of which all is known. */
static bool fails_absent(const struct line_lazy *lazy)
{
	const struct sl_head_tests *tests = &lazy->tests;

	return (lazy->values[LINE_PARENT_SPAN_ID] == NULL && tests->parent_span_id.wanted &&
		tests->parent_span_id.size != 0) ||
	       (lazy->values[LINE_KIND] == NULL &&
		!is_wanted_number(tests->kinds, SL_KIND_UNSPECIFIED));
}

/* The value that ends before `at`, if that is not NULL, was all of it. */
static inline bool is_whole(const struct line_lazy *lazy, const char *at)
{
	if (at == NULL)
		return false;
	at = line_lazy_skip_blanks(at, lazy->end);
	return *at == ',' || *at == '}';
}

/* An id of 8 or 16 bytes. */
static inline bool take_id(const struct line_lazy *lazy, enum line_key key, size_t size, char *id)
{
	const char *digits = lazy->values[key] + 1, *last = digits + 2 * size - 16;

	return digits[2 * size] == '"' && sl_parse_hex_sixteen(digits, id) &&
	       sl_parse_hex_sixteen(last, id + size - 8) && is_whole(lazy, digits + 2 * size + 1);
}

/* Those that were met, needed or not: they are checked. */
static bool take_all_ids(struct line_lazy *lazy)
{
	bool has_parent = lazy->values[LINE_PARENT_SPAN_ID] != NULL;

	if (needs(lazy, SL_NEED_PARENT_SPAN_ID))
		lazy->span.parent_span_id =
			(struct sl_slice){ lazy->parent_span_id, has_parent ? 8 : 0 };
	return take_id(lazy, LINE_TRACE_ID, 16, lazy->trace_id) &&
	       take_id(lazy, LINE_SPAN_ID, 8, lazy->span_id) &&
	       (!has_parent || take_id(lazy, LINE_PARENT_SPAN_ID, 8, lazy->parent_span_id));
}

/* A value was taken, and `at` is behind it. */
static inline enum line_step end_of(const struct line_lazy *lazy, enum line_step step,
				    const char *at)
{
	return step != STEP_ON || is_whole(lazy, at) ? step : STEP_OTHER;
}

static enum line_step take_texts(struct line_lazy *lazy)
{
	const char *name = lazy->values[LINE_NAME], *service = lazy->values[LINE_SERVICE];
	const char *message = lazy->values[LINE_STATUS_MESSAGE];
	enum line_step step = STEP_ON;

	if (needs(lazy, SL_NEED_NAME)) {
		step = take_string(lazy, SL_NEED_NAME, lazy->tests.name, &lazy->span.name, &name);
		step = end_of(lazy, step, name);
	}
	if (step == STEP_ON && needs(lazy, SL_NEED_SERVICE)) {
		step = service != NULL ? take_service(lazy, &service) : STEP_OTHER;
		step = end_of(lazy, step, service);
	}
	lazy->span.status_message.len = 0;
	if (step == STEP_ON && needs(lazy, SL_NEED_STATUS_MESSAGE) && message != NULL) {
		step = take_string(lazy, SL_NEED_STATUS_MESSAGE, (struct sl_slice){ NULL, 0 },
				   &lazy->span.status_message, &message);
		step = end_of(lazy, step, message);
	}
	return step;
}

static enum line_step take_enums(struct line_lazy *lazy)
{
	const char *kind = lazy->values[LINE_KIND], *status = lazy->values[LINE_STATUS];
	enum line_step step = STEP_ON;

	lazy->span.kind = SL_KIND_UNSPECIFIED;
	if (needs(lazy, SL_NEED_KIND) && kind != NULL) {
		step = take_kind(lazy, &kind);
		step = end_of(lazy, step, kind);
	}
	if (step == STEP_ON && needs(lazy, SL_NEED_STATUS)) {
		step = take_status(lazy, &status);
		step = end_of(lazy, step, status);
	}
	return step;
}

static inline bool take_time_of(const struct line_lazy *lazy, enum line_key key, uint64_t *ns)
{
	struct sl_cursor cursor = { .at = lazy->values[key], .end = lazy->end };

	if (SL_LIKELY(sl_take_time(cursor.at + 1, ns)))
		return is_whole(lazy, cursor.at + 21);
	return sl_cursor_plain_unsigned(&cursor, ns) && is_whole(lazy, cursor.at);
}

/* Needed or not: likewise. */
static bool take_both_times(struct line_lazy *lazy)
{
	struct sl_span *span = &lazy->span;

	return take_time_of(lazy, LINE_START_UNIX_NANO, &span->start_unix_nano) &&
	       take_time_of(lazy, LINE_END_UNIX_NANO, &span->end_unix_nano);
}

/*
 * The first of its bytes tell that the line is a span, and not one that is wanted.  Where its
 * attribute was looked for and may be there, *searched says so.
 */
static bool may_pass(struct line_lazy *lazy, const char *at, const char *end, bool *searched)
{
	const char *stop = at;

	lazy->end = end;
	if (lazy->values[LINE_TRACE_ID] == NULL || lazy->values[LINE_SPAN_ID] == NULL ||
	    !take_all_ids(lazy))
		return false;
	if (lazy->tested && (fails_ids(lazy) || fails_test(lazy)))
		return find_end(lazy, at);
	if (lazy->needle.text.len == 0)
		return false;
	*searched = true;
	stop = line_needle_find(&lazy->needle, at, end);
	return stop < end && *stop == '\n' && ends_at(lazy, stop);
}

/* The line at `at`, of which all keys are known, holds no such attribute. */
static inline bool lacks_attribute(const struct line_lazy *lazy, const char *at)
{
	return lazy->needle.text.len > 0 &&
	       line_needle_find(&lazy->needle, at, lazy->end) == lazy->end;
}

/* What is needed of such a line. */
static enum line_lazy_outcome take_line(struct line_lazy *lazy, const char *at, const char *end,
					bool searched)
{
	enum line_step step;

	lazy->end = end;
	if (!is_span(lazy) || !take_all_ids(lazy) || !take_both_times(lazy))
		return LAZY_OTHER;
	lazy->span.line = (struct sl_slice){ at, (size_t)(end - at) };
	/* what looks for one more key stands on the last bracket */
	lazy->at = end - 1;
	lazy->next = LINE_KEY_COUNT;
	lazy->walked = lazy->in_any_order = true;
	lazy->attributes = lazy->values[LINE_ATTRIBUTES];
	if (lazy->tested && (fails_ids(lazy) || fails_absent(lazy) || !are_wanted_times(lazy)))
		return LAZY_PASSED;
	step = take_texts(lazy);
	if (step == STEP_ON)
		step = take_enums(lazy);
	if (step == STEP_FAILED || (step == STEP_ON && !searched && lacks_attribute(lazy, at)))
		return LAZY_PASSED;
	return step == STEP_ON ? LAZY_SPAN : LAZY_OTHER;
}

static enum line_lazy_outcome pass_line(struct line_lazy *lazy)
{
	lazy->passed = 1;
	lazy->line = lazy->end + 1;
	return LAZY_PASSED;
}

/* To the end of the line at `at`: behind its last bracket.  NULL: it is another line, or none; or
 * *passed, and its first bytes have told that it is not wanted. */
HOT const char *take_outline(struct line_lazy *lazy, const char *at, bool *searched, bool *passed)
{
	struct pass pass = {
		.lazy = lazy, .at = at, .end = lazy->block_end, .key = LINE_KEY_COUNT
	};
	struct sl_outline outline = { .in_string = 0 };

	for (bool begun = false; pass.last == NULL; begun = true) {
		if (!go_on(&pass, &outline))
			return NULL;
		*passed = !begun && pass.last == NULL &&
			  may_pass(lazy, at, lazy->block_end, searched);
		if (*passed)
			return NULL;
	}
	return pass.last + 1;
}

#ifdef SL_SSE2
__attribute__((target("avx2,bmi"))) static const char *
take_outline_avx2(struct line_lazy *lazy, const char *at, bool *searched, bool *passed)
{
	return take_outline(lazy, at, searched, passed);
}
#endif

static const char *take_outline_anywhere(struct line_lazy *lazy, const char *at, bool *searched,
					 bool *passed)
{
#ifdef SL_SSE2
	if (SL_LIKELY(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")))
		return take_outline_avx2(lazy, at, searched, passed);
#endif
	return take_outline(lazy, at, searched, passed);
}

enum line_lazy_outcome line_lazy_read_any(struct line_lazy *lazy, const char *at)
{
	enum line_lazy_outcome outcome;
	bool searched = false, passed = false;
	const char *end;

	if (lazy->arena_used)
		forget_arena(lazy);
	memset(lazy->values, 0, sizeof(lazy->values));
	lazy->service = NULL;
	lazy->pending = lazy->read_whole = false;
	lazy->one_line = true;
	lazy->passed = 0;
	lazy->line = at;
	end = take_outline_anywhere(lazy, at, &searched, &passed);
	if (passed)
		return pass_line(lazy);
	if (end == NULL)
		return LAZY_OTHER;
	outcome = take_line(lazy, at, end, searched);
	return outcome == LAZY_PASSED ? pass_line(lazy) : outcome;
}
