/*
 * JSON of other programs, cut into records: traces, or lists of spans, or spans.  A unit is as many
 * as stand beside each other in some hundred KiB, or one that is larger; what is around them
 * (lists, and objects like {"data":[]}) is passed over.  One record has to fit into --max-message;
 * of a list that does not the elements are records.
 *
 * Where brackets are no pairs, or the input ends inside a record, its end is where a line begins
 * with another document, or unknown: then the reader looks for what is whole in it.
 */
#include "source.h"

enum {
	RUN_BYTES = 256 * 1024,
	LOOK_BYTES = 256 * 1024, /* at what a value is */
	KEY_BYTES = 4096,	 /* a longer key is none that is known */
	SPAN_DEPTH = 3,		 /* of brackets around what a trace's span has */
};

/* A line begins with a document there: see lines.c.  0: none does. */
static size_t find_boundary(struct sl_slice text)
{
	size_t at = 0;

	while (at < text.len) {
		const char *newline = memchr(text.data + at, '\n', text.len - at);
		size_t ink, start;

		if (newline == NULL)
			return 0;
		ink = start = (size_t)(newline - text.data) + 1;
		while (ink > 0 && is_blank(text.data[ink - 1]))
			ink--;
		at = start + blank_prefix((struct sl_slice){ text.data + start, text.len - start });
		if (at < text.len && (text.data[at] == '{' || text.data[at] == '[') && ink > 0 &&
		    (text.data[ink - 1] == '}' || text.data[ink - 1] == ']'))
			return start;
	}
	return 0;
}

static void begin_record(struct foreign_framing *foreign, size_t at)
{
	foreign->in_record = true;
	foreign->skip = (struct sl_json_skip){ 0 };
	foreign->record = foreign->scanned = at;
}

static void emit(struct sl_source *source, size_t len, struct sl_unit unit)
{
	struct foreign_framing *foreign = &source->framing.foreign;

	unit.foreign = (enum sl_foreign)(source->format - SL_FORMAT_FOREIGN);
	unit.kind = unit.foreign == SL_FOREIGN_EVENT ? SL_UNIT_ENVELOPE : SL_UNIT_FOREIGN;
	unit.len = len;
	window_emit(source, unit);
	window_consume(source, len);
	foreign->in_record = false;
	foreign->run = 0;
}

static enum sl_foreign_part part_at(struct sl_source *source, size_t at)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	struct sl_slice rest = { window_bytes(source) + at, window_len(source) - at };
	enum sl_foreign id = (enum sl_foreign)(source->format - SL_FORMAT_FOREIGN);
	bool all = source->ended || rest.len >= LOOK_BYTES;
	enum sl_foreign_part part;

	/* never more, so that the answer is the same however the bytes come */
	if (rest.len > LOOK_BYTES)
		rest.len = LOOK_BYTES;
	part = sl_foreign_part(id, rest, all);
	if (foreign->divides && part == SL_FOREIGN_RECORD && rest.data[0] == '[')
		return SL_FOREIGN_LIST;
	return foreign->depth == FOREIGN_DEPTH && part != SL_FOREIGN_UNKNOWN ? SL_FOREIGN_RECORD
									     : part;
}

/* A record is whole: another one beside it comes into the same unit. */
static bool end_record(struct sl_source *source, size_t end)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	struct sl_slice text = window(source);
	size_t next = end;

	foreign->run = end;
	foreign->astray = false;
	while (next < text.len && (is_blank(text.data[next]) || text.data[next] == ','))
		next++;
	/* an event is a unit by itself */
	if (source->format != SL_FORMAT_FOREIGN + SL_FOREIGN_EVENT && end < RUN_BYTES &&
	    next < text.len && (text.data[next] == '{' || text.data[next] == '[') &&
	    part_at(source, next) == SL_FOREIGN_RECORD) {
		begin_record(foreign, next);
		return true;
	}
	emit(source, end, (struct sl_unit){ .truncated = false });
	return true;
}

/* Behind the last whole span of the trace, which stands in a list in it.  0: there is none. */
static size_t whole_spans(struct sl_slice trace)
{
	const char *at = trace.data, *end = at + trace.len;
	size_t depth = 0, whole = 0;

	for (; at < end; at++) {
		if (*at == '"') {
			while (++at < end && *at != '"')
				at += *at == '\\';
		} else if (*at == '{' || *at == '[') {
			depth++;
		} else if ((*at == '}' || *at == ']') && depth-- == SPAN_DEPTH && *at == '}') {
			whole = (size_t)(at - trace.data) + 1;
		}
		if (depth > SIZE_MAX / 2)
			return 0;
	}
	return whole;
}

