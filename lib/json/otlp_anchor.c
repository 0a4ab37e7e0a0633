/* Where reading may go on behind damage. */
#include "otlp_anchor.h"

/* What an object may be by the keys that were seen of it. */
enum shape {
	SHAPE_SPAN,
	SHAPE_LOG,
	SHAPE_LINK,
	SHAPE_EVENT,
	SHAPE_SCOPE,
	SHAPE_RESOURCE,
	SHAPE_SCOPE_SPANS,
	SHAPE_SCOPE_LOGS,
	SHAPE_RESOURCE_SPANS,
	SHAPE_RESOURCE_LOGS,
	SHAPE_COUNT
};

static const struct message *const shapes[] = {
	[SHAPE_SPAN] = &span_message,
	[SHAPE_LOG] = &log_message,
	[SHAPE_LINK] = &link_message,
	[SHAPE_EVENT] = &event_message,
	[SHAPE_SCOPE] = &scope_message,
	[SHAPE_RESOURCE] = &resource_message,
	[SHAPE_SCOPE_SPANS] = &scope_spans_message,
	[SHAPE_SCOPE_LOGS] = &scope_logs_message,
	[SHAPE_RESOURCE_SPANS] = &resource_spans_message,
	[SHAPE_RESOURCE_LOGS] = &resource_logs_message,
};

