/*
 * All attributes of a span line, one after another, without making lists of them; scope and
 * resource as they stand.  What is rare, and what `exact` may speak of, is left to the general
 * reader.
 */
#include "line_lazy.h"
#include "line_read.h"

struct visiting {
	struct line_lazy *lazy;
	struct sl_visit *visit;
	bool of_event;
};

/* Behind the key whose quote is at `at`, and its colon; NULL: it is not plain. */
static inline const char *take_key(const char *at, struct sl_slice *key)
{
	const char *stop;

	if (SL_UNLIKELY(*at != '"'))
		return NULL;
	stop = find_quote(at + 1);
	*key = (struct sl_slice){ at + 1, (size_t)(stop - at) - 1 };
	return SL_LIKELY(*stop == '"' && stop[1] == ':') ? stop + 2 : NULL;
}

/* Behind the string, which has no escapes; or NULL. */
static inline const char *take_text(const char *at, struct sl_slice *text)
{
	const char *stop;

	if (*at != '"')
		return NULL;
	stop = find_quote(at + 1);
	*text = (struct sl_slice){ at + 1, (size_t)(stop - at) - 1 };
	return SL_LIKELY(*stop == '"') ? stop + 1 : NULL;
}

SL_SLOW_PATH static const char *take_unusual(struct line_lazy *lazy, const char *at,
					     struct sl_value *value)
{
	struct sl_notes ignored = { { 0 }, { 0 } };
	struct sl_cursor cursor = {
		.at = at, .begin = at, .end = lazy->end, .arena = &lazy->arena, .notes = &ignored
	};

	if (*at == '{' || *at == '[')
		return NULL;
	lazy->arena_used = true;
	return read_plain_value(lazy->lines, &cursor, 0, value) && !cursor.noted ? cursor.at : NULL;
}

/* Behind the value, which is no list; NULL: it is one, or damaged. */
static inline const char *take_value(struct line_lazy *lazy, const char *at, struct sl_value *value)
{
	const char *stop;

	if (SL_LIKELY(*at == '"')) {
		value->type = SL_VALUE_STRING;
		stop = take_text(at, &value->text);
	} else {
		value->type = SL_VALUE_INT;
		stop = sl_take_integer(at, &value->integer);
	}
	return SL_LIKELY(stop != NULL) ? stop : take_unusual(lazy, at, value);
}

/* Behind the object of attributes at `at`, or NULL. */
static const char *visit_attributes(const struct visiting *visiting, const char *at)
{
	const struct sl_visit *visit = visiting->visit;
	struct sl_slice key;
	struct sl_value value;

	if (*at != '{')
		return NULL;
	if (at[1] == '}')
		return at + 2;
	do {
		at = take_key(at + 1, &key);
		at = SL_LIKELY(at != NULL) ? take_value(visiting->lazy, at, &value) : NULL;
		if (SL_UNLIKELY(at == NULL))
			return NULL;
		visit->attribute(visit->context, visiting->of_event, key, &value);
	} while (*at == ',');
	return *at == '}' ? at + 1 : NULL;
}

/* Members of an event, or of a line behind its attributes; each may stand once. */
enum member {
	OF_NAME = 1,
	OF_ATTRIBUTES = 2,
	OF_EVENTS = 4,
	OF_SCOPE = 8,
	OF_RESOURCE = 16,
	OF_TIME = 32,
	OF_COUNT_OF_ATTRIBUTES = 64,
	OF_COUNT_OF_EVENTS = 128,
};

struct named {
	struct sl_slice key;
	enum member member;
};

/* 0: none of them, or one that was there before. */
static enum member find_member(const struct named *table, size_t count, struct sl_slice key,
			       unsigned *seen)
{
	for (size_t i = 0; i < count; i++)
		if (sl_slice_equal(table[i].key, key) && (*seen & table[i].member) == 0) {
			*seen |= table[i].member;
			return table[i].member;
		}
	return 0;
}

/* A count as it is written, or NULL. */
static const char *take_count(const char *at)
{
	int64_t count;
	const char *stop = *at != '"' ? sl_take_integer(at, &count) : NULL;

	return stop != NULL && count >= 0 && count <= UINT32_MAX ? stop : NULL;
}

/* A time as it is written, or NULL. */
static const char *take_time(const char *at)
{
	int64_t short_time;
	uint64_t time;

	if (*at == '"' && sl_take_time(at + 1, &time))
		return at + 21;
	at = *at == '"' ? sl_take_integer(at, &short_time) : NULL;
	return at != NULL && short_time >= 0 ? at : NULL;
}