/* The record's end is not to be found by its brackets.  False: more bytes are needed. */
static bool break_record(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	struct sl_slice text = window(source);
	size_t limit = source->options.max_message, boundary;
	bool large = text.len - foreign->record > limit;

	if (foreign->run > 0) {
		size_t gap = foreign->record - foreign->run;

		emit(source, foreign->run, (struct sl_unit){ .truncated = false });
		window_consume_lines(source, gap);
		begin_record(foreign, 0);
		foreign->broken = true;
		return true;
	}
	if (large)
		text.len = limit;
	if (large && !foreign->astray)
		window_complain(source, SL_OVERSIZE, 0,
				"a trace of more than %zu bytes, which is read in pieces (see "
				"--max-message)",
				limit);
	boundary = find_boundary(text);
	if (large && boundary == 0)
		boundary = whole_spans(text);
	if (boundary == 0 && !source->ended && !large)
		return false;
	foreign->broken = false;
	foreign->depth = 0;
	foreign->astray = boundary == 0;
	foreign->left = true;
	emit(source, boundary != 0 ? boundary : text.len,
	     (struct sl_unit){ .broken = true,
			       .truncated = source->ended && boundary == 0 && !large });
	return true;
}

/* A list that is too large for a record is cut into its elements. */
static bool divide(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;

	if (window_bytes(source)[foreign->record] != '[' || foreign->run > 0)
		return false;
	foreign->divides = true;
	foreign->in_record = false;
	return true;
}

static bool in_record(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	struct sl_slice text = window(source);
	const char *end;

	if (foreign->broken)
		return break_record(source);
	end = sl_json_skip(&foreign->skip, text.data + foreign->scanned, text.data + text.len);
	foreign->scanned = end != NULL ? (size_t)(end - text.data) : text.len;
	if (foreign->scanned - foreign->record > source->options.max_message) {
		if (!divide(source))
			foreign->broken = true;
		return true;
	}
	if (end != NULL && !foreign->skip.broken)
		return end_record(source, foreign->scanned);
	foreign->broken = end != NULL || source->ended;
	return foreign->broken;
}

static bool complain(struct sl_source *source, enum sl_reason reason, const char *what)
{
	struct foreign_framing *foreign = &source->framing.foreign;

	if (!foreign->astray)
		window_complain(source, reason, 0, "%s", what);
	foreign->astray = foreign->left = true;
	foreign->at_member = false;
	foreign->depth = 0;
	return true;
}

/* To the next byte that may begin a record. */
static bool pass_garbage(struct sl_source *source)
{
	struct sl_slice text = window(source);
	size_t at = 1;

	while (at < text.len && text.data[at] != '{' && text.data[at] != '[')
		at++;
	window_consume_lines(source, at);
	return true;
}

static bool push(struct sl_source *source, bool object)
{
	struct foreign_framing *foreign = &source->framing.foreign;

	foreign->objects[foreign->depth++] = object;
	window_consume(source, 1);
	return true;
}

/* Over a value that is nobody's. */
static bool skip_value(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	struct sl_slice text = window(source);
	const char *end = sl_json_skip(&foreign->skip, text.data, text.data + text.len);

	window_consume_lines(source, end != NULL ? (size_t)(end - text.data) : text.len);
	if (end == NULL && !source->ended)
		return false;
	/* around_records() tells of an input that ends here, as what is around it is open */
	foreign->in_skipped = false;
	if (end == NULL)
		return true;
	if (foreign->skip.broken)
		return complain(source, SL_MALFORMED, "this value is damaged");
	return true;
}

static bool begin_skip(struct sl_source *source)
{
	source->framing.foreign.skip = (struct sl_json_skip){ 0 };
	source->framing.foreign.in_skipped = true;
	return true;
}

