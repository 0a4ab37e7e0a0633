/* Keys of attributes: in columns for a person, or as JSON. */
#include "forms.h"
#include "spanline/json.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { NUMBER_WIDTH = 9 };

static int compare_keys(const void *one, const void *other)
{
	const struct sl_key *const *first = one, *const *second = other;
	const struct sl_key *a = *first, *b = *second;

	if (a->spans != b->spans)
		return a->spans > b->spans ? -1 : 1;
	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	return sl_slice_compare(a->name, b->name);
}

static bool is_bare(struct sl_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char byte = name.data[i];

		if (!((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
		      (byte >= 'A' && byte <= 'Z') || byte == '.' || byte == '_'))
			return false;
	}
	return name.len != 0;
}

/* As --by takes it. */
static void add_field(struct sl_buffer *out, const struct sl_key *key)
{
	static const char *const owners[] = { [SL_OWNER_SPAN] = "span.",
					      [SL_OWNER_RESOURCE] = "resource.",
					      [SL_OWNER_SCOPE] = "instrumentation." };
	bool bare = is_bare(key->name);

	sl_buffer_printf(out, "%s%s", owners[key->owner], bare ? "" : "\"");
	for (size_t i = 0; i < key->name.len; i++) {
		char byte = key->name.data[i];

		sl_buffer_add(out, "\\", byte == '"' || byte == '\\');
		sl_buffer_add_byte(out, byte);
	}
	sl_buffer_add(out, "\"", !bare);
}

static struct sl_slice field_of(struct sl_buffer *cell, const struct sl_key *key, bool ascii)
{
	struct sl_buffer field = { 0 };

	cell->len = 0;
	add_field(&field, key);
	sl_text_show(cell, sl_buffer_slice(&field), ascii);
	cell->failed |= field.failed;
	sl_buffer_free(&field);
	return sl_buffer_slice(cell);
}

static void add_padded(struct sl_buffer *out, struct sl_slice text, size_t width,
		       struct sl_slice ellipsis)
{
	size_t cells = sl_text_fit(out, text, width, ellipsis);

	for (; cells < width; cells++)
		sl_buffer_add_byte(out, ' ');
}

static void write_table_of(const struct sl_report_options *options, const struct sl_key **rows,
			   size_t count, struct sl_buffer *out)
{
	struct sl_slice ellipsis = options->ascii ? SL_SLICE("...") : SL_SLICE("\xe2\x80\xa6");
	struct sl_buffer cell = { 0 };
	size_t width = 9, rest = 2 * (2 + NUMBER_WIDTH) + 2;

	for (size_t i = 0; i < count; i++) {
		size_t cells = sl_text_cells(field_of(&cell, rows[i], options->ascii));

		width = cells > width ? cells : width;
	}
	if (width > options->width / 2)
		width = options->width / 2;
	rest = options->width > width + rest + 8 ? options->width - width - rest : 8;
	add_padded(out, SL_SLICE("attribute"), width, ellipsis);
	sl_buffer_printf(out, "  %*s  %*s  example\n", NUMBER_WIDTH, "spans", NUMBER_WIDTH,
			 "values");
	for (size_t i = 0; i < count; i++) {
		char values[24] = ">"
				  "10000";

		if (!rows[i]->has_more)
			values[sl_write_u64(values, rows[i]->values.count)] = '\0';
		add_padded(out, field_of(&cell, rows[i], options->ascii), width, ellipsis);
		sl_buffer_printf(out, "  %*llu  %*s  ", NUMBER_WIDTH,
				 (unsigned long long)rows[i]->spans, NUMBER_WIDTH, values);
		cell.len = 0;
		sl_text_show(&cell, sl_buffer_slice(&rows[i]->example), options->ascii);
		sl_text_fit(out, sl_buffer_slice(&cell), rest, ellipsis);
		sl_buffer_add_byte(out, '\n');
	}
	out->failed |= cell.failed;
	sl_buffer_free(&cell);
}

static void add_object(struct sl_buffer *out, const struct sl_key *key)
{
	struct sl_buffer field = { 0 };

	add_field(&field, key);
	sl_buffer_add_literal(out, "{\"attribute\":");
	sl_json_write_string(out, sl_buffer_slice(&field));
	sl_buffer_printf(out, ",\"spans\":%llu,\"values\":", (unsigned long long)key->spans);
	if (key->has_more)
		sl_buffer_add_literal(out, "null");
	else
		sl_buffer_printf(out, "%zu", key->values.count);
	sl_buffer_add_literal(out, ",\"example\":");
	sl_json_write_string(out, sl_buffer_slice(&key->example));
	sl_buffer_add_byte(out, '}');
	out->failed |= field.failed;
	sl_buffer_free(&field);
}

static void write_json_of(const struct sl_key **rows, size_t count, struct sl_buffer *out)
{
	sl_buffer_add_literal(out, "{\"keys\":[");
	for (size_t i = 0; i < count; i++) {
		sl_buffer_add(out, ",", i != 0);
		sl_buffer_add_byte(out, '\n');
		add_object(out, rows[i]);
	}
	sl_buffer_add_literal(out, "\n]}\n");
}

bool sl_report_form_has_keys(const char *form)
{
	return strcmp(form, "table") == 0 || strcmp(form, "json") == 0;
}

enum sl_status sl_report_keys(const char *form, const struct sl_report_options *options,
			      const struct sl_keys *keys, struct sl_buffer *out,
			      struct sl_error *err)
{
	const struct sl_key **rows = calloc(keys->count + 1, sizeof(const struct sl_key *));
	size_t count = keys->count;

	if (rows == NULL)
		return sl_fail_memory(err);
	for (size_t i = 0; i < keys->count; i++)
		rows[i] = &keys->items[i];
	qsort(rows, keys->count, sizeof(const struct sl_key *), compare_keys);
	if (options->top != 0 && options->top < count)
		count = (size_t)options->top;
	if (strcmp(form, "json") == 0)
		write_json_of(rows, count, out);
	else
		write_table_of(options, rows, count, out);
	free(rows);
	return SL_OK;
}
