/* Arithmetic of constants, as it is at run time: 64 bits, floats where one is, ns of durations. */
#include "parser.h"
#include <math.h>

static double as_double(const struct sl_query_value *value)
{
	return value->type == SL_TYPE_FLOAT ? value->number : (double)value->integer;
}

static double fold_floats(enum operator op, double left, double right)
{
	switch (op) {
	case OP_ADD:
		return left + right;
	case OP_SUBTRACT:
		return left - right;
	case OP_MULTIPLY:
		return left * right;
	case OP_DIVIDE:
		return left / right;
	case OP_MODULO:
		return fmod(left, right);
	default:
		return pow(left, right);
	}
}

static bool integer_power(int64_t base, int64_t exponent, int64_t *result)
{
	*result = 1;
	if (base == 0 || base == 1 || base == -1) {
		*result = exponent == 0 ? 1 : base == -1 && exponent % 2 == 0 ? 1 : base;
		return base != 0 || exponent >= 0;
	}
	if (exponent < 0)
		*result = 0;
	for (; exponent > 0; exponent--)
		if (__builtin_mul_overflow(*result, base, result))
			return false;
	return true;
}

/* False: it does not fit. */
static bool fold_integers(enum operator op, int64_t left, int64_t right, int64_t *result)
{
	switch (op) {
	case OP_ADD:
		return !__builtin_add_overflow(left, right, result);
	case OP_SUBTRACT:
		return !__builtin_sub_overflow(left, right, result);
	case OP_MULTIPLY:
		return !__builtin_mul_overflow(left, right, result);
	case OP_DIVIDE:
		if (right == -1)
			return !__builtin_sub_overflow(0, left, result);
		*result = left / right;
		return true;
	case OP_MODULO:
		*result = right == -1 ? 0 : left % right;
		return true;
	default:
		return integer_power(left, right, result);
	}
}

/* Durations: a sum, a multiple or a part of one is one, a ratio of two is none. */
static enum sl_query_type result_type(enum operator op, enum sl_query_type left,
				      enum sl_query_type right)
{
	if (op == OP_DIVIDE && left == SL_TYPE_DURATION && right == SL_TYPE_DURATION)
		return SL_TYPE_FLOAT;
	if (left == SL_TYPE_DURATION || right == SL_TYPE_DURATION)
		return SL_TYPE_DURATION;
	return left == SL_TYPE_FLOAT || right == SL_TYPE_FLOAT ? SL_TYPE_FLOAT : SL_TYPE_INT;
}

static bool fold(enum operator op, struct sl_query_value *left, const struct sl_query_value *right)
{
	enum sl_query_type type = result_type(op, left->type, right->type);
	bool whole = left->type != SL_TYPE_FLOAT && right->type != SL_TYPE_FLOAT;

	if (whole && type != SL_TYPE_FLOAT) {
		left->type = type;
		return fold_integers(op, left->integer, right->integer, &left->integer) &&
		       (type == SL_TYPE_INT || left->integer != INT64_MIN);
	}
	double number = fold_floats(op, as_double(left), as_double(right));
	left->type = type;
	if (type == SL_TYPE_FLOAT) {
		left->number = number;
		return isfinite(number);
	}
	if (!(fabs(number) < 9223372036854775808.0))
		return false;
	left->integer = (int64_t)number;
	return true;
}

bool fold_constants(struct parser *parser, enum operator op, struct scalar *left,
		    const struct scalar *right)
{
	bool by_zero = (op == OP_DIVIDE || op == OP_MODULO) && as_double(&right->constant) == 0;

	if (parser->query->tempo && (op == OP_MODULO || op == OP_POWER))
		return parser_fault(parser, left->place, "Tempo has no '%s' of constants",
				    operator_text(op));
	if (by_zero)
		return parser_fault(parser, left->place, "division by zero");
	if (!fold(op, &left->constant, &right->constant))
		return parser_fault(parser, left->place, "the result does not fit 64 bits");
	left->type = left->constant.type;
	return true;
}
