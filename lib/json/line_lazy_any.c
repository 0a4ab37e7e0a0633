/*
 * Span lines with their keys in any order and with blanks between tokens: one pass over the outline
 * of the line finds where the value of each key is, and only those that are needed are read.
 */
#include "line_lazy_early.h"
#include "line_lazy_values.h"

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

static inline bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static inline bool begins_value(char form, char byte)
{
	return byte == form || (form == NUMBER && (is_digit(byte) || byte == '-'));
}

/* The member that ends before `at`, where there is more of the line behind it than its '{'. */
static inline bool ends_value(char form, const char *at)
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
static inline bool is_key(const char *at, const struct line_lazy_key *key)
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
static inline bool take_member(struct pass *pass, const char *at)
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
static inline bool take_bracket(struct pass *pass, const char *at)
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
static inline bool take_stop(struct pass *pass, const char *at)
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
static inline bool take_part(struct pass *pass, const char *at, uint64_t brackets, uint64_t commas)
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
static inline size_t outline_next(struct sl_outline *outline, const char *at, const char *end)
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
static inline bool ends_line(const struct pass *pass, uint64_t controls)
{
	uint64_t before = (UINT64_C(1) << (pass->last - pass->at)) - 1;

	return (controls & before) == 0 && pass->last + 1 < pass->end && pass->last[1] == '\n';
}

/* Over some more of the line: lazy->values has the keys that were met, and pass->last is set at the
 * end.  False: it is another line, or none. */
static inline bool go_on(struct pass *pass, struct sl_outline *outline)
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

static inline bool is_name(const char *name, size_t len)
{
	(void)name;
	(void)len;
	return true;
}

static inline bool fails_text(const char *quote, const char *end, struct sl_slice text,
			      bool (*is_known)(const char *, size_t))
{
	const char *stop;

	return text.data != NULL && quote != NULL && is_another(quote + 1, end, text, &stop) &&
	       stop < end && is_known(quote + 1, (size_t)(stop - quote - 1));
}

