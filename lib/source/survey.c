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
static bool holds_part(struct survey *survey)
{
	enum sl_signal signal = survey->logs ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS;
	size_t len = survey->text.len - survey->value, at = 0, may_read = 4 * len;
	struct sl_slice value;
	char *padding;

	if (survey->place != SURVEY_IN_VALUE || survey->opener == '"')
		return false;
	padding = sl_buffer_reserve(&survey->text, SL_PADDING);
	if (padding == NULL)
		return false; /* whoever reads on will tell */
	memset(padding, 0, SL_PADDING);
	value = (struct sl_slice){ survey->text.data + survey->value, len };
	return sl_json_find_part(value, &at, signal, SL_JSON_RECORD, &may_read) != SL_JSON_NO_PART;
}

static enum survey_outcome end_value(struct survey *survey)
{
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

static enum survey_outcome begin_key(struct survey *survey)
{
	if (survey->text.len > 1)
		sl_buffer_add_byte(&survey->text, ',');
	return begin(survey, SURVEY_IN_KEY);
}

/* A byte at `at` that cannot stand between members: one may, if a key is behind it. */
static enum survey_outcome pass_strange(struct survey *survey, uint64_t at)
{
	if (survey->strange != 0)
		return SURVEY_BROKEN;
	survey->strange = at + 1;
	return go_to(survey, SURVEY_AT_STRANGE);
}

/* At the bracket that closed the object. */
static enum survey_outcome close_object(struct survey *survey)
{
	survey->end_at = survey->closed;
	survey->text.len = survey->whole;
	sl_buffer_add_byte(&survey->text, '}');
	return SURVEY_WHOLE;
}

/* What was a key begins with a quote too many, or ends with the one that begins the key. */
static enum survey_outcome mend_key(struct survey *survey)
{
	bool ended = survey->place == SURVEY_AT_COLON;

	if (survey->strange != 0 && survey->strange == survey->closed) {
		survey->strange = 0; /* it is strange what stands behind the object */
		return close_object(survey);
	}
	if (survey->strange != 0)
		return SURVEY_BROKEN;
	survey->strange = survey->value_at + 1;
	survey->text.len = survey->value;
	if (!ended) {
		survey->text.len = survey->whole;
		return go_to(survey, SURVEY_AT_STRANGE);
	}
	sl_buffer_add_byte(&survey->text, '"');
	survey->skip = (struct sl_json_skip){ .begun = true, .in_string = true };
	return go_to(survey, SURVEY_IN_KEY);
}

/* On in a key or a value, as far as the bytes go. */
static enum survey_outcome read_on(struct survey *survey, struct sl_slice bytes, size_t *taken)
{
	const char *end = sl_json_skip(&survey->skip, bytes.data, bytes.data + bytes.len);

	*taken = end != NULL ? (size_t)(end - bytes.data) : bytes.len;
	bytes.len = *taken;
	if (survey->place == SURVEY_IN_KEY)
		sl_buffer_add_slice(&survey->text, bytes);
	else
		keep(survey, bytes);
	if (survey->text.len > survey->limit && survey->place == SURVEY_IN_KEY)
		return SURVEY_BROKEN;
	if (survey->skip.broken && survey->place == SURVEY_IN_KEY)
		return mend_key(survey);
	if (survey->skip.broken)
		return survey->place == SURVEY_IN_LIST ? SURVEY_MISLED : SURVEY_BROKEN;
	if (end == NULL)
		return SURVEY_GOES_ON;
	return survey->place == SURVEY_IN_KEY ? end_key(survey) : end_value(survey);
}

/* Between members. */
static enum survey_outcome read_separator(struct survey *survey, char byte, size_t *taken)
{
	enum survey_place place = survey->place;
	bool strange = place == SURVEY_AT_NEXT || place == SURVEY_AT_CLOSED;

	*taken = 0;
	if (place == SURVEY_AT_CLOSED && (byte != '"' || survey->strange != 0))
		return close_object(survey);
	if (byte == '"' && strange &&
	    pass_strange(survey, place == SURVEY_AT_CLOSED ? survey->closed - 1 : survey->end_at) ==
		    SURVEY_BROKEN)
		return SURVEY_BROKEN;
	if (byte == '"')
		return begin_key(survey);
	if (place == SURVEY_AT_STRANGE || byte == '{' || byte == '[')
		return SURVEY_BROKEN; /* another object */
	*taken = 1;
	if (byte == ',' && place == SURVEY_AT_NEXT)
		return go_to(survey, SURVEY_AT_KEY);
	if (byte != '}' || place == SURVEY_AT_KEY)
		return pass_strange(survey, survey->end_at);
	survey->closed = survey->end_at + 1;
	return go_to(survey, SURVEY_AT_CLOSED);
}

/* A byte of the structure, which is taken unless it begins something. */
static enum survey_outcome read_byte(struct survey *survey, char byte, size_t *taken)
{
	*taken = 0;
	if (survey->place == SURVEY_AT_VALUE)
		return begin_value(survey, byte, survey->end_at);
	if (survey->place == SURVEY_AT_COLON && byte != ':')
		return mend_key(survey);
	*taken = 1;
	if (survey->place == SURVEY_AT_COLON) {
		sl_buffer_add_byte(&survey->text, ':');
		return go_to(survey, SURVEY_AT_VALUE);
	}
	if (survey->place != SURVEY_AT_OBJECT)
		return read_separator(survey, byte, taken);
	sl_buffer_add_byte(&survey->text, '{'); /* or what stands before a key */
	survey->whole = 1;
	return go_to(survey, SURVEY_AT_FIRST);
}

static bool is_inside(const struct survey *survey)
{
	return survey->place == SURVEY_IN_KEY || survey->place == SURVEY_IN_VALUE ||
	       survey->place == SURVEY_IN_PASSED || survey->place == SURVEY_IN_LIST;
}

uint64_t survey_damage(const struct survey *survey)
{
	return is_inside(survey) || survey->place == SURVEY_AT_COLON ? survey->value_at
								     : survey->end_at;
}

/* What comes behind it may be long in coming, and is nothing that tells. */
static bool ends_line(const struct survey *survey, const char *blanks, size_t len)
{
	return survey->alone && survey->place == SURVEY_AT_CLOSED &&
	       memchr(blanks, '\n', len) != NULL;
}

enum survey_outcome survey_read(struct survey *survey, struct sl_slice bytes, size_t *taken)
{
	size_t at = 0, step;
	enum survey_outcome outcome = SURVEY_GOES_ON;

	while (outcome == SURVEY_GOES_ON && at < bytes.len) {
		struct sl_slice rest = { bytes.data + at, bytes.len - at };

		if (is_inside(survey)) {
			outcome = read_on(survey, rest, &step);
		} else {
			step = blank_prefix(rest);
			if (step == 0)
				outcome = read_byte(survey, *rest.data, &step);
			else if (ends_line(survey, rest.data, step))
				outcome = close_object(survey);
		}
		at += step;
		if (outcome != SURVEY_WHOLE)
			survey->end_at += step;
		if (survey->before != 0 && survey->list_end == 0 && !is_inside(survey))
			survey->list_end = survey->end_at;
	}
	*taken = at;
	return outcome;
}

enum survey_outcome survey_end(struct survey *survey)
{
	size_t taken;

	if (survey->place == SURVEY_AT_CLOSED)
		return read_separator(survey, '\0', &taken);
	return survey->place == SURVEY_IN_LIST ? SURVEY_MISLED : SURVEY_CUT;
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
