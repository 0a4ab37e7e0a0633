/* Times and durations, written and parsed. */
#include "spanline/text.h"
#include "tap.h"
#include <inttypes.h>
#include <stdlib.h>

#define NS_PER_S   UINT64_C(1000000000)
#define NS_PER_DAY (86400 * NS_PER_S)

static bool parse_time(const char *text, size_t len, uint64_t *unix_ns)
{
	/* exactly as long as the text, so that a sanitizer sees what is read behind it */
	char *copy = malloc(len + (len == 0));
	bool good;

	if (copy == NULL)
		abort();
	memcpy(copy, text, len);
	good = sl_parse_time((struct sl_slice){ copy, len }, unix_ns);
	free(copy);
	return good;
}

static const struct {
	uint64_t unix_ns;
	const char *text;
} times[] = {
	{ 0, "1970-01-01T00:00:00.000000000Z" },
	{ 1, "1970-01-01T00:00:00.000000001Z" },
	{ NS_PER_S - 1, "1970-01-01T00:00:00.999999999Z" },
	{ NS_PER_DAY - 1, "1970-01-01T23:59:59.999999999Z" },
	{ NS_PER_DAY, "1970-01-02T00:00:00.000000000Z" },
	{ UINT64_C(951782400) * NS_PER_S, "2000-02-29T00:00:00.000000000Z" },
	{ UINT64_C(951868800) * NS_PER_S, "2000-03-01T00:00:00.000000000Z" },
	{ UINT64_C(1744019112345678901), "2025-04-07T09:45:12.345678901Z" },
	{ UINT64_C(4107542399) * NS_PER_S, "2100-02-28T23:59:59.000000000Z" },
	{ UINT64_C(4107542400) * NS_PER_S, "2100-03-01T00:00:00.000000000Z" },
	{ INT64_MAX, "2262-04-11T23:47:16.854775807Z" },
	{ UINT64_MAX, "2554-07-21T23:34:33.709551615Z" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < SL_COUNT(times); i++) {
		char text[SL_TIME_TEXT];
		uint64_t back = ~times[i].unix_ns;

		ok(sl_write_time(text, times[i].unix_ns) == SL_TIME_TEXT &&
			   memcmp(text, times[i].text, SL_TIME_TEXT) == 0,
		   "%s is written", times[i].text);
		ok(parse_time(times[i].text, SL_TIME_TEXT, &back) && back == times[i].unix_ns,
		   "%s is parsed", times[i].text);
	}
}

/* A calendar that counts: day by day, to the last day that there is. */
static void test_every_day(void)
{
	static const unsigned lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned year = 1970, month = 1, day = 1;

	for (uint64_t days = 0; days <= UINT64_MAX / NS_PER_DAY; days++) {
		uint64_t unix_ns = days * NS_PER_DAY + days % 43200 * NS_PER_S + days, back = 0;
		char text[SL_TIME_TEXT], date[40];
		unsigned leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);

		snprintf(date, sizeof(date), "%04u-%02u-%02uT", year, month, day);
		sl_write_time(text, unix_ns);
		if (memcmp(text, date, 11) != 0 ||
		    !sl_parse_time((struct sl_slice){ text, SL_TIME_TEXT }, &back) ||
		    back != unix_ns) {
			ok(false, "%s is day %" PRIu64 ": %.30s", date, days, text);
			return;
		}
		if (++day > lengths[month - 1] + (month == 2 ? leap : 0)) {
			day = 1;
			month = month % 12 + 1;
			year += month == 1;
		}
	}
	ok(year == 2554 && month == 7 && day == 22, "every day until 2554");
}

static const struct {
	const char *text;
	uint64_t unix_ns;
} other_forms[] = {
	{ "1970-01-01T00:00:01Z", NS_PER_S },
	{ "1970-01-01t00:00:01z", NS_PER_S },
	{ "1970-01-01 00:00:01Z", NS_PER_S },
	{ "1970-01-01T00:00:00.5Z", 500000000 },
	{ "1970-01-01T00:00:00.120Z", 120000000 },
	{ "1970-01-01T00:00:00.00000001Z", 10 },
	{ "1970-01-01T02:00:01+02:00", NS_PER_S },
	{ "1970-01-01T02:00:01.000+02:00", NS_PER_S },
	{ "1969-12-31T19:30:01-04:30", NS_PER_S },
	{ "1969-12-31T00:01:00-23:59", 0 },
	{ "1970-01-01T23:59:00+23:59", 0 },
	{ "1970-01-01T00:00:00-00:00", 0 },
	{ "2024-02-29T00:00:00Z", UINT64_C(1709164800) * NS_PER_S },
	{ "2554-07-22T00:34:33.709551615+01:00", UINT64_MAX },
};

