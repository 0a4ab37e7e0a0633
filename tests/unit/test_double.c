/* Doubles: the shortest decimal, and what is read. */
#include "random.h"
#include "spanline/text.h"
#include "tap.h"
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static uint64_t bits_of(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static double double_of(uint64_t bits)
{
	double number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

static const struct {
	double number;
	const char *text;
} written[] = {
	{ 0.0, "0.0" },
	{ -0.0, "-0.0" },
	{ 1.0, "1.0" },
	{ -1.0, "-1.0" },
	{ 10.0, "10.0" },
	{ 42.5, "42.5" },
	{ 0.1, "0.1" },
	{ 0.001, "0.001" },
	{ 0.000001, "0.000001" },
	{ 0.00000123, "0.00000123" },
	{ 1e-7, "1e-7" },
	{ 1.5e-7, "1.5e-7" },
	{ -1.25e-9, "-1.25e-9" },
	{ 0.1 + 0.2, "0.30000000000000004" },
	{ 1.0 / 3, "0.3333333333333333" },
	{ 123.456, "123.456" },
	{ 12345.678901, "12345.678901" },
	{ 999999999.999999, "999999999.999999" },
	{ 4.35, "4.35" },
	{ 100.1, "100.1" },
	{ 5e-324, "5e-324" },
	{ 2.2250738585072014e-308, "2.2250738585072014e-308" },
	{ 2.225073858507201e-308, "2.225073858507201e-308" },
	{ DBL_MAX, "1.7976931348623157e+308" },
	{ 9007199254740991.0, "9007199254740991.0" },
	{ 9007199254740992.0, "9007199254740992.0" },
	{ 9007199254740994.0, "9007199254740994.0" },
	{ 0x1p63, "9223372036854776000.0" },
	{ 0x1p64, "18446744073709552000.0" },
	{ 123456789012345680000.0, "123456789012345680000.0" },
	{ 999999999999999900000.0, "999999999999999900000.0" },
	{ 1e20, "100000000000000000000.0" },
	{ 1e21, "1e+21" },
	{ 1e22, "1e+22" },
	{ 1e23, "1e+23" },
	{ 1.2e21, "1.2e+21" },
	{ 9.5e-7, "9.5e-7" },
	/* the interval below a power of two is half as wide */
	{ 0x1p-44, "5.684341886080802e-14" },
	{ 9.5367431640625e-07, "9.5367431640625e-7" },
	{ 0x1p-1074 * 3, "1.5e-323" },
	{ 0x1p-1017, "7.120236347223045e-307" },
	/* the digits end half way between two decimals: the even one */
	{ 1264065544511514.25, "1264065544511514.2" },
	{ 1980717209989894.75, "1980717209989894.8" },
	{ 234843878686521.625, "234843878686521.62" },
	{ 2e-44, "2e-44" },
	{ 1.7800590868057611e-307, "1.7800590868057611e-307" },
};

static void test_written(void)
{
	for (size_t i = 0; i < SL_COUNT(written); i++) {
		char text[SL_DOUBLE_TEXT];
		size_t len = sl_write_double(text, written[i].number);

		ok(len == strlen(written[i].text) && memcmp(text, written[i].text, len) == 0,
		   "%s is written: %.*s", written[i].text, (int)len, text);
	}
}

/* The significant digits as a number, and the power of ten behind them. */
static int split_digits(const char *text, uint64_t *digits)
{
	const char *mark = text;
	int exponent = 0;
	bool point = false;

	*digits = 0;
	for (; *mark != '\0' && *mark != 'e'; mark++) {
		if (*mark == '.') {
			point = true;
		} else if (*mark != '-' && *digits < UINT64_C(1000000000000000000)) {
			*digits = *digits * 10 + (uint64_t)(*mark - '0');
			exponent -= point;
		} else if (*mark != '-') {
			exponent += !point;
		}
	}
	if (*mark == 'e')
		exponent += (int)strtol(mark + 1, NULL, 10);
	for (; *digits != 0 && *digits % 10 == 0; *digits /= 10)
		exponent++;
	return exponent;
}

static bool decimal_reads_as(uint64_t digits, int exponent, double number)
{
	char text[40];

	snprintf(text, sizeof(text), "%" PRIu64 "e%d", digits, exponent);
	return bits_of(strtod(text, NULL)) == bits_of(number);
}

/* Whether a decimal with one digit less reads back. */
static bool has_shorter(double number, uint64_t digits, int exponent)
{
	uint64_t shorter = digits / 10;

	return digits >= 10 && (decimal_reads_as(shorter, exponent + 1, number) ||
				decimal_reads_as(shorter + 1, exponent + 1, number));
}

/* Whether printf, which rounds exactly, finds another with as many digits that reads back. */
static bool has_nearer(double number, uint64_t digits, int exponent)
{
	char count[24], text[40];
	uint64_t nearest;
	int nearest_exponent;
	int places = snprintf(count, sizeof(count), "%" PRIu64, digits) - 1;

	snprintf(text, sizeof(text), "%.*e", places, number);
	nearest_exponent = split_digits(text, &nearest);
	return (nearest != digits || nearest_exponent != exponent) &&
	       decimal_reads_as(nearest, nearest_exponent, number);
}

static bool check_shortest(double number)
{
	char text[SL_DOUBLE_TEXT + 1];
	size_t len = sl_write_double(text, number);
	uint64_t digits;
	int exponent;
	double back = 77;

	if (len > SL_DOUBLE_TEXT)
		return ok(false, "%a is written in %zu bytes", number, len);
	text[len] = '\0';
	if (bits_of(strtod(text, NULL)) != bits_of(number))
		return ok(false, "%a, written %s, reads back", number, text);
	if (!sl_parse_double((struct sl_slice){ text, len }, &back) ||
	    bits_of(back) != bits_of(number))
		return ok(false, "%a, written %s, is parsed", number, text);
	number = fabs(number);
	if (bits_of(number) == 0)
		return true;
	exponent = split_digits(text, &digits);
	if (has_shorter(number, digits, exponent) || has_nearer(number, digits, exponent))
		return ok(false, "%a, written %s, is the shortest and nearest", number, text);
	return true;
}

static void test_shortest(void)
{
	uint64_t state = 20250407, scale = 1;
	bool good = true;

	for (int i = 0; i < 12000; i++) {
		double number = double_of(next_random(&state));

		good &= !isfinite(number) || check_shortest(number);
	}
	ok(good, "random doubles");
	for (uint64_t exponent = 0; exponent < 2047; exponent++)
		for (uint64_t step = 0; step < 3; step++)
			good &= check_shortest(double_of((exponent << 52) + step)) &&
				(exponent == 0 ||
				 check_shortest(double_of((exponent << 52) - 1 - step)));
	ok(good, "doubles beside powers of two");
	for (int i = 0; i < 6000; i++) {
		uint64_t random = next_random(&state);

		scale = scale < 100000000 ? scale * 10 : 1;
		good &= check_shortest((double)(random >> (11 + i % 50)) / (double)scale);
	}
	ok(good, "decimals with few places");
	for (int exponent = -323; exponent <= 308; exponent++) {
		char text[16];
		double number;

		snprintf(text, sizeof(text), "1e%d", exponent);
		number = strtod(text, NULL);
		good &= check_shortest(number) && check_shortest(double_of(bits_of(number) + 1)) &&
			check_shortest(double_of(bits_of(number) - 1));
	}
	ok(good, "doubles beside powers of ten");
}

static const struct {
	const char *text;
	double number;
} parsed[] = {
	{ "0", 0.0 },
	{ "-0", -0.0 },
	{ "-0.0", -0.0 },
	{ "0e5", 0.0 },
	{ "-0e-999999999999", -0.0 },
	{ "1", 1.0 },
	{ "1E2", 100.0 },
	{ "1e+2", 100.0 },
	{ "1e-2", 0.01 },
	{ "1e00000000000000000002", 100.0 },
	{ "12.5e-1", 1.25 },
	{ "0.1", 0.1 },
	{ "9007199254740993", 9007199254740992.0 },
	{ "9007199254740993.0", 9007199254740992.0 },
	{ "9007199254740993.00000000000000000001", 9007199254740994.0 },
	{ "9007199254740995", 9007199254740996.0 },
	{ "9007199254740993e1", 90071992547409936.0 },
	{ "9223372036854775807", 0x1p63 },
	{ "18446744073709551616", 0x1p64 },
	{ "1e23", 1e23 },
	{ "8.5e22", 8.5e22 },
	{ "0.0000000000000000000000000001", 1e-28 },
	{ "2.2250738585072011e-308", 2.2250738585072011e-308 },
	{ "2.4703282292062327e-324", 0.0 },
	{ "2.4703282292062328e-324", 5e-324 },
	{ "1e-400", 0.0 },
	{ "-1e-400", -0.0 },
	{ "1.7976931348623157e308", DBL_MAX },
	{ "1.7976931348623158e308", DBL_MAX },
	{ "1.7976931348623159e308", (double)INFINITY },
	{ "1e309", (double)INFINITY },
	{ "-1e99999999999999999999", -(double)INFINITY },
};

static const char *const refused[] = {
	"",	 "-",	  "+1",	  ".5",	  "1.",	       "-.5",  "00",  "01",    "-01",
	"1e",	 "1e+",	  "1e-",  "1.e5", "1e5.0",     " 1",   "1 ",  "1,5",   "0x10",
	"1_000", "NaN",	  "nan",  "inf",  "Infinity",  "1e5x", "1..", "1.5.",  "--1",
	"1f",	 "\"1\"", "1e--", "e5",	  "-Infinity", "1d",   "1E",  "1e+-5",
};

static bool parse(const char *text, size_t len, double *number)
{
	/* exactly as long as the text, so that a sanitizer sees what is read behind it */
	char *copy = malloc(len + (len == 0));
	bool good;

	if (copy == NULL)
		abort();
	memcpy(copy, text, len);
	good = sl_parse_double((struct sl_slice){ copy, len }, number);
	free(copy);
	return good;
}

static void test_parsed(void)
{
	for (size_t i = 0; i < SL_COUNT(parsed); i++) {
		double number = 77;

		ok(parse(parsed[i].text, strlen(parsed[i].text), &number) &&
			   bits_of(number) == bits_of(parsed[i].number),
		   "%s is parsed", parsed[i].text);
	}
	for (size_t i = 0; i < SL_COUNT(refused); i++) {
		double number = 77;

		ok(!parse(refused[i], strlen(refused[i]), &number) && number == 77,
		   "'%s' is refused", refused[i]);
	}
	ok(!parse("1\0", 2, &(double){ 0 }), "NUL is refused");
}

static void test_long(void)
{
	char text[1026];
	double number = 77;

	snprintf(text, sizeof(text), "0.%01017d1e999", 0);
	ok(parse(text, 1024, &number) && number == 1e-19, "1,024 bytes are parsed");
	snprintf(text, sizeof(text), "0.%01018d1e999", 0);
	ok(!parse(text, 1025, &number), "1,025 bytes are refused");
	memset(text, '1', sizeof(text));
	ok(parse(text, 1024, &number) && number > 0 && isinf(number), "1,024 ones are infinite");
}

int main(void)
{
	test_written();
	test_shortest();
	test_parsed();
	test_long();
	return done_testing();
}
