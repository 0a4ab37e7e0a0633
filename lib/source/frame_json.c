/*
 * JSON documents in any layout.  Mostly each is a line, and whole documents are cut out in blocks
 * of lines (lines.c).  Where nothing more is there to be read brackets are counted, as the last
 * document may be whole; and what grows large without an end is split into its parts (split.c).
 */
#include "source.h"

/* A document that is longer does not have to fit into memory. */
enum { SPLIT_BYTES = 2 * 1024 * 1024 };

/* Documents (perhaps with garbage before them) become a unit. */
static void take(struct sl_source *source, size_t len)
{
	struct json_framing *json = &source->framing.json;

	window_emit(source, (struct sl_unit){ .kind = SL_UNIT_DOCUMENTS,
					      .truncated = source->ended,
					      .len = len });
	window_consume(source, len);
	json->skip = (struct sl_json_skip){ 0 };
	json->scanned = 0;
	json->garbage = false;
}

/* At the line end from which on a document may begin, in what is none; false: not in sight. */
static bool pass_garbage(struct json_framing *json, struct sl_slice window)
{
	const char *from = window.data + json->scanned;
	const char *newline = memchr(from, '\n', window.len - json->scanned);

	json->scanned = newline != NULL ? (size_t)(newline - window.data) + 1 : window.len;
	json->garbage = newline == NULL;
	return newline != NULL;
}

/* Counts brackets from where it stopped; bytes up to the end of the last whole document. */
static size_t scan_documents(struct json_framing *json, struct sl_slice window)
{
	size_t whole = 0;

	while (json->scanned < window.len) {
		char byte = window.data[json->scanned];
		const char *end;

		if (!json->skip.begun && !json->garbage && is_blank(byte)) {
			json->scanned++;
			continue;
		}
		if (!json->skip.begun && (json->garbage || (byte != '{' && byte != '['))) {
			if (!pass_garbage(json, window))
				break;
			continue;
		}
		end = sl_json_skip(&json->skip, window.data + json->scanned,
				   window.data + window.len);
		json->scanned = end != NULL ? (size_t)(end - window.data) : window.len;
		if (end != NULL && json->skip.depth == 0) {
			whole = json->scanned;
			json->skip = (struct sl_json_skip){ 0 };
		}
	}
	return whole;
}

/* At a document's start; what is known of the lines stays. */
static void begin_anew(struct json_framing *json)
{
	*json = (struct json_framing){ .begun = true, .lines = json->lines };
}

/* Of a document that is split nothing is left when it turns out to be none of ours. */
static void look(struct sl_source *source)
{
	struct sl_slice start = window(source);

	if (source->look_alike.name != NULL || source->credit < FOREIGN_LOOK_BYTES)
		return;
	source->credit -= FOREIGN_LOOK_BYTES;
	if (start.len > FOREIGN_LOOK_BYTES)
		start.len = FOREIGN_LOOK_BYTES;
	source->look_alike = (struct sl_look_alike){ sl_foreign_look_alike(start),
						     source->base + source->at, 0 };
}

static void begin_large(struct sl_source *source)
{
	struct json_framing *json = &source->framing.json;
	char byte = *window_bytes(source);

	begin_anew(json);
	json->splitting = true;
	if (byte == '{' || byte == '[') {
		look(source);
		return;
	}
	window_complain(source, SL_MALFORMED, 0, "no JSON document stands here");
	split_astray(source);
}

/* False: more bytes are needed. */
static bool cut_documents(struct sl_source *source)
{
	struct json_framing *json = &source->framing.json;
	size_t blanks = blank_prefix(window(source)), whole;

	if (blanks > 0) {
		window_consume_lines(source, blanks);
		return true;
	}
	if (window_len(source) == 0)
		return false;
	lines_read(&json->lines, window(source));
	if (source->ended) {
		take(source, window_len(source));
		return false;
	}
	if (json->lines.boundary != 0) {
		take(source, json->lines.boundary);
		return true;
	}
	if (window_len(source) >= SPLIT_BYTES) {
		begin_large(source);
		return true;
	}
	whole = source->pressed ? scan_documents(json, window(source)) : 0;
	if (whole != 0)
		take(source, whole);
	return whole != 0;
}

static bool split_document(struct sl_source *source)
{
	struct json_framing *json = &source->framing.json;

	switch (split_step(source)) {
	case SPLIT_ON:
		return true;
	case SPLIT_MORE:
		return false;
	case SPLIT_DONE:
		begin_anew(json);
		return true;
	}
	return false;
}

static bool pass_byte_order_mark(struct sl_source *source)
{
	struct sl_slice mark = SL_SLICE("\xef\xbb\xbf");
	struct sl_slice start = window(source);
	size_t len = start.len < mark.len ? start.len : mark.len;
	bool same = memcmp(start.data, mark.data, len) == 0;

	if (same && len < mark.len && !source->ended)
		return false;
	source->framing.json.begun = true;
	if (same && len == mark.len)
		window_consume(source, len);
	return true;
}

void frame_json(struct sl_source *source)
{
	struct json_framing *json = &source->framing.json;
	bool on = true;

	if (source->line == 0)
		source->line = 1;
	if (!json->begun && !pass_byte_order_mark(source))
		return;
	while (on && !window_full(source)) {
		size_t at = source->at;

		if (json->splitting)
			on = split_document(source);
		else
			on = cut_documents(source);
		lines_shift(&json->lines, source->at - at);
	}
}
