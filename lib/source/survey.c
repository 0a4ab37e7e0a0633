/* A look over a large object: what stands around the list in it. */
#include "survey.h"
#include "plausible.h"

enum {
	PASSED_BYTES = 16 * 1024,   /* a value that nobody knows is kept up to here */
	UNKNOWN_BYTES = 256 * 1024, /* and such members as long as the text is not longer */
};

static enum survey_outcome go_to(struct survey *survey, enum survey_place place)
{
	survey->place = place;
	return SURVEY_GOES_ON;
}

static bool is_one_of(struct sl_slice key, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == key.len && memcmp(*names, key.data, key.len) == 0)
			return true;
	return false;
}

/* A key with escapes may be any. */
static enum survey_member member_of(const struct survey *survey, struct sl_slice key)
{
	static const char *const lists[] = { "spans", "logRecords", "log_records", "logs", NULL };
	static const char *const known[] = { "resource",
					     "scope",
					     "schemaUrl",
					     "schema_url",
					     "instrumentationLibrary",
					     "instrumentation_library",
					     NULL };
	enum sl_note departure;
	enum sl_json_key kind = sl_json_key(key, &departure);
	bool list = survey->in_scope ? is_one_of(key, lists)
				     : kind == SL_KEY_BARE || kind == SL_KEY_BARE_LOGS;

	if (list)
		return MEMBER_LIST;
	return is_one_of(key, known) || memchr(key.data, '\\', key.len) != NULL ? MEMBER_KNOWN
										: MEMBER_UNKNOWN;
}

/* The key has been read, with its quotes. */
static enum survey_outcome end_key(struct survey *survey)
{
	struct sl_slice key;
	enum sl_note departure;

	if (survey->text.failed || survey->text.data == NULL)
		return SURVEY_BROKEN; /* whoever reads on will tell */
	key.data = survey->text.data + survey->value + 1;
	key.len = survey->text.len - survey->value - 2;
	survey->member = member_of(survey, key);
	if (survey->member == MEMBER_LIST && survey->before == 0)
		survey->list_key = sl_json_key(key, &departure);
	return go_to(survey, SURVEY_AT_COLON);
}

static enum survey_outcome begin(struct survey *survey, enum survey_place place)
{
	survey->skip = (struct sl_json_skip){ .begun = false };
	survey->value = survey->text.len;
	survey->value_at = survey->end_at;
	return go_to(survey, place);
}

/* The value of the member begins with this byte. */
static enum survey_outcome begin_value(struct survey *survey, char byte, uint64_t at)
{
	static const char starts[] = "{[\"-0123456789tfn";

	if (byte == '\0' || strchr(starts, byte) == NULL)
		return SURVEY_BROKEN;
	begin(survey, SURVEY_IN_VALUE);
	survey->opener = byte;
	if (byte != '[' || survey->member != MEMBER_LIST)
		return SURVEY_GOES_ON;
	sl_buffer_add_byte(&survey->text, '[');
	if (survey->before == 0) {
		survey->before = survey->text.len;
		survey->list_at = at + 1;
	}
	return go_to(survey, SURVEY_IN_LIST);
}

/* The value's brackets are a pair. */
static bool is_closed(const struct survey *survey)
{
	return (survey->opener != '{' || survey->last == '}') &&
	       (survey->opener != '[' || survey->last == ']');
}

/* There are too many members: the last one goes, unless it is the list. */
static void drop_excess(struct survey *survey)
{
	bool unknown = survey->member == MEMBER_UNKNOWN;

	if (survey->text.len <= (unknown ? UNKNOWN_BYTES : survey->limit + UNKNOWN_BYTES) ||
	    survey->before > survey->whole)
		return;
	survey->text.len = survey->whole;
	survey->oversize = survey->oversize || !unknown;
}

