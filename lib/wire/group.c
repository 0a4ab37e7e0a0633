/*
 * Resource, InstrumentationScope and EntityRef.
 *
 *	Resource		attributes 1, dropped_attributes_count 2, entity_refs 3
 *	InstrumentationScope	name 1, version 2, attributes 3, dropped_attributes_count 4
 *	EntityRef		schema_url 1, type 2, id_keys 3, description_keys 4
 */
#include "group.h"

/* One piece of the message, or what there is of it. */
static const char *gather_piece(struct wire_group *group, const char *at, const char *end)
{
	struct sl_slice piece;
	uint64_t len;
	const char *behind = read_bytes(at, end, &piece);

	if (behind == NULL) {
		at = read_varint(at, end, &len);
		piece = (struct sl_slice){ at, at != NULL ? (size_t)(end - at) : 0 };
		group->cut = true;
	}
	group->present = true;
	sl_buffer_add_slice(&group->bytes, piece);
	return behind;
}

bool wire_group_gather(struct wire_group *group, const char *at, const char *end)
{
	const char *start = at;
	struct sl_slice schema_url = { NULL, 0 }, member;
	char *behind;

	*group = (struct wire_group){ .bytes = group->bytes };
	group->bytes.len = 0;
	if (sl_buffer_reserve(&group->bytes, SL_PADDING) == NULL)
		return false;
	while (at != NULL && at < end) {
		const char *field = at;
		uint32_t tag;

		at = read_tag(at, end, &tag);
		switch (tag) {
		case BYTES(1):
			if (!group->present)
				group->offset = (size_t)(field - start);
			at = gather_piece(group, at, end);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &member);
			break;
		case BYTES(3):
			at = read_bytes(at, end, &schema_url);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	group->message_len = group->bytes.len;
	sl_buffer_add_slice(&group->bytes, schema_url);
	behind = sl_buffer_reserve(&group->bytes, SL_PADDING);
	if (behind != NULL)
		memset(behind, 0, SL_PADDING);
	return behind != NULL;
}

bool wire_group_equal(const struct wire_group *a, const struct wire_group *b)
{
	return a->present == b->present && a->message_len == b->message_len &&
	       sl_slice_equal(sl_buffer_slice(&a->bytes), sl_buffer_slice(&b->bytes));
}

static const char *walk_keys(struct wire_walk *walk, const char *field, const char *end,
			     struct sl_slice **keys, size_t *count)
{
	uint32_t tag;

	if (*count == 0)
		*keys = wire_elements(walk, field, end, sizeof(**keys));
	if (*keys == NULL)
		return NULL;
	return read_bytes(read_tag(field, end, &tag), end, &(*keys)[(*count)++]);
}

static const char *walk_entity_ref(struct wire_walk *walk, const char *at, const char *end,
				   struct sl_entity_ref *ref)
{
	const char *field = NULL;
	uint32_t tag;

	*ref = (struct sl_entity_ref){ .id_keys = NULL };
	at = enter(at, &end);
	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case BYTES(1):
			at = read_bytes(at, end, &ref->schema_url);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &ref->type);
			break;
		case BYTES(3):
			at = walk_keys(walk, field, end, &ref->id_keys, &ref->id_key_count);
			break;
		case BYTES(4):
			at = walk_keys(walk, field, end, &ref->description_keys,
				       &ref->description_key_count);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	return at;
}

static const char *add_entity_ref(struct wire_walk *walk, const char *field, const char *at,
				  const char *end, struct sl_resource *resource)
{
	if (resource->entity_ref_count == 0)
		resource->entity_refs =
			wire_elements(walk, field, end, sizeof(*resource->entity_refs));
	if (resource->entity_refs == NULL)
		return NULL;
	at = walk_entity_ref(walk, at, end, &resource->entity_refs[resource->entity_ref_count]);
	resource->entity_ref_count += at != NULL;
	return at;
}

bool wire_walk_resource(struct wire_walk *walk, struct sl_slice message,
			struct sl_resource *resource)
{
	const char *at = message.data, *end = at + message.len;
	size_t whole = 0;
	const char *field = NULL;
	uint32_t tag;

	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case BYTES(1):
			at = wire_walk_attribute(walk, at, end, 0);
			whole += at != NULL;
			break;
		case VARINT(2):
		case PACKED(2):
			at = read_uint32(at, end, tag, &resource->dropped_attributes_count);
			break;
		case BYTES(3):
			at = add_entity_ref(walk, field, at, end, resource);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	if (at == NULL)
		walk->builder.height = whole;
	return wire_finish(walk, 0, &resource->attributes) && wire_is_whole(walk);
}

bool wire_walk_scope(struct wire_walk *walk, struct sl_slice message, struct sl_scope *scope)
{
	const char *at = message.data, *end = at + message.len;
	size_t whole = 0;
	const char *field = NULL;
	uint32_t tag;

	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case BYTES(1):
			at = read_bytes(at, end, &scope->name);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &scope->version);
			break;
		case BYTES(3):
			at = wire_walk_attribute(walk, at, end, 0);
			whole += at != NULL;
			break;
		case VARINT(4):
		case PACKED(4):
			at = read_uint32(at, end, tag, &scope->dropped_attributes_count);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	if (at == NULL)
		walk->builder.height = whole;
	return wire_finish(walk, 0, &scope->attributes) && wire_is_whole(walk);
}
