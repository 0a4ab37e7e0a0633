/*
 * Comparing and computing.
 *
 * Nil and values of different types compare as false with every operator, != included.  Numbers are
 * ints, floats and durations (ns).  An array is compared element by element: != wants all of them,
 * the others any.
 */
#include "match.h"
#include <math.h>

static const struct sl_query_value nil = { .type = SL_TYPE_NIL };

bool value_is_true(const struct sl_query_value *value)
{
	return value->type == SL_TYPE_BOOL && value->boolean;
}

bool value_is_number(const struct sl_query_value *value)
{
	return value->type == SL_TYPE_INT || value->type == SL_TYPE_FLOAT ||
	       value->type == SL_TYPE_DURATION;
}

struct sl_query_value value_bool(bool claim)
{
	return (struct sl_query_value){ .type = SL_TYPE_BOOL, .boolean = claim };
}

struct sl_query_value value_int(enum sl_query_type type, int64_t integer)
{
	return (struct sl_query_value){ .type = type, .integer = integer };
}

struct sl_query_value value_float(double number)
{
	return (struct sl_query_value){ .type = SL_TYPE_FLOAT, .number = number };
}

struct sl_query_value value_text(struct sl_slice text)
{
	return (struct sl_query_value){ .type = SL_TYPE_STRING, .text = text };
}

struct sl_query_value value_of_attribute(const struct sl_value *value)
{
	switch (value->type) {
	case SL_VALUE_STRING:
		return value_text(value->text);
	case SL_VALUE_BOOL:
		return value_bool(value->boolean);
	case SL_VALUE_INT:
		return value_int(SL_TYPE_INT, value->integer);
	case SL_VALUE_DOUBLE:
		return value_float(value->number);
	case SL_VALUE_ARRAY:
		return (struct sl_query_value){ .type = SL_TYPE_ARRAY, .list = value->list };
	case SL_VALUE_EMPTY:
	case SL_VALUE_KVLIST:
	case SL_VALUE_BYTES:
		break;
	}
	return nil;
}

static bool has_order(enum operator op, int order)
{
	static const unsigned char orders[] = {
		[OP_EQUAL] = SL_ORDER_EQUAL,
		[OP_NOT_EQUAL] = SL_ORDER_LESS | SL_ORDER_GREATER,
		[OP_LESS] = SL_ORDER_LESS,
		[OP_LESS_EQUAL] = SL_ORDER_LESS | SL_ORDER_EQUAL,
		[OP_GREATER] = SL_ORDER_GREATER,
		[OP_GREATER_EQUAL] = SL_ORDER_GREATER | SL_ORDER_EQUAL,
	};

	return (size_t)op < SL_COUNT(orders) && sl_order_is(orders[op], order);
}

/* NaN is unequal to all, and in no order. */
static bool compare_floats(enum operator op, double left, double right)
{
	if (left != left || right != right)
		return op == OP_NOT_EQUAL;
	return has_order(op, (left > right) - (left < right));
}

static double as_float(const struct sl_query_value *value)
{
	return value->type == SL_TYPE_FLOAT ? value->number : (double)value->integer;
}

static bool compare_one(enum operator op, const struct sl_query_value *left,
			const struct sl_query_value *right)
{
	if (value_is_number(left) && value_is_number(right)) {
		if (left->type == SL_TYPE_FLOAT || right->type == SL_TYPE_FLOAT)
			return compare_floats(op, as_float(left), as_float(right));
		return has_order(op, (left->integer > right->integer) -
					     (left->integer < right->integer));
	}
	if (left->type != right->type)
		return false;
	switch (left->type) {
	case SL_TYPE_STRING:
		if (op == OP_EQUAL || op == OP_NOT_EQUAL)
			return sl_slice_equal(left->text, right->text) == (op == OP_EQUAL);
		return has_order(op, sl_slice_compare(left->text, right->text));
	case SL_TYPE_TIME:
		return has_order(op, (left->integer > right->integer) -
					     (left->integer < right->integer));
	case SL_TYPE_BOOL:
		return (op == OP_EQUAL || op == OP_NOT_EQUAL) &&
		       has_order(op, left->boolean != right->boolean);
	case SL_TYPE_STATUS:
	case SL_TYPE_KIND:
		return (op == OP_EQUAL || op == OP_NOT_EQUAL) &&
		       has_order(op, left->integer != right->integer);
	default:
		return false;
	}
}

bool value_compare(enum operator op, const struct sl_query_value *left,
		   const struct sl_query_value *right)
{
	bool left_is_array = left->type == SL_TYPE_ARRAY;
	const struct sl_query_value *array = left_is_array ? left : right;
	bool all = op == OP_NOT_EQUAL;

	if (array->type != SL_TYPE_ARRAY)
		return compare_one(op, left, right);
	/* an empty array too is compared with something */
	if (left->type == right->type || left->type == SL_TYPE_NIL || right->type == SL_TYPE_NIL)
		return false;
	for (size_t i = 0; i < array->list.count; i++) {
		struct sl_query_value item = value_of_attribute(&array->list.items[i].value);
		bool holds = left_is_array ? compare_one(op, &item, right)
					   : compare_one(op, left, &item);

		if (holds != all)
			return holds;
	}
	return all;
}

/* What does not fit an int is computed as a float. */
static struct sl_query_value power(int64_t base, int64_t exponent)
{
	int64_t result = 1, factor = base, left = exponent;