/* Damage has misled the count of brackets, and the value goes on into what stands behind it. */
static bool holds_part(const struct survey *survey)
{
	struct sl_slice value = { survey->text.data + survey->value,
				  survey->text.len - survey->value };
	enum sl_signal signal = survey->logs ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS;
	size_t at = 0, may_read = 4 * value.len;

	return survey->place == SURVEY_IN_VALUE && survey->opener != '"' &&
	       sl_json_find_part(value, &at, signal, SL_JSON_RECORD, &may_read) != SL_JSON_NO_PART;
}

static enum survey_outcome end_value(struct survey *survey)
{
	if (!is_closed(survey))
		return survey->place == SURVEY_IN_LIST ? SURVEY_MISLED : SURVEY_BROKEN;
	if (holds_part(survey)) {
		if (survey->member != MEMBER_UNKNOWN)
			return SURVEY_BROKEN;
		survey->text.len = survey->value;
		survey->place = SURVEY_IN_PASSED;
	}
	if (survey->place == SURVEY_IN_LIST)
		sl_buffer_add_byte(&survey->text, ']');
	if (survey->place == SURVEY_IN_PASSED)
		sl_buffer_add_literal(&survey->text, "null");
	drop_excess(survey);
	survey->whole = survey->text.len;
	return go_to(survey, SURVEY_AT_NEXT);
}

/* More of the value was read. */
static void keep(struct survey *survey, struct sl_slice bytes)
{
	bool unknown = survey->member == MEMBER_UNKNOWN;
	size_t limit = unknown ? PASSED_BYTES : survey->limit;

	if (survey->place != SURVEY_IN_VALUE)
		return;
	if (bytes.len <= limit &&
	    survey->text.len - (unknown ? survey->value : 0) <= limit - bytes.len) {
		sl_buffer_add_slice(&survey->text, bytes);
		return;
	}
	survey->oversize = survey->oversize || !unknown;
	survey->text.len = survey->value;
	survey->place = SURVEY_IN_PASSED;
}

/* On in a key or a value, as far as the bytes go. */
static enum survey_outcome read_on(struct survey *survey, struct sl_slice bytes, size_t *taken)
{
	const char *end = sl_json_skip(&survey->skip, bytes.data, bytes.data + bytes.len);

	*taken = end != NULL ? (size_t)(end - bytes.data) : bytes.len;
	if (*taken > 0)
		survey->last = bytes.data[*taken - 1];
	bytes.len = *taken;
	if (survey->place == SURVEY_IN_KEY)
		sl_buffer_add_slice(&survey->text, bytes);
	else
		keep(survey, bytes);
	if (survey->text.len > survey->limit && survey->place == SURVEY_IN_KEY)
		return SURVEY_BROKEN;
	survey->mismatched = survey->mismatched || survey->skip.mismatched;
	if (end == NULL || survey->skip.depth > 0) /* the count may be right all the same */
		return SURVEY_GOES_ON;
	return survey->place == SURVEY_IN_KEY ? end_key(survey) : end_value(survey);
}

/* A byte of the structure, which is taken unless it begins something. */
static enum survey_outcome read_byte(struct survey *survey, char byte, size_t *taken)
{
	bool closes = byte == '}' &&
		      (survey->place == SURVEY_AT_NEXT || survey->place == SURVEY_AT_FIRST);

	*taken = 0;
	if (survey->place == SURVEY_AT_VALUE)
		return begin_value(survey, byte, survey->end_at);
	if (byte == '"' && (survey->place == SURVEY_AT_KEY || survey->place == SURVEY_AT_FIRST))
		return begin(survey, SURVEY_IN_KEY);
	*taken = 1;
	if (survey->place == SURVEY_AT_OBJECT) /* '{', or what stands before a key */
		byte = '{';
	sl_buffer_add_byte(&survey->text, byte);
	if (closes)
		return SURVEY_WHOLE;
	if (survey->place == SURVEY_AT_OBJECT) {
		survey->whole = 1;
		return go_to(survey, SURVEY_AT_FIRST);
	}
	if (survey->place == SURVEY_AT_COLON && byte == ':')
		return go_to(survey, SURVEY_AT_VALUE);
	if (survey->place == SURVEY_AT_NEXT && byte == ',')
		return go_to(survey, SURVEY_AT_KEY);
	return SURVEY_BROKEN;
}

