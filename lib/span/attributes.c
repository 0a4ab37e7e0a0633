/* Looking attributes up, and comparing them. */
#include "spanline/span.h"
#include "spanline/text.h"

const struct sl_span sl_span_empty = {
	.scope = &(const struct sl_scope){ .present = false },
	.resource = &(const struct sl_resource){ .present = false },
};

const struct sl_head_tests sl_head_tests_none = {
	.kinds = UINT32_MAX,
	.statuses = UINT32_MAX,
	.most_start_ns = UINT64_MAX,
	.least_ns = INT64_MIN,
	.most_ns = INT64_MAX,
};

const struct sl_value *sl_attributes_find(struct sl_attributes attributes, struct sl_slice key)
{
	for (size_t i = 0; i < attributes.count; i++)
		if (sl_slice_equal(attributes.items[i].key, key))
			return &attributes.items[i].value;
	return NULL;
}

void sl_resource_settle(struct sl_resource *resource)
{
	const struct sl_attribute *found = NULL;

	resource->service = NULL;
	for (size_t i = 0; i < resource->attributes.count; i++) {
		const struct sl_attribute *item = &resource->attributes.items[i];

		if (!sl_slice_equal(item->key, SL_SLICE("service.name")))
			continue;
		if (found != NULL)
			return;
		found = item;
	}
	if (found != NULL && found->value.type == SL_VALUE_STRING &&
	    sl_utf8_valid(found->value.text))
		resource->service = found;
}

static bool double_equal(double a, double b)
{
	uint64_t a_bits, b_bits;

	if (a != a || b != b)
		return a != a && b != b;
	memcpy(&a_bits, &a, sizeof(a));
	memcpy(&b_bits, &b, sizeof(b));
	return a_bits == b_bits;
}

static bool attribute_equal(const struct sl_attribute *a, const struct sl_attribute *b)
{
	return sl_slice_equal(a->key, b->key) && sl_value_equal(&a->value, &b->value);
}

static size_t count_equal(struct sl_attributes list, const struct sl_attribute *item)
{
	size_t count = 0;

	for (size_t i = 0; i < list.count; i++)
		count += attribute_equal(&list.items[i], item);
	return count;
}

/* The length of the part in which both lists agree in order too. */
static size_t equal_prefix(struct sl_attributes a, struct sl_attributes b)
{
	size_t i = 0;

	while (i < a.count && attribute_equal(&a.items[i], &b.items[i]))
		i++;
	return i;
}

bool sl_attributes_equal(struct sl_attributes a, struct sl_attributes b)
{
	if (a.count != b.count)
		return false;
	for (size_t i = equal_prefix(a, b); i < a.count; i++)
		if (count_equal(a, &a.items[i]) != count_equal(b, &a.items[i]))
			return false;
	return true;
}

bool sl_value_equal(const struct sl_value *a, const struct sl_value *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case SL_VALUE_EMPTY:
		return true;
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		return sl_slice_equal(a->text, b->text);
	case SL_VALUE_BOOL:
		return a->boolean == b->boolean;
	case SL_VALUE_INT:
		return a->integer == b->integer;
	case SL_VALUE_DOUBLE:
		return double_equal(a->number, b->number);
	case SL_VALUE_ARRAY:
		return a->list.count == b->list.count &&
		       equal_prefix(a->list, b->list) == a->list.count;
	case SL_VALUE_KVLIST:
		return sl_attributes_equal(a->list, b->list);
	}
	return false;
}

bool sl_span_attribute(const struct sl_span *span, enum sl_owner owner, struct sl_slice key,
		       struct sl_value *value)
{
	const struct sl_value *found;

	if (span->lazy != NULL)
		return span->lazy->attribute(span, owner, key, value);
	switch (owner) {
	case SL_OWNER_SPAN:
		found = sl_attributes_find(span->attributes, key);
		break;
	case SL_OWNER_RESOURCE:
		found = sl_attributes_find(span->resource->attributes, key);
		break;
	case SL_OWNER_SCOPE:
		found = sl_attributes_find(span->scope->attributes, key);
		break;
	default:
		return false;
	}
	if (found != NULL)
		*value = *found;
	return found != NULL;
}

const struct sl_span *sl_span_whole(const struct sl_span *span)
{
	return span->lazy != NULL ? span->lazy->whole(span) : span;
}

bool sl_span_damaged(const struct sl_span *span)
{
	return span->lazy != NULL && span->lazy->damaged(span);
}

struct sl_slice sl_span_service(const struct sl_span *span)
{
	struct sl_value value;

	if (span->resource->service != NULL)
		return span->resource->service->value.text;
	if (!sl_span_attribute(span, SL_OWNER_RESOURCE, SL_SLICE("service.name"), &value) ||
	    value.type != SL_VALUE_STRING)
		return SL_SLICE("");
	return value.text;
}

uint32_t sl_span_find_keys(const struct sl_span *span, const struct sl_key_set *set,
			   struct sl_value *values)
{
	uint32_t found = 0;

	if (span->lazy != NULL) {
		if (span->lazy->keys(span, set, values, &found))
			return found;
		span = sl_span_whole(span);
		found = 0;
	}
	for (size_t i = 0; span != NULL && i < span->attributes.count; i++) {
		const struct sl_attribute *item = &span->attributes.items[i];
		size_t key = sl_key_set_find(set, item->key);

		if (key == set->count || (found >> key & 1) != 0)
			continue;
		values[key] = item->value;
		found |= UINT32_C(1) << key;
	}
	return found;
}
