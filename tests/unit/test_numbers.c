/* Integers, milliseconds and sizes, written and parsed. */
#include "random.h"
#include "spanline/text.h"
#include "tap.h"
#include <inttypes.h>
#include <stdlib.h>

static bool is_text(const char *text, size_t len, const char *expected)
{
	return len == strlen(expected) && memcmp(text, expected, len) == 0;
}

static void check_u64(uint64_t number)
{
	char text[SL_U64_TEXT], expected[32];
	size_t len = sl_write_u64(text, number);
	uint64_t back = ~number;

	snprintf(expected, sizeof(expected), "%" PRIu64, number);
	if (!is_text(text, len, expected) || !sl_parse_u64((struct sl_slice){ text, len }, &back) ||
	    back != number)
		ok(false, "%s was written and parsed", expected);
}

static void check_i64(int64_t number)
{
	char text[SL_I64_TEXT], expected[32];
	size_t len = sl_write_i64(text, number);
	int64_t back = ~number;

	snprintf(expected, sizeof(expected), "%" PRId64, number);
	if (!is_text(text, len, expected) || !sl_parse_i64((struct sl_slice){ text, len }, &back) ||
	    back != number)
		ok(false, "%s was written and parsed", expected);
}

/* Each says what is wrong; that nothing was is one line. */
static void test_integers(void)
{
	uint64_t random = 1;

	for (uint64_t number = 0; number < 20000; number++) {
		check_u64(number);
		check_i64(-(int64_t)number);
	}
	for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10)
		for (uint64_t digit = 1; digit <= 10; digit++) {
			check_u64(power * digit - 1);
			check_u64(power * digit);
			check_i64((int64_t)(power * digit / 2));
			check_i64(-(int64_t)(power * digit / 2));
		}
	for (unsigned bit = 0; bit < 64; bit++) {
		check_u64((UINT64_C(1) << bit) - 1);
		check_u64(UINT64_C(1) << bit);
		check_u64(UINT64_MAX >> bit);
		check_i64(INT64_MAX >> bit);
		check_i64(-(INT64_MAX >> bit) - 1);
	}
	for (unsigned i = 0; i < 100000; i++)
		check_u64(next_random(&random) >> i % 20);
	ok(true, "integers were written and parsed");
}

static const struct {
	const char *text;
	bool unsigned_fits, signed_fits;
	uint64_t number; /* as unsigned */
} integers[] = {
	{ "", false, false, 0 },
	{ "0", true, true, 0 },
	{ "-0", false, true, 0 },
	{ "007", true, true, 7 },
	{ "-", false, false, 0 },
	{ "+1", false, false, 0 },
	{ "--1", false, false, 0 },
	{ " 1", false, false, 0 },
	{ "1 ", false, false, 0 },
	{ "1.0", false, false, 0 },
	{ "0x1", false, false, 0 },
	{ "1e3", false, false, 0 },
	{ "12/", false, false, 0 },
	{ "12:", false, false, 0 },
	{ "9223372036854775807", true, true, INT64_MAX },
	{ "9223372036854775808", true, false, UINT64_C(1) << 63 },
	{ "-9223372036854775808", false, true, UINT64_C(1) << 63 },
	{ "-9223372036854775809", false, false, 0 },
	{ "18446744073709551615", true, false, UINT64_MAX },
	{ "18446744073709551616", false, false, 0 },
	{ "18446744073709551620", false, false, 0 },
	{ "99999999999999999999", false, false, 0 },
	{ "184467440737095516150", false, false, 0 },
	{ "0000000000000000000000000000001", true, true, 1 },
};

static void test_integer_rows(void)
{
	for (size_t i = 0; i < SL_COUNT(integers); i++) {
		const char *text = integers[i].text;
		struct sl_slice slice = { text, strlen(text) };
		uint64_t number = 77;
		int64_t integer = 77;
		bool fits = sl_parse_u64(slice, &number);

		ok(fits == integers[i].unsigned_fits && number == (fits ? integers[i].number : 77),
		   "'%s' as u64", text);
		fits = sl_parse_i64(slice, &integer);
		ok(fits == integers[i].signed_fits &&
			   (uint64_t)integer == (fits ? integers[i].number : 77),
		   "'%s' as i64", text);
	}
}