static bool at_value(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	char byte = *window_bytes(source);

	if (byte != '{' && byte != '[') {
		if (byte != 'n')
			window_complain(source, SL_MALFORMED, 0,
					"expected an object or an array in a list");
		return begin_skip(source);
	}
	foreign->at_member = false;
	switch (part_at(source, 0)) {
	case SL_FOREIGN_UNKNOWN:
		foreign->at_member = foreign->depth > 0 && foreign->objects[foreign->depth - 1];
		return false;
	case SL_FOREIGN_WRAPPER:
		return push(source, true);
	case SL_FOREIGN_LIST:
		return push(source, false);
	case SL_FOREIGN_RECORD:
		break;
	}
	begin_record(foreign, 0);
	return true;
}

/* Bytes of the key, its colon and what is blank up to its value; 0: they are not all there. */
static size_t key_prefix(struct sl_slice text, struct sl_slice *key)
{
	size_t at = 1;

	while (at < text.len && text.data[at] != '"')
		at += text.data[at] == '\\' ? 2 : 1;
	if (at >= text.len)
		return 0;
	*key = (struct sl_slice){ text.data + 1, at - 1 };
	at++;
	at += blank_prefix((struct sl_slice){ text.data + at, text.len - at });
	if (at < text.len && text.data[at] != ':')
		return SIZE_MAX;
	at++;
	if (at >= text.len)
		return 0;
	at += blank_prefix((struct sl_slice){ text.data + at, text.len - at });
	return at < text.len ? at : 0;
}

static bool at_key(struct sl_source *source)
{
	enum sl_foreign id = (enum sl_foreign)(source->format - SL_FORMAT_FOREIGN);
	struct sl_slice text = window(source), key;
	size_t len;
	char byte;

	if (text.len > KEY_BYTES)
		text.len = KEY_BYTES;
	len = key_prefix(text, &key);
	if (len == 0 && text.len < KEY_BYTES && !source->ended)
		return false;
	if (len == 0 || len == SIZE_MAX)
		return complain(source, SL_MALFORMED, "expected a key with its value");
	byte = text.data[len];
	window_consume_lines(source, len);
	if (!sl_foreign_wraps(id, key) || (byte != '{' && byte != '['))
		return begin_skip(source);
	source->framing.foreign.at_member = true;
	return true;
}

/* Between records, inside what is around them. */
static bool around_records(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	bool object = foreign->depth > 0 && foreign->objects[foreign->depth - 1];
	struct sl_slice text = window(source);
	size_t at = 0;

	while (at < text.len && (is_blank(text.data[at]) || text.data[at] == ','))
		at++;
	if (at > 0) {
		window_consume_lines(source, at);
		return true;
	}
	if (text.len == 0) {
		if (source->ended && foreign->depth > 0)
			complain(source, SL_TRUNCATED, "the input ends inside a JSON document");
		return false;
	}
	if (foreign->depth > 0 && text.data[0] == (object ? '}' : ']')) {
		foreign->depth--;
		window_consume(source, 1);
		return true;
	}
	if (foreign->depth == 0 && foreign->left && (text.data[0] == '}' || text.data[0] == ']')) {
		window_consume(source, 1);
		return true;
	}
	if (object && text.data[0] == '"')
		return at_key(source);
	if (text.data[0] == '{' || text.data[0] == '[' || (foreign->depth > 0 && !object))
		return !object ? at_value(source)
			       : complain(source, SL_MALFORMED,
					  "expected a key in a JSON document");
	complain(source, SL_MALFORMED,
		 foreign->depth > 0 ? "expected a key in a JSON document"
				    : "no JSON document stands here");
	return pass_garbage(source);
}

static bool pass_byte_order_mark(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	struct sl_slice mark = SL_SLICE("\xef\xbb\xbf"), start = window(source);

	if (start.len < mark.len && !source->ended)
		return false;
	foreign->begun = true;
	if (start.len >= mark.len && memcmp(start.data, mark.data, mark.len) == 0)
		window_consume(source, mark.len);
	return true;
}

void frame_foreign(struct sl_source *source)
{
	struct foreign_framing *foreign = &source->framing.foreign;
	bool on = true;

	if (source->line == 0)
		source->line = 1;
	if (!foreign->begun && !pass_byte_order_mark(source))
		return;
	while (on && !window_full(source)) {
		if (foreign->in_record)
			on = in_record(source);
		else if (foreign->at_member)
			on = at_value(source);
		else if (foreign->in_skipped)
			on = skip_value(source);
		else
			on = around_records(source);
	}
}
