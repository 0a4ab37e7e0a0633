/* Chosen fields of spans as comma-separated values. */
#include "project.h"
#include "spanline/json.h"
#include "spanline/text.h"

/* A character that would move the cursor or reorder the text, but for what lays it out. */
static bool is_hidden(uint32_t code)
{
	return sl_is_unsafe(code) && code != '\n' && code != '\t' && code != '\r';
}

/* As sl_text_show has it, with line ends and tabs left alone. */
static void add_shown(struct sl_buffer *out, struct sl_slice text, struct sl_notes *notes)
{
	bool replaced = false, hidden = false;
	size_t at = 0;

	while (at < text.len) {
		struct sl_slice rest = { text.data + at, text.len - at };
		size_t good = sl_utf8_prefix(rest), len;

		for (size_t end = at + good; at < end; at += len) {
			uint32_t code = sl_utf8_decode(text.data + at, &len);

			if (is_hidden(code))
				sl_text_show(out, (struct sl_slice){ text.data + at, len }, false);
			else
				sl_buffer_add(out, text.data + at, len);
			hidden |= is_hidden(code);
		}
		if (at < text.len) {
			rest = (struct sl_slice){ text.data + at, text.len - at };
			sl_buffer_add_literal(out, "\xef\xbf\xbd");
			at += sl_utf8_bad_length(rest);
			replaced = true;
		}
	}
	notes->count[SL_NOTE_REPLACED_UTF8] += replaced;
	notes->count[SL_NOTE_LOST_CONTROL] += hidden;
}

static bool needs_quotes(struct sl_slice cell)
{
	if (cell.data == NULL || cell.len == 0)
		return false;
	for (size_t i = 0; i < cell.len; i++)
		if (strchr(",\"\n\r\t", cell.data[i]) != NULL)
			return true;
	return cell.data[0] == ' ' || cell.data[cell.len - 1] == ' ';
}

/* What stands in `out` from `at` on becomes a cell. */
static void end_cell(struct sl_buffer *out, size_t at)
{
	size_t quotes = 2, len = out->len - at;
	struct sl_slice cell;
	char *to;

	if (out->failed || out->data == NULL)
		return;
	cell = (struct sl_slice){ out->data + at, len };
	if (!needs_quotes(cell))
		return;
	for (size_t i = 0; i < len; i++)
		quotes += cell.data[i] == '"';
	if (sl_buffer_reserve(out, quotes) == NULL)
		return;
	/* from its end, so that nothing is written over before it is read */
	to = out->data + at + len + quotes;
	*--to = '"';
	for (size_t i = len; i > 0; i--) {
		char byte = out->data[at + i - 1];

		*--to = byte;
		if (byte == '"')
			*--to = '"';
	}
	*--to = '"';
	out->len += quotes;
}

/* JSON's text without the quotes of a string, which holds nothing that is escaped. */
static void strip_quotes(struct sl_buffer *out, size_t at)
{
	size_t len = out->len - at;

	if (out->failed)
		return;
	if (len >= 2 && out->data[at] == '"') {
		memmove(out->data + at, out->data + at + 1, len - 2);
		out->len -= 2;
	} else if (len == 4 && memcmp(out->data + at, "null", 4) == 0) {
		out->len = at;
	}
}

static void add_field(struct sl_buffer *out, const struct sl_field *field,
		      const struct sl_span *span, struct sl_notes *notes)
{
	struct sl_value value = { .type = SL_VALUE_EMPTY };
	size_t at = out->len;

	if (field->type == SL_FIELD_STRING) {
		field->get(span, &value);
		if (value.type == SL_VALUE_STRING) {
			add_shown(out, value.text, notes);
			return;
		}
	}
	sl_json_write_field(out, field, span);
	strip_quotes(out, at);
}

static void add_value(struct sl_buffer *out, const struct sl_query_value *value,
		      struct sl_notes *notes)
{
	size_t at = out->len;

	if (value->type == SL_TYPE_STRING) {
		add_shown(out, value->text, notes);
		return;
	}
	sl_write_query_value(out, value);
	strip_quotes(out, at);
}

enum sl_status sl_project_csv(struct sl_projector *projector, const struct sl_projected *from,
			      struct sl_notes *notes, struct sl_buffer *out, struct sl_error *err)
{
	const struct sl_projection *projection = projector->projection;
	struct sl_query_value value;

	for (size_t i = 0; i < projection->count; i++) {
		const struct column *column = &projection->columns[i];
		enum sl_status status = SL_OK;
		size_t at;

		sl_buffer_add(out, ",", i != 0);
		at = out->len;
		if (column->field != NULL)
			add_field(out, column->field, from->span, notes);
		else
			status = sl_query_value(projector->matchers[i], from->span, from->trace,
						from->index, &value, err);
		if (status != SL_OK)
			return status;
		if (column->field == NULL)
			add_value(out, &value, notes);
		end_cell(out, at);
	}
	sl_buffer_add_byte(out, '\n');
	return SL_OK;
}

void sl_project_csv_head(const struct sl_projection *projection, struct sl_buffer *out)
{
	struct sl_notes notes = { { 0 }, { 0 } };

	for (size_t i = 0; i < projection->count; i++) {
		size_t at;

		sl_buffer_add(out, ",", i != 0);
		at = out->len;
		add_shown(out, projection->columns[i].key, &notes);
		end_cell(out, at);
	}
	sl_buffer_add_byte(out, '\n');
}