static const struct {
	uint64_t end_ns, start_ns;
	const char *text;
} milliseconds[] = {
	{ 0, 0, "0" },
	{ UINT64_MAX, UINT64_MAX, "0" },
	{ 1, 0, "0.000001" },
	{ 0, 1, "-0.000001" },
	{ 10, 0, "0.00001" },
	{ 500000, 0, "0.5" },
	{ 0, 500000, "-0.5" },
	{ 999999, 0, "0.999999" },
	{ 1000000, 0, "1" },
	{ 1000001, 0, "1.000001" },
	{ 100100000, 0, "100.1" },
	{ UINT64_C(1744019112358024579), UINT64_C(1744019112345678901), "12.345678" },
	{ UINT64_C(1744019112345678901), UINT64_C(1744019112358024579), "-12.345678" },
	{ UINT64_MAX, 0, "18446744073709.551615" },
	{ 0, UINT64_MAX, "-18446744073709.551615" },
	{ UINT64_MAX, 1, "18446744073709.551614" },
	{ UINT64_C(1) << 63, 0, "9223372036854.775808" },
};

static void test_milliseconds(void)
{
	for (size_t i = 0; i < SL_COUNT(milliseconds); i++) {
		char text[SL_MS_TEXT];
		size_t len = sl_write_ms(text, milliseconds[i].end_ns, milliseconds[i].start_ns);

		ok(is_text(text, len, milliseconds[i].text), "%s ms", milliseconds[i].text);
	}
}

static const struct {
	const char *text;
	bool is_size;
	uint64_t bytes;
} sizes[] = {
	{ "0", true, 0 },
	{ "512", true, 512 },
	{ "1k", true, 1024 },
	{ "1K", true, 1024 },
	{ "64M", true, 64 << 20 },
	{ "3m", true, 3 << 20 },
	{ "4G", true, UINT64_C(4) << 30 },
	{ "4g", true, UINT64_C(4) << 30 },
	{ "17179869183G", true, UINT64_C(17179869183) << 30 },
	{ "17179869184G", false, 0 },
	{ "18014398509481984k", false, 0 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "", false, 0 },
	{ "k", false, 0 },
	{ "1kk", false, 0 },
	{ "1kB", false, 0 },
	{ "1T", false, 0 },
	{ "1.5M", false, 0 },
	{ "-1", false, 0 },
	{ " 1", false, 0 },
};

static void test_sizes(void)
{
	for (size_t i = 0; i < SL_COUNT(sizes); i++) {
		uint64_t bytes = 77;
		struct sl_slice text = { sizes[i].text, strlen(sizes[i].text) };
		bool is_size = sl_parse_size(text, &bytes);

		ok(is_size == sizes[i].is_size && bytes == (is_size ? sizes[i].bytes : 77),
		   "the size '%s'", sizes[i].text);
	}
}

static void test_appended(void)
{
	static const char expected[] = "-1 18446744073709551615 -9223372036854775808 0.5 "
				       "-9223372036854.775808 1.5 0.000001 "
				       "1970-01-01T00:00:00.000000001Z 00ff \"0aff\"\"\"";
	struct sl_buffer out = { 0 };

	sl_buffer_add_i64(&out, -1);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_u64(&out, UINT64_MAX);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_i64(&out, INT64_MIN);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_double(&out, 0.5);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_signed_ms(&out, INT64_MIN);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_signed_ms(&out, 1500000);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_ms(&out, 8, 7);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_time(&out, 1);
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_hex(&out, (struct sl_slice){ "\0\xff", 2 });
	sl_buffer_add_byte(&out, ' ');
	sl_buffer_add_id(&out, (struct sl_slice){ "\n\xff", 2 });
	sl_buffer_add_id(&out, (struct sl_slice){ NULL, 0 });
	ok(!out.failed && is_text(out.data, out.len, expected), "appended: %.*s", (int)out.len,
	   out.data);
	sl_buffer_free(&out);
}

int main(void)
{
	test_integers();
	test_appended();
	test_integer_rows();
	test_milliseconds();
	test_sizes();
	return done_testing();
}
