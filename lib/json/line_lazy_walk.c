/* The rest of a span line: to its attributes, key by key, and to the general reader. */
#include "line_lazy_keys.h"
#include "line_read.h"

const char *line_lazy_skip_text(const char *at, const char *end)
{
	unsigned high = 0;

	for (;; at += 2) {
		at = sl_scan_string(at, end, &high);
		if (at >= end)
			return NULL;
		if (*at == '"')
			return at + 1;
		if (*at != '\\' || end - at < 2)
			return NULL;
	}
}

bool line_lazy_may_be_exact(struct sl_slice text)
{
	const char *at = text.data, *end = text.data + text.len;

	while (end - at >= 3 && (at = memchr(at, 0xef, (size_t)(end - at) - 2)) != NULL) {
		if (at[1] == '\xbf' && at[2] == '\xbd')
			return true;
		at++;
	}
	return false;
}

SL_SLOW_PATH const char *line_lazy_decode_text(struct line_lazy *lazy, const char *quote,
					       struct sl_slice *text)
{
	struct sl_notes ignored = { { 0 }, { 0 } };
	struct sl_cursor cursor = { .at = quote,
				    .begin = quote,
				    .end = lazy->end,
				    .arena = &lazy->arena,
				    .notes = &ignored };

	lazy->arena_used = true;
	if (!sl_cursor_string(&cursor, text) || cursor.noted || line_lazy_may_be_exact(*text))
		return NULL;
	return cursor.at;
}

/* Behind the object or array at `at`, or NULL. */
static const char *skip_list(const char *at, const char *end)
{
	size_t depth = 0;

	do {
		at = sl_scan_structure(at, end);
		if (at >= end)
			return NULL;
		switch (*at++) {
		case '"':
			at = line_lazy_skip_text(at, end);
			if (at == NULL)
				return NULL;
			break;
		case '{':
		case '[':
			depth++;
			break;
		default:
			depth--;
		}
	} while (depth > 0);
	return at;
}

static bool may_begin_number_or_word(char byte)
{
	return (byte >= '0' && byte <= '9') || byte == '-' || byte == 't' || byte == 'f' ||
	       byte == 'n';
}

/* Behind the value at `at`, or NULL; what kind of value it is is all that is checked. */
static const char *skip_any(const char *at, const char *end)
{
	if (*at == '"')
		return line_lazy_skip_text(at + 1, end);
	if (*at == '{' || *at == '[')
		return skip_list(at, end);
	if (!may_begin_number_or_word(*at))
		return NULL;
	while (at < end && *at != ',' && *at != '}' && *at != ']' && *at != ' ') {
		if (*at < ' ' || *at == '"')
			return NULL;
		at++;
	}
	return at < end ? at : NULL;
}

/* The key whose quote is at `at`, without escapes: its value, or NULL. */
static const char *take_key(const char *at, const char *end, struct sl_slice *key)
{
	unsigned high = 0;
	const char *stop;

	if (at >= end || *at != '"')
		return NULL;
	stop = sl_scan_string(at + 1, end, &high);
	if (end - stop < 3 || *stop != '"' || stop[1] != ':')
		return NULL;
	*key = (struct sl_slice){ at + 1, (size_t)(stop - at) - 1 };
	return stop + 2;
}

/* To the next key of the line, if it is one that may follow. */
static enum line_place step(struct line_lazy *lazy)
{
	const char *at = lazy->at;
	struct sl_slice key;

	if (lazy->pending)
		at = skip_any(at, lazy->end);
	if (at == NULL || at >= lazy->end)
		return PLACE_OTHER;
	lazy->pending = false;
	lazy->at = at;
	if (*at == '}')
		return at + 1 == lazy->end ? PLACE_NONE : PLACE_OTHER;
	if (*at != ',' && (*at != '{' || at != lazy->span.line.data))
		return PLACE_OTHER;
	at = take_key(at + 1, lazy->end, &key);
	if (at == NULL)
		return PLACE_OTHER;
	while (lazy->next < LINE_KEY_COUNT && !sl_slice_equal(line_fields[lazy->next].key, key))
		lazy->next++;
	if (lazy->next == LINE_KEY_COUNT)
		return PLACE_OTHER;
	lazy->values[lazy->next++] = at;
	lazy->pending = true;
	lazy->at = at;
	return PLACE_FOUND;
}