static unsigned shapes_with(struct sl_slice key)
{
	unsigned set = 0;

	for (unsigned i = 0; i < SHAPE_COUNT; i++)
		set |= message_has(shapes[i], key) ? 1U << i : 0;
	return set;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

const char *ink_before(const char *at, const char *begin)
{
	do {
		if (at == begin)
			return begin;
		at--;
	} while (is_space(*at));
	return at;
}

static bool is_letter(char byte)
{
	return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '_';
}

bool first_key(const char *at, const char *end, struct sl_slice *key)
{
	const char *quote, *start;

	do {
		if (++at == end)
			return false;
	} while (is_space(*at));
	start = at + 1;
	quote = start;
	while (quote < end && quote - start < 32 && is_letter(*quote))
		quote++;
	*key = (struct sl_slice){ start, (size_t)(quote - start) };
	return *at == '"' && quote < end && *quote == '"' && quote > start;
}

static bool is_request(struct sl_slice key)
{
	enum sl_note departure;
	enum sl_json_key kind = sl_json_key(key, &departure);

	return kind >= SL_KEY_RESOURCE_SPANS && kind <= SL_KEY_RESOURCE_PROFILES;
}

/* What the set can only be; ANCHOR_END: nothing that is looked for, or not known yet.  In a
 * ResourceSpans nobody expects one of logs. */
static enum anchor_kind kind_of(const struct walk *walk, bool in_part, unsigned set)
{
	unsigned record = 1U << (walk->logs ? SHAPE_LOG : SHAPE_SPAN);
	unsigned scope = 1U << (walk->logs ? SHAPE_SCOPE_LOGS : SHAPE_SCOPE_SPANS);
	unsigned resource = 1U << (walk->logs ? SHAPE_RESOURCE_LOGS : SHAPE_RESOURCE_SPANS);

	if (in_part && set == record)
		return ANCHOR_RECORD;
	if ((set & scope) != 0 &&
	    (set & ~(in_part ? 1U << SHAPE_SCOPE_LOGS | 1U << SHAPE_SCOPE_SPANS : scope)) == 0)
		return ANCHOR_SCOPE_SPANS;
	if ((set & resource) != 0 &&
	    (set &
	     ~(in_part ? 1U << SHAPE_RESOURCE_LOGS | 1U << SHAPE_RESOURCE_SPANS : resource)) == 0)
		return ANCHOR_RESOURCE_SPANS;
	return ANCHOR_END;
}

/* Over a value that does not tell; false: it is not whole, or that would cost too much. */
static bool pass_value(struct anchor_search *search, struct sl_cursor *trial)
{
	const char *start = trial->at;
	bool bracket = sl_cursor_peek(trial) == '{' || sl_cursor_peek(trial) == '[';
	bool passed = (!bracket || search->may_read > 0) && sl_cursor_skip_value(trial);
	size_t cost = (size_t)(trial->at - start);

	search->may_read = search->may_read > cost ? search->may_read - cost : 0;
	return passed;
}

/* By as many keys as it takes.  The first must be a known one, so that little is looked into.  *set
 * is what the object may be by the keys that were seen; 0: it is not whole. */
static enum anchor_kind judge_keys(struct anchor_search *search, const struct walk *walk,
				   const char *at, unsigned *set)
{
	struct sl_cursor trial = walk->decoder.cursor;
	struct sl_notes unused;
	struct sl_slice key = { "", 0 };

	trial.at = at;
	trial.notes = &unused;
	trial.arena = NULL;
	trial.strict = false;
	trial.fault = SL_FAULT_NONE;
	*set = ~0U;
	for (bool begun = false; sl_cursor_next_member(&trial, &begun, &key);) {
		unsigned with = shapes_with(key);
		enum anchor_kind kind;

		if (with == 0 && *set == ~0U)
			break;
		*set &= with != 0 ? with : ~0U;
		kind = kind_of(walk, search->in_part, *set);
		if (kind != ANCHOR_END || *set == 0)
			return kind;
		if (!pass_value(search, &trial))
			break;
	}
	if (trial.fault != SL_FAULT_NONE || *set == ~0U)
		*set = 0;
	return ANCHOR_END;
}

bool may_be_record(struct anchor_search *search, const struct walk *walk, const char *at)
{
	unsigned record = 1U << (walk->logs ? SHAPE_LOG : SHAPE_SPAN), set;

	if (judge_keys(search, walk, at, &set) == ANCHOR_RECORD)
		return true;
	return (set & record) != 0 && (set & 1U << SHAPE_LINK) == 0;
}

bool is_scope_spans(struct anchor_search *search, const struct walk *walk, const char *at)
{
	unsigned set;

	return judge_keys(search, walk, at, &set) == ANCHOR_SCOPE_SPANS;
}

/* The brace is that of the value of `key`, which has its quotes. */
static bool is_value_of(struct sl_slice key, const char *at, const char *begin)
{
	const char *colon = ink_before(at, begin), *quote;

	if (*colon != ':')
		return false;
	quote = ink_before(colon, begin);
	return (size_t)(quote - begin) >= key.len &&
	       memcmp(quote + 1 - key.len, key.data, key.len) == 0;
}

/* The value before which this byte stands is not the first in its line's document. */
static bool goes_on(char before)
{
	return before == ',' || before == ':' || before == '[' || before == '{';
}

/* A record or a ScopeSpans: no document begins so, but a span line looks like a span in snake_case.
 */
static bool is_part_only(enum anchor_kind kind, struct sl_slice key)
{
	return kind == ANCHOR_SCOPE_SPANS ||
	       (kind == ANCHOR_RECORD && !sl_slice_equal(key, SL_SLICE("trace_id")));
}

/* Only attributes, values and statuses begin so. */
static bool is_inner(struct sl_slice key)
{
	static const struct sl_slice keys[] = {
		{ "key", 3 }, { "values", 6 }, { "code", 4 }, { "message", 7 }
	};
	struct sl_slice end = SL_SLICE("Value");

	for (size_t i = 0; i < SL_COUNT(keys); i++)
		if (sl_slice_equal(key, keys[i]))
			return true;
	return key.len > end.len && memcmp(key.data + key.len - end.len, end.data, end.len) == 0;
}

bool is_part_key(struct sl_slice key)
{
	const unsigned requests = 1U << SHAPE_RESOURCE_SPANS | 1U << SHAPE_RESOURCE_LOGS;
	unsigned set;
	bool capital = false;

	if (is_inner(key) || sl_slice_equal(key, SL_SLICE("scope")) ||
	    sl_slice_equal(key, SL_SLICE("spans")))
		return true;
	for (size_t i = 0; i < key.len; i++)
		capital = capital || (key.data[i] >= 'A' && key.data[i] <= 'Z');
	set = capital ? shapes_with(key) : 0;
	return set != 0 && (set & requests) == 0;
}

/* The resource at the brace is that of a span line, whose attributes are no list. */
static bool is_of_line(struct anchor_search *search, const struct walk *walk, const char *at)
{
	struct sl_cursor trial = walk->decoder.cursor;
	struct sl_slice key = { "", 0 };

	trial.at = at;
	trial.arena = NULL;
	trial.fault = SL_FAULT_NONE;
	for (bool begun = false; sl_cursor_next_member(&trial, &begun, &key);) {
		if (sl_slice_equal(key, SL_SLICE("attributes")))
			return sl_cursor_peek(&trial) == '{';
		if (!pass_value(search, &trial))
			break;
	}
	return false;
}

/* What begins at the brace. */
static struct anchor judge(struct anchor_search *search, const struct walk *walk, const char *at)
{
	const char *begin = walk->decoder.cursor.begin, *end = walk->decoder.cursor.end;
	const char *start = at > begin && at[-1] == '[' ? at - 1 : at;
	bool in_line = start > begin ? start[-1] != '\n' : search->within_line;
	struct sl_slice key = { "", 0 };
	struct anchor anchor = { ANCHOR_END, at, in_line };
	unsigned set = 0;
	bool plain;

	if (search->wants_resource && is_value_of(SL_SLICE("\"resource\""), at, begin) &&
	    (search->in_part || !is_of_line(search, walk, at)))
		return (struct anchor){ ANCHOR_RESOURCE, at, in_line };
	if (search->wants_scope && is_value_of(SL_SLICE("\"scope\""), at, begin))
		return (struct anchor){ ANCHOR_SCOPE, at, in_line };
	plain = first_key(at, end, &key);
	/* an escape is in a string */
	if (plain ? is_inner(key) : in_line || at + 1 == end || is_space(at[1]) || at[1] == '\\')
		return anchor;
	if (plain)
		anchor.kind =
			is_request(key) ? ANCHOR_DOCUMENT : judge_keys(search, walk, at, &set);
	if (in_line || anchor.kind == ANCHOR_DOCUMENT)
		return anchor;
	if ((set & (1U << SHAPE_LINK | 1U << SHAPE_EVENT)) != 0 ||
	    (search->in_part && is_part_only(anchor.kind, key)))
		return anchor;
	/* at the start of a line a document begins, unless that goes on with what stood before */
	if (start == begin || !goes_on(*ink_before(start, begin)))
		return (struct anchor){ ANCHOR_DOCUMENT, start, false };
	return anchor;
}

struct anchor find_anchor(struct anchor_search *search, const struct walk *walk, const char *from)
{
	const char *end = walk->decoder.cursor.end, *at = from;
	bool in_part = walk->depth != WALK_OUTSIDE;
	bool wants_resource = !in_part || !walk->resource.present;
	bool wants_scope = in_part && (walk->depth < WALK_IN_SCOPE || !walk->scope->present);

	if (search->from != NULL && search->in_part == in_part &&
	    search->wants_resource == wants_resource && search->wants_scope == wants_scope &&
	    search->from <= from && from <= search->found.at)
		return search->found;
	search->from = from;
	search->in_part = in_part;
	search->wants_resource = wants_resource;
	search->wants_scope = wants_scope;
	search->found = (struct anchor){ ANCHOR_END, end, false };
	while (at < end && (at = memchr(at, '{', (size_t)(end - at))) != NULL) {
		struct anchor anchor = judge(search, walk, at++);

		if (anchor.kind == ANCHOR_END || anchor.at < from)
			continue;
		search->found = anchor;
		break;
	}
	return search->found;
}