static const char *visit_event(const struct visiting *visiting, const char *at)
{
	static const struct named members[] = {
		{ { "time_unix_nano", 14 }, OF_TIME },
		{ { "name", 4 }, OF_NAME },
		{ { "attributes", 10 }, OF_ATTRIBUTES },
		{ { "dropped_attributes_count", 24 }, OF_COUNT_OF_ATTRIBUTES },
	};
	const struct sl_visit *visit = visiting->visit;
	unsigned seen = 0;
	struct sl_slice key, name;

	if (*at != '{')
		return NULL;
	do {
		at = take_key(at + 1, &key);
		if (at == NULL)
			return NULL;
		switch (find_member(members, SL_COUNT(members), key, &seen)) {
		case OF_NAME:
			at = take_text(at, &name);
			if (at != NULL)
				visit->event(visit->context, name);
			break;
		case OF_ATTRIBUTES:
			at = visit_attributes(visiting, at);
			break;
		case OF_TIME:
			at = take_time(at);
			break;
		case OF_COUNT_OF_ATTRIBUTES:
			at = take_count(at);
			break;
		default:
			return NULL;
		}
	} while (at != NULL && *at == ',');
	return at != NULL && *at == '}' ? at + 1 : NULL;
}

static const char *visit_events(struct visiting visiting, const char *at)
{
	visiting.of_event = true;
	if (*at != '[')
		return NULL;
	do
		at = visit_event(&visiting, at + 1);
	while (at != NULL && *at == ',');
	return at != NULL && *at == ']' ? at + 1 : NULL;
}

/* A scope or a resource. */
static const char *take_origin(const struct visiting *visiting, enum sl_owner owner, const char *at)
{
	const char *end = visiting->lazy->end, *stop;
	struct sl_visit *visit = visiting->visit;
	struct sl_slice text = { at, (size_t)(end - at) };
	size_t known = visit->known(visit->context, owner, text);

	if (SL_LIKELY(known != 0))
		stop = at + known;
	else
		stop = *at == '{' ? line_lazy_skip_value(at, end) : NULL;
	if (stop == NULL)
		return NULL;
	text.len = (size_t)(stop - at);
	*(owner == SL_OWNER_SCOPE ? &visit->scope : &visit->resource) = text;
	return stop;
}

/* From behind the attributes to the end of the line. */
static bool visit_rest(const struct visiting *visiting, const char *at)
{
	static const struct named members[] = {
		{ { "events", 6 }, OF_EVENTS },
		{ { "scope", 5 }, OF_SCOPE },
		{ { "resource", 8 }, OF_RESOURCE },
		{ { "dropped_attributes_count", 24 }, OF_COUNT_OF_ATTRIBUTES },
		{ { "dropped_events_count", 20 }, OF_COUNT_OF_EVENTS },
	};
	const struct line_lazy *lazy = visiting->lazy;
	unsigned seen = 0;
	struct sl_slice key;

	while (at != NULL && *at == ',') {
		at = take_key(at + 1, &key);
		if (at == NULL)
			return false;
		switch (find_member(members, SL_COUNT(members), key, &seen)) {
		case OF_EVENTS:
			at = visit_events(*visiting, at);
			break;
		case OF_SCOPE:
			at = take_origin(visiting, SL_OWNER_SCOPE, at);
			break;
		case OF_RESOURCE:
			at = take_origin(visiting, SL_OWNER_RESOURCE, at);
			break;
		case OF_COUNT_OF_ATTRIBUTES:
		case OF_COUNT_OF_EVENTS:
			at = take_count(at);
			break;
		default:
			return false;
		}
	}
	return at != NULL && *at == '}' && at + 1 == lazy->end;
}

bool line_lazy_visit(struct line_lazy *lazy, struct sl_visit *visit)
{
	const struct visiting visiting = { lazy, visit, false };
	const char *at = lazy->attributes;

	visit->scope = visit->resource = (struct sl_slice){ NULL, 0 };
	if (lazy->read_whole || lazy->in_any_order)
		return false;
	if (at == NULL && line_lazy_find(lazy, LINE_ATTRIBUTES) == PLACE_FOUND)
		at = lazy->values[LINE_ATTRIBUTES];
	if (at == NULL || (line_lazy_scan_tail(at, lazy->end) & (TAIL_EXACT | TAIL_LINKS)) != 0)
		return false;
	at = visit_attributes(&visiting, at);
	return at != NULL && visit_rest(&visiting, at);
}
