/* The values that make a group: compared, hashed, copied. */
#include "groups.h"

static bool is_text(const struct sl_group_value *value)
{
	return value->type == SL_TYPE_STRING || value->type == SL_TYPE_ARRAY;
}

/* What is no text, as bits: equal where the values are. */
static uint64_t bits_of(const struct sl_group_value *value)
{
	uint64_t bits = 0;

	if (value->type == SL_TYPE_BOOL)
		return value->boolean;
	if (value->type == SL_TYPE_FLOAT)
		memcpy(&bits, &value->number, sizeof(bits));
	else if (value->type != SL_TYPE_NIL)
		bits = (uint64_t)value->integer;
	return bits;
}

uint64_t key_hash(const struct sl_group_value *by, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++)
		hash = is_text(&by[i]) ? hash_text(by[i].text, hash)
				       : stir(hash + by[i].type, bits_of(&by[i]));
	return hash;
}

bool key_equal(const struct sl_group_value *a, const struct sl_group_value *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (a[i].type != b[i].type)
			return false;
		if (is_text(&a[i]) ? !sl_slice_equal(a[i].text, b[i].text)
				   : bits_of(&a[i]) != bits_of(&b[i]))
			return false;
	}
	return true;
}

static int compare_numbers(double a, double b)
{
	/* what is no number stands behind all that are */
	if (a != a || b != b)
		return (a != a) - (b != b);
	return (a > b) - (a < b);
}

static int compare_value(const struct sl_group_value *a, const struct sl_group_value *b)
{
	uint64_t a_bits, b_bits;
	int order = 0;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (is_text(a))
		return sl_slice_compare(a->text, b->text);
	a_bits = bits_of(a);
	b_bits = bits_of(b);
	if (a->type == SL_TYPE_FLOAT)
		order = compare_numbers(a->number, b->number);
	else if (a->type != SL_TYPE_NIL && a->type != SL_TYPE_BOOL)
		order = (a->integer > b->integer) - (a->integer < b->integer);
	return order != 0 ? order : (a_bits > b_bits) - (a_bits < b_bits);
}

int key_compare(const struct sl_group_value *a, const struct sl_group_value *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int order = compare_value(&a[i], &b[i]);

		if (order != 0)
			return order;
	}
	return 0;
}

/* Of each its type, and then its bits, or the length of its text and the text. */
void key_pack(const struct sl_group_value *by, size_t count, struct sl_buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bits = is_text(&by[i]) ? by[i].text.len : bits_of(&by[i]);

		sl_buffer_add_byte(out, (char)by[i].type);
		sl_buffer_add(out, &bits, sizeof(bits));
		if (is_text(&by[i]))
			sl_buffer_add_slice(out, by[i].text);
	}
}

static void set_bits(struct sl_group_value *value, uint64_t bits)
{
	if (value->type == SL_TYPE_BOOL)
		value->boolean = bits != 0;
	else if (value->type == SL_TYPE_FLOAT)
		memcpy(&value->number, &bits, sizeof(bits));
	else
		value->integer = (int64_t)bits;
}

void key_unpack(struct sl_slice packed, struct sl_group_value *by, size_t count)
{
	const char *at = packed.data;
	uint64_t bits;

	for (size_t i = 0; i < count; i++) {
		enum sl_query_type type = (enum sl_query_type)at[0];

		by[i] = (struct sl_group_value){ .type = type };
		memcpy(&bits, at + 1, sizeof(bits));
		at += 1 + sizeof(bits);
		if (!is_text(&by[i])) {
			set_bits(&by[i], bits);
			continue;
		}
		by[i].text = (struct sl_slice){ at, bits };
		at += bits;
	}
}

const struct sl_group_value *key_copy(struct sl_arena *arena, const struct sl_group_value *by,
				      size_t count)
{
	struct sl_group_value *copy = sl_arena_alloc(arena, count * sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < count; i++) {
		copy[i] = by[i];
		if (!is_text(&by[i]))
			continue;
		copy[i].text = sl_arena_copy(arena, by[i].text);
		if (copy[i].text.data == NULL && by[i].text.len != 0)
			return NULL;
	}
	return copy;
}

int sl_group_compare(const struct sl_groups *groups, const struct sl_group *a,
		     const struct sl_group *b)
{
	return key_compare(a->by, b->by, groups->grouping->count);
}