enum line_place line_lazy_find(struct line_lazy *lazy, enum line_key key)
{
	enum line_place place = PLACE_FOUND;

	if (!lazy->walked) {
		memset(lazy->values, 0, sizeof(lazy->values));
		lazy->values[LINE_SERVICE] = lazy->service;
		lazy->walked = true;
	}
	while ((key == LINE_KEY_COUNT || lazy->values[key] == NULL) && place == PLACE_FOUND)
		place = step(lazy);
	return place;
}

/* Behind the value at `at`, or NULL: the usual ones. */
static inline const char *skip_value_of_member(const char *at, const char *end)
{
	if (SL_LIKELY(*at == '"')) {
		const char *stop = find_quote(at + 1);

		return SL_LIKELY(*stop == '"') ? stop + 1 : line_lazy_skip_text(stop, end);
	}
	if (*at < '0' || *at > '9')
		return skip_any(at, end);
	while ((unsigned char)*at > ',' && *at != '}' && at < end)
		at++;
	return at;
}

const char *line_lazy_skip_value(const char *at, const char *end)
{
	return skip_value_of_member(at, end);
}

static inline const char *pass_blanks(const struct line_lazy *lazy, const char *at, bool blanks)
{
	return blanks ? line_lazy_skip_blanks(at, lazy->end) : at;
}

__attribute__((always_inline)) static inline enum line_place
find_member_as(const struct line_lazy *lazy, const char *at, struct sl_slice key,
	       const char **value, bool blanks)
{
	const char *end = lazy->end;

	if (*at != '{')
		return PLACE_OTHER;
	if (*pass_blanks(lazy, at + 1, blanks) == '}')
		return PLACE_NONE;
	do {
		const char *quote = pass_blanks(lazy, at + 1, blanks);
		const char *start = quote + 1, *stop = find_quote(start);

		if (*quote != '"' || end - stop < 3 || *stop != '"')
			return PLACE_OTHER;
		at = pass_blanks(lazy, stop + 1, blanks);
		if (*at != ':')
			return PLACE_OTHER;
		at = pass_blanks(lazy, at + 1, blanks);
		if ((size_t)(stop - start) == key.len && memcmp(start, key.data, key.len) == 0) {
			*value = at;
			return PLACE_FOUND;
		}
		at = skip_value_of_member(at, end);
		if (at == NULL || at >= end)
			return PLACE_OTHER;
		at = pass_blanks(lazy, at, blanks);
	} while (*at == ',');
	return *at == '}' ? PLACE_NONE : PLACE_OTHER;
}

/* The value of a member of the object at `at`, of the first one with that key, which is ASCII and
 * holds no backslash. */
static enum line_place find_member(const struct line_lazy *lazy, const char *at,
				   struct sl_slice key, const char **value)
{
	return lazy->in_any_order ? find_member_as(lazy, at, key, value, true)
				  : find_member_as(lazy, at, key, value, false);
}

/* The attributes of the owner, and that nothing changes what they show.  PLACE_OTHER also where
 * something might. */
static enum line_place find_attributes(struct line_lazy *lazy, enum sl_owner owner,
				       const char **attributes)
{
	enum line_key key = owner == SL_OWNER_SCOPE ? LINE_SCOPE : LINE_RESOURCE;
	enum line_place place, exact;
	const char *ignored;

	if (owner == SL_OWNER_SPAN && lazy->attributes != NULL) {
		*attributes = lazy->attributes;
		return PLACE_FOUND;
	}
	if (owner == SL_OWNER_SPAN) {
		place = line_lazy_find(lazy, LINE_ATTRIBUTES);
		*attributes = lazy->values[LINE_ATTRIBUTES];
		return place;
	}
	place = line_lazy_find(lazy, key);
	if (place != PLACE_FOUND)
		return place;
	exact = find_member(lazy, lazy->values[key], SL_SLICE("exact"), &ignored);
	if (exact != PLACE_NONE)
		return PLACE_OTHER;
	return find_member(lazy, lazy->values[key], SL_SLICE("attributes"), attributes);
}