static const char *const refused_times[] = {
	"",
	"Z",
	"2025",
	"2025-04-07",
	"2025-04-07T09:45Z",
	"2025-04-07T09:45:12",
	"2025-04-07T09:45:12.5",
	"2025-04-07T09:45:12.Z",
	"2025-04-07T09:45:12,5Z",
	"2025-04-07T09:45:12.1234567890Z",
	"2025-04-07T09:45:12ZZ",
	"2025-04-07T09:45:12Z ",
	" 2025-04-07T09:45:12Z",
	"2025-04-07_09:45:12Z",
	"2025-04-07T09:45:12+02",
	"2025-04-07T09:45:12+0200",
	"2025-04-07T09:45:12+02:0",
	"2025-04-07T09:45:12+02:000",
	"2025-04-07T09:45:12+24:00",
	"2025-04-07T09:45:12+02:60",
	"2025-04-07T09:45:12*02:00",
	"2025-00-07T09:45:12Z",
	"2025-13-07T09:45:12Z",
	"2025-04-00T09:45:12Z",
	"2025-04-31T09:45:12Z",
	"2025-06-31T09:45:12Z",
	"2025-09-31T09:45:12Z",
	"2025-11-31T09:45:12Z",
	"2025-01-32T09:45:12Z",
	"2025-02-29T09:45:12Z",
	"2024-02-30T09:45:12Z",
	"2100-02-29T09:45:12Z",
	"2025-04-07T24:00:00Z",
	"2025-04-07T09:60:12Z",
	"2025-04-07T09:45:60Z",
	"2016-12-31T23:59:60Z",
	"2025-4-07T09:45:12Z",
	"2025-04-7T09:45:12Z",
	"25-04-07T09:45:12Z",
	"2025/04/07T09:45:12Z",
	"2025-04-07T09-45-12Z",
	"+025-04-07T09:45:12Z",
	"202x-04-07T09:45:12Z",
	"0000-01-01T00:00:00Z",
	"1969-12-31T23:59:59Z",
	"1969-12-31T23:59:59.999999999Z",
	"1970-01-01T00:59:59+01:00",
	"2554-07-21T23:34:33.709551616Z",
	"2554-07-21T23:34:34Z",
	"2554-07-22T00:00:00Z",
	"9999-12-31T23:59:59Z",
};

static void test_forms(void)
{
	for (size_t i = 0; i < SL_COUNT(other_forms); i++) {
		const char *text = other_forms[i].text;
		uint64_t unix_ns = 77;

		ok(parse_time(text, strlen(text), &unix_ns) && unix_ns == other_forms[i].unix_ns,
		   "'%s' is a time", text);
	}
	for (size_t i = 0; i < SL_COUNT(refused_times); i++) {
		const char *text = refused_times[i];
		uint64_t unix_ns = 77;

		ok(!parse_time(text, strlen(text), &unix_ns) && unix_ns == 77, "'%s' is no time",
		   text);
	}
}

#define HOUR INT64_C(3600000000000)
#define DAY  (24 * HOUR)