static bool is_inside(const struct survey *survey)
{
	return survey->place == SURVEY_IN_KEY || survey->place == SURVEY_IN_VALUE ||
	       survey->place == SURVEY_IN_PASSED || survey->place == SURVEY_IN_LIST;
}

uint64_t survey_damage(const struct survey *survey)
{
	return is_inside(survey) ? survey->value_at : survey->end_at;
}

/* Where a line begins that surely begins a document, or the bytes' length: see lines.c. */
static size_t find_document(struct survey *survey, struct sl_slice bytes)
{
	size_t at = 0;

	for (;;) {
		struct sl_slice rest = { bytes.data + at, bytes.len - at };
		const char *newline;
		size_t stop;

		if (survey->newline) {
			at += blank_prefix(rest);
			if (at == bytes.len)
				return at;
			survey->newline = false;
			if ((bytes.data[at] == '{' || bytes.data[at] == '[') &&
			    (survey->ink == '}' || survey->ink == ']'))
				return at;
		}
		newline = memchr(bytes.data + at, '\n', bytes.len - at);
		stop = newline != NULL ? (size_t)(newline - bytes.data) : bytes.len;
		while (stop > at && is_blank(bytes.data[stop - 1]))
			stop--;
		if (stop > at)
			survey->ink = bytes.data[stop - 1];
		if (newline == NULL)
			return bytes.len;
		survey->newline = true;
		at = (size_t)(newline - bytes.data) + 1;
	}
}

enum survey_outcome survey_read(struct survey *survey, struct sl_slice bytes, size_t *taken)
{
	size_t len = find_document(survey, bytes), at = 0, step;
	enum survey_outcome outcome = SURVEY_GOES_ON;

	while (outcome == SURVEY_GOES_ON && at < len) {
		struct sl_slice rest = { bytes.data + at, len - at };

		if (is_inside(survey)) {
			outcome = read_on(survey, rest, &step);
		} else {
			step = blank_prefix(rest);
			if (step == 0)
				outcome = read_byte(survey, *rest.data, &step);
		}
		at += step;
		survey->end_at += step;
		if (survey->before != 0 && survey->list_end == 0 && !is_inside(survey))
			survey->list_end = survey->end_at;
	}
	*taken = at;
	if (outcome == SURVEY_GOES_ON && len < bytes.len)
		return survey->place == SURVEY_IN_LIST ? SURVEY_MISLED : SURVEY_BROKEN;
	return outcome;
}

/* A list for those whose own was not found. */
static void add_list(struct survey *survey, bool logs)
{
	const char *key = survey->in_scope ? logs ? "\"logRecords\":[" : "\"spans\":["
			  : logs	   ? "\"scopeLogs\":["
					   : "\"scopeSpans\":[";

	sl_buffer_add(&survey->text, key, strlen(key));
	survey->before = survey->text.len;
	sl_buffer_add_byte(&survey->text, ']');
}

void survey_assume(struct survey *survey, bool logs)
{
	survey->text.len = 0;
	sl_buffer_add_byte(&survey->text, '{');
	add_list(survey, logs);
	sl_buffer_add_byte(&survey->text, '}');
}

void survey_close(struct survey *survey, bool logs)
{
	if (survey->place == SURVEY_IN_LIST)
		sl_buffer_add_byte(&survey->text, ']');
	else
		survey->text.len = survey->whole;
	if (survey->before == 0) {
		if (survey->text.len > 1)
			sl_buffer_add_byte(&survey->text, ',');
		add_list(survey, logs);
	}
	sl_buffer_add_byte(&survey->text, '}');
}
