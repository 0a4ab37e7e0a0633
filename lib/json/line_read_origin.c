/*
 * Scope, resource and service of span lines.  Lines that follow each other mostly agree in them:
 * then nothing is read, and the span has what the last one had.
 */
#include "line_read.h"
#include <stdlib.h>

static uint64_t next_serial(struct line_reader *reader)
{
	return ++reader->last_serial | SL_SERIAL_OF_LINES;
}

static const struct line_field scope_fields[] = {
	{ LINE_KEY("name"), read_text, offsetof(struct line_scope, scope.name), EXACT_TEXT },
	{ LINE_KEY("version"), read_text, offsetof(struct line_scope, scope.version), EXACT_TEXT },
	{ LINE_KEY("schema_url"), read_text, offsetof(struct line_scope, scope.schema_url),
	  EXACT_TEXT },
	{ LINE_KEY("attributes"), read_attributes, offsetof(struct line_scope, scope.attributes),
	  EXACT_ATTRIBUTES },
	{ LINE_KEY("dropped_attributes_count"), read_count,
	  offsetof(struct line_scope, scope.dropped_attributes_count), EXACT_NOTHING },
	{ LINE_KEY("exact"), read_raw, offsetof(struct line_scope, exact), EXACT_NOTHING },
};

static const struct line_shape scope_shape = {
	.fields = scope_fields,
	.count = SL_COUNT(scope_fields),
	.exact = offsetof(struct line_scope, exact),
};

static const struct line_field resource_fields[] = {
	{ LINE_KEY("schema_url"), read_text, offsetof(struct line_resource, resource.schema_url),
	  EXACT_TEXT },
	{ LINE_KEY("attributes"), read_attributes,
	  offsetof(struct line_resource, resource.attributes), EXACT_ATTRIBUTES },
	{ LINE_KEY("dropped_attributes_count"), read_count,
	  offsetof(struct line_resource, resource.dropped_attributes_count), EXACT_NOTHING },
	{ LINE_KEY("entity_refs"), read_entity_refs, offsetof(struct line_resource, entity_refs),
	  EXACT_ENTITY_REFS },
	{ LINE_KEY("exact"), read_raw, offsetof(struct line_resource, exact), EXACT_NOTHING },
};

static const struct line_shape resource_shape = {
	.fields = resource_fields,
	.count = SL_COUNT(resource_fields),
	.exact = offsetof(struct line_resource, exact),
};

/* An object with a schema_url and nothing else says that there is no message. */
static bool is_message(const struct line_shape *shape, uint64_t given)
{
	bool has_url = false;

	for (size_t i = 0; i < shape->count; i++) {
		const struct line_field *field = &shape->fields[i];

		if ((given & UINT64_C(1) << i) == 0 || field->offset == shape->exact)
			continue;
		if (!sl_slice_equal(field->key, SL_SLICE("schema_url")))
			return true;
		has_url = true;
	}
	return !has_url || (given & GIVEN_UNKNOWN) != 0;
}

static bool is_kept(const struct kept_object *kept, const struct sl_cursor *cursor)
{
	return kept->len > 0 && sl_cursor_left(cursor, kept->len) &&
	       memcmp(cursor->at, kept->text.data, kept->len) == 0;
}

static bool copy_text(struct kept_object *kept, const char *start, size_t len)
{
	char *padding;

	kept->text.len = 0;
	sl_buffer_add(&kept->text, start, len);
	padding = sl_buffer_reserve(&kept->text, SL_PADDING);
	if (padding == NULL)
		return false;
	memset(padding, 0, SL_PADDING);
	return true;
}

static uint64_t count_notes(const struct sl_notes *notes)
{
	uint64_t total = 0;

	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		total += notes->count[i];
	return total;
}

/* A fault in the copy of what stands at `start`. */
static bool adopt_fault(struct sl_cursor *cursor, const struct sl_cursor *copy, const char *start)
{
	cursor->fault = copy->fault == SL_FAULT_CUT ? SL_FAULT_SYNTAX : copy->fault;
	cursor->fault_at = start + (copy->fault_at - copy->begin);
	cursor->problem = copy->problem;
	cursor->departure = copy->departure;
	return false;
}

/* Reads an object from a copy of its text, as the lines come and go.  One that was noted is not
 * kept, so that it is noted in each line. */
static bool read_kept(struct line_reader *reader, struct sl_cursor *cursor,
		      struct kept_object *kept, uint64_t *given)
{
	uint64_t notes = count_notes(cursor->notes);
	const char *start = cursor->at;
	struct sl_cursor copy = *cursor;
	bool read;
	size_t len;

	kept->len = 0;
	if (!sl_cursor_skip_value(cursor))
		return false;
	len = (size_t)(cursor->at - start);
	if (!copy_text(kept, start, len))
		return sl_cursor_memory(cursor);
	sl_arena_reset(&kept->arena);
	copy.begin = copy.at = kept->text.data;
	copy.end = copy.begin + len;
	copy.arena = &kept->arena;
	reader->builder.arena = &kept->arena;
	read = read_object(reader, &copy, kept->shape, kept->object, given);
	reader->builder.arena = &reader->arena;
	if (!read)
		return adopt_fault(cursor, &copy, start);
	if (count_notes(cursor->notes) == notes)
		kept->len = len;
	return true;
}