/* One of the tests surely fails. */
static bool fails_test(const struct line_lazy *lazy)
{
	const char *end = lazy->end;
	const struct sl_head_tests *tests = &lazy->tests;

	return fails_text(lazy->values[LINE_NAME], end, tests->name, is_name) ||
	       fails_text(lazy->values[LINE_SERVICE], end, tests->service, is_name) ||
	       fails_text(lazy->values[LINE_KIND], end, lazy->kind_text, is_kind) ||
	       fails_text(lazy->values[LINE_STATUS], end, lazy->status_text, is_status);
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
static bool take_ids(struct line_lazy *lazy)
{
	bool has_parent = lazy->values[LINE_PARENT_SPAN_ID] != NULL;

	if (needs(lazy, SL_NEED_PARENT_SPAN_ID))
		lazy->span.parent_span_id =
			(struct sl_slice){ lazy->parent_span_id, has_parent ? 8 : 0 };
	return take_id(lazy, LINE_TRACE_ID, 16, lazy->trace_id) &&
	       take_id(lazy, LINE_SPAN_ID, 8, lazy->span_id) &&
	       (!has_parent || take_id(lazy, LINE_PARENT_SPAN_ID, 8, lazy->parent_span_id));
}

static bool take_texts(struct line_lazy *lazy)
{
	const char *message = lazy->values[LINE_STATUS_MESSAGE];
	unsigned high = 0;

	if (needs(lazy, SL_NEED_NAME) &&
	    !is_whole(lazy, take_text(lazy, lazy->values[LINE_NAME], &lazy->span.name, &high)))
		return false;
	if (needs(lazy, SL_NEED_SERVICE) &&
	    (lazy->values[LINE_SERVICE] == NULL ||
	     !is_whole(lazy, take_service(lazy, lazy->values[LINE_SERVICE]))))
		return false;
	if (!needs(lazy, SL_NEED_STATUS_MESSAGE))
		return true;
	lazy->span.status_message.len = 0;
	return message == NULL ||
	       is_whole(lazy, take_text(lazy, message, &lazy->span.status_message, &high));
}

static bool take_enums(struct line_lazy *lazy)
{
	const char *kind = lazy->values[LINE_KIND], *status = lazy->values[LINE_STATUS];

	lazy->span.kind = SL_KIND_UNSPECIFIED;
	if (needs(lazy, SL_NEED_KIND) && kind != NULL &&
	    !is_whole(lazy, take_enum(lazy, kind, sl_kind_parse, &lazy->span.kind)))
		return false;
	return !needs(lazy, SL_NEED_STATUS) ||
	       is_whole(lazy, take_enum(lazy, status, sl_status_parse, &lazy->span.status_code));
}

static inline bool take_time_of(const struct line_lazy *lazy, enum line_key key, uint64_t *ns)
{
	struct sl_cursor cursor = { .at = lazy->values[key], .end = lazy->end };

	if (SL_LIKELY(sl_take_time(cursor.at + 1, ns)))
		return is_whole(lazy, cursor.at + 21);
	return sl_cursor_plain_unsigned(&cursor, ns) && is_whole(lazy, cursor.at);
}

/* Needed or not: likewise. */
static bool take_times(struct line_lazy *lazy)
{
	struct sl_span *span = &lazy->span;

	return take_time_of(lazy, LINE_START_UNIX_NANO, &span->start_unix_nano) &&
	       take_time_of(lazy, LINE_END_UNIX_NANO, &span->end_unix_nano);
}

/* A literal that it must have is not in the line, or a test surely fails; *stop is how far that was
 * seen. */
static inline bool is_unwanted(const struct line_lazy *lazy, const char **stop)
{
	if (lazy->literal.len > 0) {
		const char *found = line_lazy_scan(*stop, lazy->end, lazy->literal);

		if (found == lazy->end || *found == '\n') {
			*stop = found;
			return true;
		}
	}
	return lazy->tested && fails_test(lazy);
}

/* The first of its bytes tell that the line is a span, and not one that is wanted. */
static bool may_pass(struct line_lazy *lazy, const char *at, const char *end)
{
	lazy->end = end;
	return lazy->values[LINE_TRACE_ID] != NULL && lazy->values[LINE_SPAN_ID] != NULL &&
	       is_unwanted(lazy, &at) && take_ids(lazy) && find_end(lazy, at, end);
}

/* What is needed of a line whose keys are all known. */
static enum line_lazy_outcome take_line(struct line_lazy *lazy, const char *at, const char *end)
{
	lazy->end = end;
	if (!is_span(lazy) || !take_ids(lazy) || !take_times(lazy))
		return LAZY_OTHER;
	lazy->span.line = (struct sl_slice){ at, (size_t)(end - at) };
	/* what looks for one more key stands on the last bracket */
	lazy->at = end - 1;
	lazy->next = LINE_KEY_COUNT;
	lazy->walked = lazy->in_any_order = true;
	lazy->attributes = lazy->values[LINE_ATTRIBUTES];
	if (is_unwanted(lazy, &at))
		return LAZY_PASSED;
	if (!take_texts(lazy) || !take_enums(lazy))
		return LAZY_OTHER;
	return fails_duration(lazy) ? LAZY_PASSED : LAZY_SPAN;
}

enum line_lazy_outcome line_lazy_read_any(struct line_lazy *lazy, const char *begin, const char *at,
					  const char *end)
{
	struct pass pass = { .lazy = lazy, .at = at, .end = end, .key = LINE_KEY_COUNT };
	struct sl_outline outline = { .in_string = 0 };

	forget(lazy);
	memset(lazy->values, 0, sizeof(lazy->values));
	lazy->begin = begin;
	for (bool begun = false; pass.last == NULL; begun = true) {
		if (!go_on(&pass, &outline))
			return LAZY_OTHER;
		if (!begun && pass.last == NULL && may_pass(lazy, at, end))
			return LAZY_PASSED;
	}
	return take_line(lazy, at, pass.last + 1);
}