static const struct {
	const char *text;
	int64_t ns;
} durations[] = {
	{ "5ns", 5 },
	{ "10us", 10000 },
	{ "10\xc2\xb5s", 10000 },
	{ "250ms", 250000000 },
	{ "1.5s", 1500000000 },
	{ ".5s", 500000000 },
	{ "1.s", 1000000000 },
	{ "2m", HOUR / 30 },
	{ "1h", HOUR },
	{ "1h30m", HOUR + HOUR / 2 },
	{ "30m1h", HOUR + HOUR / 2 },
	{ "500ms1s", 1500000000 },
	{ "1s1s", 2000000000 },
	{ "1h15m30.918273645s", INT64_C(4530918273645) },
	{ "1.5h", HOUR + HOUR / 2 },
	{ "0.1h", HOUR / 10 },
	{ "1.1us", 1100 },
	{ "1.9ns", 1 },
	{ "0.000000000000000000000000001h", 0 },
	{ "0.99999999999999999999999999s", 999999999 },
	{ "0s", 0 },
	{ "1d", DAY },
	{ "1w", 7 * DAY },
	{ "1y", 365 * DAY },
	{ "1d12h", 36 * HOUR },
	{ "1w2d", 9 * DAY },
	{ "1y2w3d4h5m6s7ms", (365 + 14 + 3) * DAY + 4 * HOUR + HOUR / 12 + 6007000000 },
	{ "9223372036854775807ns", INT64_MAX },
	{ "9223372036.854775807s", INT64_MAX },
	{ "292y", INT64_C(292) * 365 * DAY },
};

static const char *const refused_durations[] = {
	"",
	"s",
	"5",
	"1.5",
	".s",
	"1e3s",
	"100 ms",
	" 1s",
	"1s ",
	"-1s",
	"+1s",
	"1.5d",
	"1d.5h",
	"1d500us",
	"1d5ns",
	"12h1d",
	"1d1d",
	"1ms1d",
	"1d1s1m",
	"1x",
	"1S",
	"1.2.3s",
	"1sm",
	"1m1",
	"1\xc2",
	"1\xb5s",
	"293y",
	"1y1y",
	"1ss",
	"1h30",
	"1.d",
	"9223372036854775808ns",
	"9223372036.854775808s",
	"99999999999999999999h",
	"9223372036854775807ns1ns",
	"9223372036854775807ns0.9us",
};

static void test_durations(void)
{
	for (size_t i = 0; i < SL_COUNT(durations); i++) {
		struct sl_slice text = { durations[i].text, strlen(durations[i].text) };
		int64_t ns = 77;

		ok(sl_parse_duration(text, &ns) && ns == durations[i].ns, "'%s' is %" PRId64 " ns",
		   durations[i].text, durations[i].ns);
	}
	for (size_t i = 0; i < SL_COUNT(refused_durations); i++) {
		struct sl_slice text = { refused_durations[i], strlen(refused_durations[i]) };
		int64_t ns = 77;

		ok(!sl_parse_duration(text, &ns) && ns == 77, "'%s' is no duration",
		   refused_durations[i]);
	}
}

static const struct {
	uint64_t ns;
	const char *text;
} shown[] = {
	{ 0, "0 ns" },
	{ 999, "999 ns" },
	{ 1000, "1.00 us" },
	{ 1004, "1.00 us" },
	{ 1005, "1.00 us" }, /* a half goes to the even digit */
	{ 1015, "1.02 us" },
	{ 9994, "9.99 us" },
	{ 9995, "10.0 us" },
	{ 99949, "99.9 us" },
	{ 99950, "100 us" },
	{ 999499, "999 us" },
	{ 999500, "1.00 ms" },
	{ 12345678, "12.3 ms" },
	{ 999499999, "999 ms" },
	{ 999500000, "1.00 s" },
	{ UINT64_C(86400000000000), "86400 s" },
	{ UINT64_MAX, "18446744074 s" },
};

static void test_shown_durations(void)
{
	struct sl_buffer out = { 0 };

	for (size_t i = 0; i < SL_COUNT(shown); i++) {
		out.len = 0;
		sl_show_duration(&out, shown[i].ns, true);
		ok(sl_slice_equal(sl_buffer_slice(&out),
				  (struct sl_slice){ shown[i].text, strlen(shown[i].text) }),
		   "%" PRIu64 " ns are shown as %s: %.*s", shown[i].ns, shown[i].text, (int)out.len,
		   out.data);
	}
	out.len = 0;
	sl_show_duration(&out, 1500, false);
	ok(sl_slice_equal(sl_buffer_slice(&out), SL_SLICE("1.50 \xc2\xb5s")),
	   "with a micro sign where that may be");
	sl_buffer_free(&out);
}

int main(void)
{
	test_rows();
	test_every_day();
	test_forms();
	test_durations();
	test_shown_durations();
	return done_testing();
}