bool read_scope(struct line_reader *reader, struct sl_cursor *cursor, void *is_given)
{
	struct line_origin *origin = &reader->origin;
	uint64_t given = 0;

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	*(bool *)is_given = true;
	if (is_kept(&origin->kept_scope, cursor)) {
		cursor->at += origin->kept_scope.len;
		return true;
	}
	origin->scope = (struct line_scope){ 0 };
	if (!read_kept(reader, cursor, &origin->kept_scope, &given))
		return false;
	origin->scope.scope.present = is_message(&scope_shape, given);
	origin->scope.scope.serial = next_serial(reader);
	return true;
}

bool read_resource(struct line_reader *reader, struct sl_cursor *cursor, void *is_given)
{
	struct line_origin *origin = &reader->origin;
	struct line_resource *message = &origin->message;
	struct line_list refs = message->entity_refs.list;
	uint64_t given = 0;

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	*(bool *)is_given = true;
	if (is_kept(&origin->kept_resource, cursor)) {
		cursor->at += origin->kept_resource.len;
		return true;
	}
	origin->is_current = false;
	*message = (struct line_resource){ .entity_refs = { .list = refs } };
	if (!read_kept(reader, cursor, &origin->kept_resource, &given))
		return false;
	message->resource.present = is_message(&resource_shape, given);
	message->resource.entity_refs = message->entity_refs.items;
	message->resource.entity_ref_count = message->entity_refs.count;
	return true;
}

/* The service as the first attribute, in place of any other service.name. */
static bool put_service_first(struct line_reader *reader, struct sl_cursor *cursor,
			      const struct line_record *record)
{
	const struct sl_slice name = SL_SLICE("service.name");
	struct line_origin *origin = &reader->origin;
	struct sl_attributes others = origin->resource.attributes;
	struct sl_attribute *items;
	size_t count = 1;

	origin->service.len = 0;
	if (record->service.len > 0)
		sl_buffer_add_slice(&origin->service, record->service);
	if (origin->service.failed ||
	    !sl_array_reserve(&origin->attributes.items, &origin->attributes.capacity,
			      others.count + 1, sizeof(*items)))
		return sl_cursor_memory(cursor);
	items = origin->attributes.items;
	items[0].key = name;
	items[0].value.type = SL_VALUE_STRING;
	items[0].value.text = sl_buffer_slice(&origin->service);
	for (size_t i = 0; i < others.count; i++)
		if (!sl_slice_equal(others.items[i].key, name))
			items[count++] = others.items[i];
	origin->resource.attributes = (struct sl_attributes){ items, count };
	origin->resource.present = true;
	if (count == others.count + 1)
		return true;
	origin->is_current = false; /* noted in each line */
	return sl_cursor_note(cursor, SL_NOTE_LINE_TWO_SERVICES, record->begin);
}

static bool make_resource(struct line_reader *reader, struct sl_cursor *cursor,
			  const struct line_record *record)
{
	struct line_origin *origin = &reader->origin;

	origin->has_message = record->has_resource;
	origin->has_service = record->service.data != NULL;
	origin->resource =
		record->has_resource ? origin->message.resource : (struct sl_resource){ 0 };
	origin->resource.serial = next_serial(reader);
	origin->is_current = true;
	if (origin->has_service && !put_service_first(reader, cursor, record))
		return false;
	sl_resource_settle(&origin->resource);
	return true;
}

static bool is_same_resource(const struct line_origin *origin, const struct line_record *record)
{
	return origin->is_current && origin->has_message == record->has_resource &&
	       origin->has_service == (record->service.data != NULL) &&
	       (!origin->has_service ||
		sl_slice_equal(sl_buffer_slice(&origin->service), record->service));
}

bool settle_origin(struct line_reader *reader, struct sl_cursor *cursor, struct line_record *record)
{
	struct line_origin *origin = &reader->origin;

	record->span.scope = record->has_scope ? &origin->scope.scope : &origin->no_scope;
	record->span.resource = &origin->resource;
	return is_same_resource(origin, record) || make_resource(reader, cursor, record);
}

void origin_open(struct line_reader *reader)
{
	struct line_origin *origin = &reader->origin;

	origin->kept_scope.shape = &scope_shape;
	origin->kept_scope.object = &origin->scope;
	origin->kept_resource.shape = &resource_shape;
	origin->kept_resource.object = &origin->message;
	origin->no_scope.serial = next_serial(reader);
}

void origin_close(struct line_reader *reader)
{
	struct line_origin *origin = &reader->origin;

	sl_buffer_free(&origin->kept_scope.text);
	sl_arena_free(&origin->kept_scope.arena);
	sl_buffer_free(&origin->kept_resource.text);
	sl_arena_free(&origin->kept_resource.arena);
	sl_buffer_free(&origin->service);
	free(origin->attributes.items);
	free(origin->message.entity_refs.list.items);
}