/* Whether the line has `exact`, which may say that an attribute is not what it looks like. */
static enum line_place find_exact(struct line_lazy *lazy, const char *from)
{
	if (lazy->in_any_order)
		return line_lazy_find(lazy, LINE_EXACT);
	if (sl_scan_literal(from, lazy->end, &lazy->exact_key) == lazy->end)
		return PLACE_NONE;
	return line_lazy_find(lazy, LINE_EXACT);
}

/* The usual values, which are taken as they stand: short whole numbers, and text in which nothing
 * is escaped and all is ASCII. */
static inline bool take_usual(const char *at, struct sl_value *value)
{
	const char *start = at;
	unsigned high = 0;
	int64_t number = 0;

	if (*at == '"') {
		at = find_end_of_text(start + 1, &high);
		value->type = SL_VALUE_STRING;
		value->text = (struct sl_slice){ start + 1, (size_t)(at - start) - 1 };
		return high == 0 && *at == '"' && (at[1] == ',' || at[1] == '}');
	}
	for (; *at >= '0' && *at <= '9' && at - start < 18; at++)
		number = number * 10 + (*at - '0');
	value->type = SL_VALUE_INT;
	value->integer = number;
	return at > start && (*start != '0' || at - start == 1) && (*at == ',' || *at == '}');
}

/* The same of any value that is no list. */
SL_SLOW_PATH static bool read_unusual(struct line_lazy *lazy, const char *at,
				      struct sl_value *value)
{
	struct sl_notes ignored = { { 0 }, { 0 } };
	struct sl_cursor cursor = {
		.at = at, .begin = at, .end = lazy->end, .arena = &lazy->arena, .notes = &ignored
	};

	if (*at == '{' || *at == '[')
		return false;
	lazy->arena_used = true;
	if (!read_plain_value(lazy->lines, &cursor, 0, value) || cursor.noted)
		return false;
	at = line_lazy_skip_blanks(cursor.at, lazy->end);
	return *at == ',' || *at == '}';
}

/* A value that is no list.  False: it is something else, or damaged. */
static inline bool read_scalar(struct line_lazy *lazy, const char *at, struct sl_value *value)
{
	return SL_LIKELY(take_usual(at, value)) || read_unusual(lazy, at, value);
}

/* The service of the line, which is service.name of its resource whatever stands there. */
static enum line_place read_service(struct line_lazy *lazy, struct sl_value *value)
{
	enum line_place place = line_lazy_find(lazy, LINE_SERVICE);

	if (place != PLACE_FOUND)
		return place;
	return *lazy->values[LINE_SERVICE] == '"' &&
			       read_scalar(lazy, lazy->values[LINE_SERVICE], value)
		       ? PLACE_FOUND
		       : PLACE_OTHER;
}

static enum line_place read_attribute(struct line_lazy *lazy, enum sl_owner owner,
				      struct sl_slice key, struct sl_value *value)
{
	const char *attributes = NULL, *at = NULL;
	enum line_place place;

	if (owner == SL_OWNER_RESOURCE && sl_slice_equal(key, SL_SLICE("service.name"))) {
		place = read_service(lazy, value);
		if (place != PLACE_NONE)
			return place;
	}
	place = find_attributes(lazy, owner, &attributes);
	if (place == PLACE_FOUND)
		place = find_member(lazy, attributes, key, &at);
	if (place != PLACE_FOUND)
		return place;
	if (owner == SL_OWNER_SPAN && find_exact(lazy, at) != PLACE_NONE)
		return PLACE_OTHER;
	return read_scalar(lazy, at, value) ? PLACE_FOUND : PLACE_OTHER;
}

/* A key that is not ASCII may be shown by `exact` alone, one with a backslash is written otherwise.
 * Eight bytes at a time. */
