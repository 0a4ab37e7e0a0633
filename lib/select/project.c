/* Chosen fields of spans as flat JSON objects. */
#include "project.h"
#include "spanline/json.h"
#include "spanline/text.h"
#include <stdio.h>
#include <stdlib.h>

size_t sl_column_length(struct sl_slice text)
{
	size_t depth = 0, i = 0;
	char quote = '\0';

	for (; i < text.len; i++) {
		char byte = text.data[i];

		if (quote != '\0') {
			if (byte == '\\' && quote == '"')
				i++;
			else if (byte == quote)
				quote = '\0';
		} else if (byte == '"' || byte == '`') {
			quote = byte;
		} else if (byte == '(') {
			depth++;
		} else if (byte == ')' && depth > 0) {
			depth--;
		} else if (byte == ',' && depth == 0) {
			break;
		}
	}
	return i < text.len ? i : text.len;
}

static enum sl_status fail(struct sl_query_fault *fault, const char *text)
{
	*fault = (struct sl_query_fault){ 0 };
	memcpy(fault->text, text, strlen(text) + 1);
	return SL_FAILED;
}

/* What has to be filled in for a key of the line. */
static unsigned key_needs(const struct sl_field *field)
{
	static const struct {
		const char *name;
		unsigned need;
	} rows[] = {
		{ "trace_id", SL_NEED_TRACE_ID },
		{ "span_id", SL_NEED_SPAN_ID },
		{ "parent_span_id", SL_NEED_PARENT_SPAN_ID },
		{ "name", SL_NEED_NAME },
		{ "service", SL_NEED_SERVICE },
		{ "kind", SL_NEED_KIND },
		{ "status", SL_NEED_STATUS },
		{ "status_message", SL_NEED_STATUS_MESSAGE },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		if (strcmp(rows[i].name, field->name) == 0)
			return rows[i].need;
	return field->type == SL_FIELD_TIME || field->type == SL_FIELD_MS ? SL_NEED_TIMES
									  : SL_NEED_WHOLE;
}

static bool has_column(const struct sl_projection *projection, struct sl_slice key)
{
	for (size_t i = 0; i < projection->count; i++)
		if (sl_slice_equal(projection->columns[i].key, key))
			return true;
	return false;
}

/* Adds the column, unless it is there already. */
static enum sl_status add_column(struct sl_projection *projection, struct sl_slice text,
				 const struct sl_query_options *options,
				 struct sl_query_fault *fault)
{
	if (has_column(projection, text))
		return SL_OK;

	struct column column = { .key = sl_arena_copy(&projection->arena, text),
				 .field = sl_field_find(text) };

	if (column.key.data == NULL ||
	    !sl_array_reserve((void **)&projection->columns, &projection->capacity,
			      projection->count + 1, sizeof(*projection->columns)))
		return fail(fault, "out of memory");
	if (column.field != NULL && column.field->get == NULL) {
		*fault = (struct sl_query_fault){ .len = text.len };
		snprintf(fault->text, sizeof(fault->text),
			 "'%s' holds objects: it is no flat field", column.field->name);
		return SL_BAD_RECORD;
	}
	if (column.field != NULL) {
		projection->needs |= key_needs(column.field);
	} else {
		enum sl_status status = sl_query_compile_field(&column.query, text, options, fault);

		if (status != SL_OK)
			return status;
		projection->needs |= sl_query_needs(column.query);
		projection->needs_traces |= sl_query_needs_traces(column.query);
	}
	projection->columns[projection->count++] = column;
	return SL_OK;
}

enum sl_status sl_projection_compile(struct sl_projection **projection, struct sl_slice fields,
				     const struct sl_query_options *options,
				     struct sl_query_fault *fault)
{
	struct sl_projection *compiled = calloc(1, sizeof(*compiled));
	enum sl_status status = SL_OK;
	size_t at = 0;

	if (compiled == NULL)
		return fail(fault, "out of memory");
	while (status == SL_OK && at <= fields.len) {
		struct sl_slice rest = { fields.data + at, fields.len - at };
		struct sl_slice text =
			sl_trim((struct sl_slice){ rest.data, sl_column_length(rest) });

		if (text.len == 0) {
			fail(fault, "a field was expected");
			status = SL_BAD_RECORD;
		} else {
			status = add_column(compiled, text, options, fault);
		}
		if (status == SL_BAD_RECORD)
			fault->at += text.len != 0 ? (size_t)(text.data - fields.data) : at;
		at += sl_column_length(rest) + 1;
	}
	if (status != SL_OK)
		sl_projection_free(compiled);
	else
		*projection = compiled;
	return status;
}

void sl_projection_free(struct sl_projection *projection)
{
	if (projection == NULL)
		return;
	for (size_t i = 0; i < projection->count; i++)
		if (projection->columns[i].query != NULL)
			sl_query_free(projection->columns[i].query);
	free(projection->columns);
	sl_arena_free(&projection->arena);
	free(projection);
}

unsigned sl_projection_needs(const struct sl_projection *projection)
{
	return projection->needs;
}

bool sl_projection_needs_traces(const struct sl_projection *projection)
{
	return projection->needs_traces;
}

enum sl_status sl_projector_open(struct sl_projector **projector,
				 const struct sl_projection *projection, struct sl_error *err)
{
	struct sl_projector *opened = calloc(1, sizeof(*opened));
	enum sl_status status = SL_OK;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->projection = projection;
	opened->matchers = calloc(projection->count, sizeof(struct sl_matcher *));
	if (opened->matchers == NULL)
		status = sl_fail_memory(err);
	for (size_t i = 0; i < projection->count && status == SL_OK; i++)
		if (projection->columns[i].query != NULL)
			status = sl_matcher_open(&opened->matchers[i], projection->columns[i].query,
						 err);
	if (status != SL_OK)
		sl_projector_close(opened);
	else
		*projector = opened;
	return status;
}

void sl_projector_close(struct sl_projector *projector)
{
	if (projector == NULL)
		return;
	for (size_t i = 0; projector->matchers != NULL && i < projector->projection->count; i++)
		if (projector->matchers[i] != NULL)
			sl_matcher_close(projector->matchers[i]);
	free(projector->matchers);
	free(projector);
}

uint64_t sl_projector_limits_hit(const struct sl_projector *projector)
{
	uint64_t count = 0;

	for (size_t i = 0; projector != NULL && i < projector->projection->count; i++)
		if (projector->matchers[i] != NULL)
			count += sl_matcher_limits_hit(projector->matchers[i]);
	return count;
}

/* NOLINTNEXTLINE(readability-function-size): what sl_query_value asks for, and where to write */
enum sl_status sl_project(struct sl_projector *projector, const struct sl_span *span,
			  const struct sl_trace *trace, uint32_t index, struct sl_buffer *out,
			  struct sl_error *err)
{
	const struct sl_projection *projection = projector->projection;
	struct sl_query_value value;

	for (size_t i = 0; i < projection->count; i++) {
		const struct column *column = &projection->columns[i];

		sl_buffer_add_byte(out, i == 0 ? '{' : ',');
		sl_json_write_string(out, column->key);
		sl_buffer_add_byte(out, ':');
		if (column->field != NULL) {
			sl_json_write_field(out, column->field, span);
			continue;
		}
		enum sl_status status =
			sl_query_value(projector->matchers[i], span, trace, index, &value, err);
		if (status != SL_OK)
			return status;
		sl_write_query_value(out, &value);
	}
	sl_buffer_add_literal(out, "}\n");
	return SL_OK;
}
