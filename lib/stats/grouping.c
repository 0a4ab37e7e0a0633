/* The list of fields that spans are grouped by. */
#include "groups.h"
#include "spanline/text.h"
#include <stdlib.h>

static enum sl_status fail(struct sl_query_fault *fault, enum sl_status status, const char *text)
{
	*fault = (struct sl_query_fault){ 0 };
	memcpy(fault->text, text, strlen(text) + 1);
	return status;
}

static enum sl_status add_field(struct sl_grouping *grouping, struct sl_slice text,
				struct sl_query_fault *fault)
{
	struct sl_query_options how = { 0 };
	struct field field = { .name = sl_arena_copy(&grouping->arena, text) };
	enum sl_status status;

	if (text.len == 0)
		return fail(fault, SL_BAD_RECORD, "a field was expected");
	for (size_t i = 0; i < grouping->count; i++)
		if (sl_slice_equal(grouping->fields[i].name, text))
			return fail(fault, SL_BAD_RECORD, "this field is there already");
	if (field.name.data == NULL ||
	    !sl_array_reserve((void **)&grouping->fields, &grouping->capacity, grouping->count + 1,
			      sizeof(*grouping->fields)))
		return fail(fault, SL_FAILED, "out of memory");
	status = sl_query_compile_field(&field.query, text, &how, fault);
	if (status != SL_OK)
		return status;
	grouping->needs |= sl_query_needs(field.query);
	grouping->needs_traces |= sl_query_needs_traces(field.query);
	grouping->fields[grouping->count++] = field;
	return SL_OK;
}

static bool is_named(const struct sl_grouping *grouping, size_t index, struct sl_slice name)
{
	return sl_slice_equal(grouping->fields[index].name, name);
}

enum sl_status sl_grouping_compile(struct sl_grouping **grouping, struct sl_slice text,
				   struct sl_query_fault *fault)
{
	struct sl_grouping *compiled = calloc(1, sizeof(*compiled));
	enum sl_status status = SL_OK;

	if (compiled == NULL)
		return fail(fault, SL_FAILED, "out of memory");
	for (size_t at = 0, len; status == SL_OK && text.len != 0 && at <= text.len;
	     at += len + 1) {
		struct sl_slice rest = { text.data + at, text.len - at }, field;

		len = sl_column_length(rest);
		field = sl_trim((struct sl_slice){ rest.data, len });
		status = add_field(compiled, field, fault);
		if (status == SL_BAD_RECORD)
			fault->at += (size_t)(field.data - text.data);
	}
	if (status != SL_OK) {
		sl_grouping_free(compiled);
		return status;
	}
	compiled->is_usual = compiled->count == 2 && is_named(compiled, 0, SL_SLICE("service")) &&
			     is_named(compiled, 1, SL_SLICE("name"));
	*grouping = compiled;
	return SL_OK;
}

enum sl_status sl_grouping_add_window(struct sl_grouping *grouping, uint64_t ns,
				      struct sl_query_fault *fault)
{
	if (!sl_array_reserve((void **)&grouping->fields, &grouping->capacity, grouping->count + 1,
			      sizeof(*grouping->fields)))
		return fail(fault, SL_FAILED, "out of memory");
	memmove(&grouping->fields[1], &grouping->fields[0],
		grouping->count++ * sizeof(*grouping->fields));
	grouping->fields[0] = (struct field){ .name = SL_SLICE("window") };
	grouping->window_ns = ns;
	grouping->is_usual = false;
	return SL_OK;
}

void sl_grouping_free(struct sl_grouping *grouping)
{
	if (grouping == NULL)
		return;
	for (size_t i = 0; i < grouping->count; i++)
		sl_query_free(grouping->fields[i].query);
	free(grouping->fields);
	sl_arena_free(&grouping->arena);
	free(grouping);
}

size_t sl_grouping_count(const struct sl_grouping *grouping)
{
	return grouping->count;
}

struct sl_slice sl_grouping_name(const struct sl_grouping *grouping, size_t index)
{
	return grouping->fields[index].name;
}