	if (base == 0 && exponent < 0)
		return nil;
	if (exponent < 0)
		return value_float(pow((double)base, (double)exponent));
	for (;;) {
		if ((left & 1) != 0 && __builtin_mul_overflow(result, factor, &result))
			break;
		left >>= 1;
		if (left == 0)
			return value_int(SL_TYPE_INT, result);
		/* 0, 1 and -1 never leave their range, whatever the exponent */
		if (__builtin_mul_overflow(factor, factor, &factor))
			break;
	}
	return value_float(pow((double)base, (double)exponent));
}

/* Sums and products wrap around, as in the engine that the language comes from. */
static struct sl_query_value compute_ints(enum operator op, int64_t left, int64_t right)
{
	int64_t result = 0;

	switch (op) {
	case OP_ADD:
		(void)__builtin_add_overflow(left, right, &result);
		break;
	case OP_SUBTRACT:
		(void)__builtin_sub_overflow(left, right, &result);
		break;
	case OP_MULTIPLY:
		(void)__builtin_mul_overflow(left, right, &result);
		break;
	case OP_DIVIDE:
		if (right == 0)
			return nil;
		if (right == -1) /* the least int has no opposite */
			return compute_ints(OP_SUBTRACT, 0, left);
		result = left / right;
		break;
	case OP_MODULO:
		if (right == 0)
			return nil;
		result = right == -1 ? 0 : left % right;
		break;
	case OP_POWER:
		return power(left, right);
	default:
		return nil;
	}
	return value_int(SL_TYPE_INT, result);
}

/* Nothing is divided by zero here either: .a / .b has a value whatever the type of .b, or none. */
static struct sl_query_value compute_floats(enum operator op, double left, double right)
{
	switch (op) {
	case OP_ADD:
		return value_float(left + right);
	case OP_SUBTRACT:
		return value_float(left - right);
	case OP_MULTIPLY:
		return value_float(left * right);
	case OP_DIVIDE:
		return right == 0 ? nil : value_float(left / right);
	case OP_MODULO:
		return right == 0 ? nil : value_float(fmod(left, right));
	case OP_POWER:
		return left == 0 && right < 0 ? nil : value_float(pow(left, right));
	default:
		return nil;
	}
}

struct sl_query_value value_compute(enum operator op, const struct sl_query_value *left,
				    const struct sl_query_value *right)
{
	if (!value_is_number(left) || !value_is_number(right))
		return nil;
	if (left->type == SL_TYPE_INT && right->type == SL_TYPE_INT)
		return compute_ints(op, left->integer, right->integer);
	return compute_floats(op, as_float(left), as_float(right));
}

struct sl_query_value value_negate(const struct sl_query_value *value)
{
	struct sl_query_value result = *value;

	if (value->type == SL_TYPE_FLOAT)
		result.number = -value->number;
	else if (value_is_number(value))
		(void)__builtin_sub_overflow(INT64_C(0), value->integer, &result.integer);
	else
		return nil;
	return result;
}

static struct sl_value as_attribute(const struct sl_query_value *value)
{
	if (value->type == SL_TYPE_FLOAT)
		return (struct sl_value){ .type = SL_VALUE_DOUBLE, .number = value->number };
	return (struct sl_value){ .type = SL_VALUE_ARRAY, .list = value->list };
}

bool value_equal(const struct sl_query_value *a, const struct sl_query_value *b)
{
	struct sl_value left, right;

	if (a->type != b->type)
		return false;
	switch (a->type) {
	case SL_TYPE_NIL:
	case SL_TYPE_DYNAMIC:
		return true;
	case SL_TYPE_BOOL:
		return a->boolean == b->boolean;
	case SL_TYPE_STRING:
		return sl_slice_equal(a->text, b->text);
	case SL_TYPE_FLOAT:
	case SL_TYPE_ARRAY:
		left = as_attribute(a);
		right = as_attribute(b);
		return sl_value_equal(&left, &right);
	default:
		return a->integer == b->integer;
	}
}

/* Of members only the simple ones: enough to tell most apart. */
static uint64_t hash_list(struct sl_attributes list)
{
	uint64_t hash = list.count;

	for (size_t i = 0; i < list.count; i++) {
		struct sl_query_value item = value_of_attribute(&list.items[i].value);
		uint64_t part = item.type == SL_TYPE_ARRAY ? item.list.count : value_hash(&item);

		hash = sl_hash64(&part, sizeof(part), hash);
	}
	return hash;
}

uint64_t value_hash(const struct sl_query_value *value)
{
	uint64_t bits = 0;

	switch (value->type) {
	case SL_TYPE_NIL:
	case SL_TYPE_DYNAMIC:
		break;
	case SL_TYPE_BOOL:
		bits = value->boolean;
		break;
	case SL_TYPE_STRING:
		return sl_hash64(value->text.data, value->text.len, (uint64_t)value->type);
	case SL_TYPE_FLOAT:
		if (value->number == value->number)
			memcpy(&bits, &value->number, sizeof(bits));
		break;
	case SL_TYPE_ARRAY:
		bits = hash_list(value->list);
		break;
	default:
		bits = (uint64_t)value->integer;
		break;
	}
	return sl_hash64(&bits, sizeof(bits), (uint64_t)value->type);
}
