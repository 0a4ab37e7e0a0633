/* The bound of an assertion: durations, counts, parts and rates. */
#include "gate.h"
#include "spanline/text.h"

static bool fault_with(struct sl_query_fault *fault, struct sl_slice text, const char *expected)
{
	size_t len = strlen(expected);

	*fault = (struct sl_query_fault){ .at = 0, .len = text.len != 0 ? text.len : 1 };
	memcpy(fault->text, expected, len < sizeof(fault->text) ? len : sizeof(fault->text) - 1);
	return false;
}

static bool read_decimal(struct sl_slice text, struct decimal *decimal)
{
	unsigned places;

	decimal->scale = 1;
	if (!sl_parse_decimal(text, &decimal->digits, &places))
		return false;
	for (; places > 0; places--)
		decimal->scale *= 10;
	return true;
}

static bool read_latency(struct gate *gate, struct sl_slice text, struct sl_query_fault *fault)
{
	struct decimal plain;

	if (sl_parse_duration(text, &gate->bound_ns))
		return true;
	if (read_decimal(text, &plain))
		return fault_with(fault, text, "a duration needs a unit, as 500ms or 1.5s");
	return fault_with(fault, text, "expected a duration, as 500ms or 1.5s");
}

static bool read_count(struct gate *gate, struct sl_slice text, struct sl_query_fault *fault)
{
	gate->bound.scale = 1;
	if (sl_parse_u64(text, &gate->bound.digits))
		return true;
	return fault_with(fault, text, "expected a whole number");
}

static bool read_part(struct gate *gate, struct sl_slice text, struct sl_query_fault *fault)
{
	bool percent = text.len != 0 && text.data[text.len - 1] == '%';
	struct sl_slice digits = { text.data, text.len - percent };

	if (!read_decimal(sl_trim(digits), &gate->bound))
		return fault_with(fault, text, "expected a part of all, as 0.1% or 0.001");
	if (percent)
		gate->bound.scale *= 100;
	if (gate->bound.digits > gate->bound.scale)
		return fault_with(fault, text, "a part of all is at most 1, or 100%");
	return true;
}

static bool read_rate(struct gate *gate, struct sl_slice text, struct sl_query_fault *fault)
{
	static const struct {
		char unit;
		uint64_t ns;
	} units[] = { { 's', UINT64_C(1000000000) },
		      { 'm', UINT64_C(60000000000) },
		      { 'h', UINT64_C(3600000000000) } };
	struct sl_slice digits = text;
	char unit = '\0';

	if (text.len > 2 && text.data[text.len - 2] == '/') {
		unit = text.data[text.len - 1];
		digits.len -= 2;
	}
	for (size_t i = 0; i < SL_COUNT(units); i++)
		if (units[i].unit == unit)
			gate->per_ns = units[i].ns;
	if (gate->per_ns != 0 && read_decimal(sl_trim(digits), &gate->bound))
		return true;
	return fault_with(fault, text, "expected a rate, as 100/s, 5/m or 1/h");
}

bool gate_read_bound(struct gate *gate, struct sl_slice text, struct sl_query_fault *fault)
{
	if (is_latency(gate))
		return read_latency(gate, text, fault);
	if (is_count(gate))
		return read_count(gate, text, fault);
	if (gate->measure == MEASURE_ERROR_RATE)
		return read_part(gate, text, fault);
	return read_rate(gate, text, fault);
}
