/*
 * Names of resources and scopes.  Every item stands behind its length or count, so that no two
 * contents have one name.  For a name by content the attributes of a list are rendered one by one
 * and then put in the order of their bytes, since their order says nothing.
 */
#include "identity.h"
#include <stdlib.h>

static void add_value(struct identity *identity, const struct sl_value *value);

static void add_count(struct identity *identity, size_t count)
{
	sl_buffer_add(&identity->bytes, &count, sizeof(count));
}

static void add_text(struct identity *identity, struct sl_slice text)
{
	add_count(identity, text.len);
	sl_buffer_add_slice(&identity->bytes, text);
}

static void add_double(struct identity *identity, double number)
{
	static const char nan_name[sizeof(double)] = "NaN";

	if (number != number && identity->kind == IDENTITY_OF_CONTENT)
		sl_buffer_add(&identity->bytes, nan_name, sizeof(nan_name));
	else
		sl_buffer_add(&identity->bytes, &number, sizeof(number));
}

static int compare_pieces(const void *a, const void *b)
{
	return sl_slice_compare(*(const struct sl_slice *)a, *(const struct sl_slice *)b);
}

/* Puts the pieces from `first` on, which are the end of the bytes, in order. */
static void sort_pieces(struct identity *identity, size_t first, size_t start)
{
	struct sl_slice *pieces = identity->pieces + first;
	size_t count = identity->count - first;
	const char *at = identity->bytes.data + start;

	for (size_t i = 0; i < count; i++) {
		pieces[i].data = at;
		at += pieces[i].len;
	}
	qsort(pieces, count, sizeof(*pieces), compare_pieces);
	identity->sorted.len = 0;
	for (size_t i = 0; i < count; i++)
		sl_buffer_add_slice(&identity->sorted, pieces[i]);
	if (identity->sorted.failed) {
		identity->bytes.failed = true;
		return;
	}
	identity->bytes.len = start;
	sl_buffer_add_slice(&identity->bytes, sl_buffer_slice(&identity->sorted));
}

static void add_attributes(struct identity *identity, struct sl_attributes list)
{
	size_t first = identity->count;
	size_t start;

	add_count(identity, list.count);
	start = identity->bytes.len;
	for (size_t i = 0; i < list.count; i++) {
		size_t at = identity->bytes.len;
		void *pieces;

		add_text(identity, list.items[i].key);
		add_value(identity, &list.items[i].value);
		pieces = identity->pieces; /* which a value of several has moved */
		if (!sl_array_reserve(&pieces, &identity->capacity, identity->count + 1,
				      sizeof(*identity->pieces)))
			identity->bytes.failed = true;
		identity->pieces = pieces;
		if (identity->bytes.failed)
			return;
		identity->pieces[identity->count++].len = identity->bytes.len - at;
	}
	if (list.count > 1 && identity->kind == IDENTITY_OF_CONTENT)
		sort_pieces(identity, first, start);
	identity->count = first;
}

static void add_value(struct identity *identity, const struct sl_value *value)
{
	sl_buffer_add_byte(&identity->bytes, (char)value->type);
	switch (value->type) {
	case SL_VALUE_EMPTY:
		break;
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		add_text(identity, value->text);
		break;
	case SL_VALUE_BOOL:
		sl_buffer_add_byte(&identity->bytes, (char)value->boolean);
		break;
	case SL_VALUE_INT:
		sl_buffer_add(&identity->bytes, &value->integer, sizeof(value->integer));
		break;
	case SL_VALUE_DOUBLE:
		add_double(identity, value->number);
		break;
	case SL_VALUE_ARRAY:
		add_count(identity, value->list.count);
		for (size_t i = 0; i < value->list.count; i++)
			add_value(identity, &value->list.items[i].value);
		break;
	case SL_VALUE_KVLIST:
		add_attributes(identity, value->list);
		break;
	}
}

static void add_keys(struct identity *identity, const struct sl_slice *keys, size_t count)
{
	add_count(identity, count);
	for (size_t i = 0; i < count; i++)
		add_text(identity, keys[i]);
}

static void begin(struct identity *identity, enum identity_kind kind, bool present)
{
	identity->bytes.len = 0;
	identity->count = 0;
	identity->kind = kind;
	sl_buffer_add_byte(&identity->bytes, (char)present);
}

void identity_of_resource(struct identity *identity, const struct sl_resource *resource,
			  enum identity_kind kind)
{
	begin(identity, kind, resource->present);
	add_text(identity, resource->schema_url);
	add_count(identity, resource->dropped_attributes_count);
	add_count(identity, resource->entity_ref_count);
	for (size_t i = 0; i < resource->entity_ref_count; i++) {
		const struct sl_entity_ref *ref = &resource->entity_refs[i];

		add_text(identity, ref->schema_url);
		add_text(identity, ref->type);
		add_keys(identity, ref->id_keys, ref->id_key_count);
		add_keys(identity, ref->description_keys, ref->description_key_count);
	}
	add_attributes(identity, resource->attributes);
}

void identity_of_scope(struct identity *identity, const struct sl_scope *scope,
		       enum identity_kind kind)
{
	begin(identity, kind, scope->present);
	add_text(identity, scope->name);
	add_text(identity, scope->version);
	add_text(identity, scope->schema_url);
	add_count(identity, scope->dropped_attributes_count);
	add_attributes(identity, scope->attributes);
}

void identity_free(struct identity *identity)
{
	sl_buffer_free(&identity->bytes);
	sl_buffer_free(&identity->sorted);
	free(identity->pieces);
}
