/*
 * Durations as TraceQL has them, in one of two forms:
 *
 *     whole numbers with units in falling order, each at most once: y w d h m s ms ("1w2d")
 *     decimals with units in any order, added up: h m s ms us ns ("1h15m30.9s", "500ms1s", ".5s")
 */
#include "digits.h"

struct unit {
	const char *name;
	int64_t ns;
	bool of_days;	/* in the first form only */
	bool of_clocks; /* in the second form only */
};

/* Longest first, and of two names that begin alike the longer first. */
static const struct unit units[] = {
	{ "y", INT64_C(365) * 24 * 3600 * 1000000000, true, false },
	{ "w", INT64_C(7) * 24 * 3600 * 1000000000, true, false },
	{ "d", INT64_C(24) * 3600 * 1000000000, true, false },
	{ "h", INT64_C(3600) * 1000000000, false, false },
	{ "ms", 1000000, false, false },
	{ "m", INT64_C(60) * 1000000000, false, false },
	{ "s", 1000000000, false, false },
	{ "us", 1000, false, true },
	{ "\xc2\xb5s", 1000, false, true },
	{ "ns", 1, false, true },
};

/* One number with its unit. */
struct part {
	struct sl_slice whole, fraction;
	bool has_point;
	const struct unit *unit;
};

static const struct unit *take_unit(struct sl_slice *text)
{
	for (size_t i = 0; i < SL_COUNT(units); i++) {
		size_t len = strlen(units[i].name);

		if (len <= text->len && memcmp(text->data, units[i].name, len) == 0) {
			*text = (struct sl_slice){ text->data + len, text->len - len };
			return &units[i];
		}
	}
	return NULL;
}

static bool take_part(struct sl_slice *text, struct part *part)
{
	*part = (struct part){ .whole = take_digits(text) };
	part->has_point = take_byte(text, '.');
	if (part->has_point)
		part->fraction = take_digits(text);
	part->unit = take_unit(text);
	return part->unit != NULL && part->whole.len + part->fraction.len > 0;
}

/* Adds the part to *total, what is below a nanosecond cut off; false where that does not fit. */
static bool add_part(int64_t *total, const struct part *part)
{
	int64_t whole = 0, fraction = 0;

	if (part->whole.len > 0 && !sl_parse_i64(part->whole, &whole))
		return false;
	/* from the last digit on: flooring at each step floors the sum */
	for (size_t i = part->fraction.len; i > 0; i--)
		fraction = ((part->fraction.data[i - 1] - '0') * part->unit->ns + fraction) / 10;
	if (whole > (INT64_MAX - *total) / part->unit->ns)
		return false;
	*total += whole * part->unit->ns;
	if (fraction > INT64_MAX - *total)
		return false;
	*total += fraction;
	return true;
}

bool sl_parse_duration(struct sl_slice text, int64_t *ns)
{
	bool first_form = true, second_form = true;
	int64_t total = 0, last = INT64_MAX;
	struct part part;

	if (text.len == 0)
		return false;
	while (text.len > 0) {
		if (!take_part(&text, &part) || !add_part(&total, &part))
			return false;
		first_form &= !part.has_point && !part.unit->of_clocks && part.unit->ns < last;
		second_form &= !part.unit->of_days;
		last = part.unit->ns;
	}
	if (!first_form && !second_form)
		return false;
	*ns = total;
	return true;
}

/* number / scale, which is a power of ten. */
static void add_decimal(struct sl_buffer *out, uint64_t number, uint64_t scale)
{
	char digits[SL_U64_TEXT];

	sl_buffer_add(out, digits, sl_write_u64(digits, number / scale));
	if (scale != 1)
		sl_buffer_add_byte(out, '.');
	for (scale /= 10; scale != 0; scale /= 10)
		sl_buffer_add_byte(out, (char)('0' + number / scale % 10));
}

/* size / divisor in whole numbers, to the nearest, a half to the even one. */
static uint64_t divide_rounded(uint64_t size, uint64_t divisor)
{
	uint64_t quotient = size / divisor, rest = size % divisor;

	return quotient + (rest > divisor - rest || (rest == divisor - rest && quotient % 2 != 0));
}

void sl_show_duration(struct sl_buffer *out, uint64_t ns, bool ascii)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} shown[] = {
		{ " ns", 1 }, { " \xc2\xb5s", 1000 }, { " ms", 1000000 }, { " s", 1000000000 }
	};
	const char *name;
	size_t unit = 0;
	uint64_t number, scale = 1;

	/* what would be rounded up to 1000 is 1 of the next */
	while (unit + 1 < SL_COUNT(shown) && ns >= (1999 * shown[unit].ns + 1) / 2)
		unit++;
	/* three digits */
	while (unit != 0 && scale < 100 && divide_rounded(ns, shown[unit].ns / scale / 10) < 1000)
		scale *= 10;
	number = divide_rounded(ns, shown[unit].ns / scale);
	name = ascii && unit == 1 ? " us" : shown[unit].name;
	add_decimal(out, number, scale);
	sl_buffer_add(out, name, strlen(name));
}