static bool is_plain_key(struct sl_slice key)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
	uint64_t found = 0;

	for (size_t i = 0; i < key.len; i += 8) {
		uint64_t word = 0, slashes;

		if (key.len - i >= 8)
			word = sl_load_8(key.data + i);
		else
			memcpy(&word, key.data + i, key.len - i);
		slashes = word ^ ones * '\\';
		found |= word | ((slashes - ones) & ~slashes);
	}
	return (found & highs) == 0;
}

static struct line_lazy *lazy_of(const struct sl_span *span)
{
	/* it is a member of its reader, which is not constant */
	return (struct line_lazy *)(uintptr_t)span;
}

static const struct sl_span *whole(const struct sl_span *span)
{
	struct line_lazy *lazy = lazy_of(span);
	struct sl_cursor cursor = { .begin = lazy->begin,
				    .at = span->line.data,
				    .end = span->line.data + span->line.len };

	if (lazy->read_whole)
		return lazy->whole;
	lazy->read_whole = true;
	lazy->whole = NULL;
	lazy->status = line_read(lazy->lines, &cursor, &lazy->whole, &lazy->err);
	return lazy->whole;
}

static bool attribute(const struct sl_span *span, enum sl_owner owner, struct sl_slice key,
		      struct sl_value *value)
{
	struct line_lazy *lazy = lazy_of(span);

	if (!lazy->read_whole && is_plain_key(key)) {
		enum line_place place = read_attribute(lazy, owner, key, value);

		if (place != PLACE_OTHER)
			return place == PLACE_FOUND;
	}
	span = whole(span);
	return span != NULL && sl_span_attribute(span, owner, key, value);
}

/* Whether that key, `exact` or `links`, stands behind the attributes. */
static bool tail_may_hold(struct line_lazy *lazy, enum line_key key)
{
	const char *from = lazy->lists != NULL ? lazy->lists : lazy->span.line.data;

	if (!lazy->in_any_order && (lazy->tail & TAIL_KNOWN) == 0)
		lazy->tail = (uint8_t)line_lazy_scan_tail(from, lazy->end);
	if (!lazy->in_any_order &&
	    (lazy->tail & (key == LINE_EXACT ? TAIL_EXACT : TAIL_LINKS)) == 0)
		return false;
	return line_lazy_find(lazy, key) != PLACE_NONE;
}

static bool keys(const struct sl_span *span, const struct sl_key_set *set, struct sl_value *values,
		 uint32_t *found)
{
	struct line_lazy *lazy = lazy_of(span);
	struct places places; /* not cleared: it is large */
	const char *at = NULL;
	enum line_place place;
	uint32_t needed;

	places.found = 0;
	if (lazy->read_whole)
		return false;
	place = find_attributes(lazy, SL_OWNER_SPAN, &at);
	if (place != PLACE_FOUND)
		return place == PLACE_NONE;
	at = line_lazy_walk_keys(lazy, at, set, &places);
	lazy->lists = at;
	lazy->tail = 0;
	if (at == NULL || (places.found != 0 && tail_may_hold(lazy, LINE_EXACT)))
		return false;
	needed = set->needed != NULL ? set->needed(places.found) : places.found;
	for (uint32_t left = places.found; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		values[i].type = SL_VALUE_EMPTY;
		if ((needed >> i & 1) != 0 && !read_scalar(lazy, places.at[i], &values[i]))
			return false;
	}
	*found = places.found;
	return true;
}

static bool damaged(const struct sl_span *span)
{
	return lazy_of(span)->status != SL_OK;
}

static bool has_lists(const struct sl_span *span)
{
	struct line_lazy *lazy = lazy_of(span);

	return line_lazy_find(lazy, LINE_EVENTS) != PLACE_NONE ||
	       line_lazy_find(lazy, LINE_LINKS) != PLACE_NONE;
}

static bool has_links(const struct sl_span *span)
{
	return tail_may_hold(lazy_of(span), LINE_LINKS);
}

static bool visit(const struct sl_span *span, struct sl_visit *visit)
{
	return line_lazy_visit(lazy_of(span), visit);
}

const struct sl_lazy line_lazy_access = { .attribute = attribute,
					  .keys = keys,
					  .visit = visit,
					  .whole = whole,
					  .damaged = damaged,
					  .has_lists = has_lists,
					  .has_links = has_links };
