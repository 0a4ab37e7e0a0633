/* Times as RFC 3339 in the proleptic Gregorian calendar, without leap seconds. */
#include "digits.h"

#define NS_PER_S UINT64_C(1000000000)

enum {
	S_PER_DAY = 86400,
	/* Years begin in March here, so that the leap day ends them: 0000-03-01 to 1970-01-01. */
	DAYS_BEFORE_1970 = 719468,
	DAYS_PER_4_YEARS = 1461,
	DAYS_PER_400_YEARS = 146097,
};

struct date {
	uint32_t year, month, day;
};

/*
 * Four times the days, so that a century is a whole number of them; then the same for its years.
 * The months from March are 31, 30, 31, 30, 31 days long, over and over: 153 days for five.
 */
static struct date date_of(uint32_t days_from_1970)
{
	uint32_t quarters = 4 * (days_from_1970 + DAYS_BEFORE_1970) + 3;
	uint32_t century = quarters / DAYS_PER_400_YEARS;
	uint32_t day_quarters = quarters % DAYS_PER_400_YEARS | 3;
	uint32_t year = century * 100 + day_quarters / DAYS_PER_4_YEARS;
	uint32_t day = day_quarters % DAYS_PER_4_YEARS / 4;
	uint32_t month = (5 * day + 2) / 153;

	day -= (153 * month + 2) / 5;
	if (month < 10)
		return (struct date){ year, month + 3, day + 1 };
	return (struct date){ year + 1, month - 9, day + 1 };
}

/* The same backwards; from 1 March of the year 0 on. */
static uint32_t days_until(struct date date)
{
	uint32_t year = date.month > 2 ? date.year : date.year - 1;
	uint32_t month = date.month > 2 ? date.month - 3 : date.month + 9;

	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day -
	       1;
}

size_t sl_write_time(char *out, uint64_t unix_ns)
{
	uint64_t second = unix_ns / NS_PER_S;
	uint32_t nanos = (uint32_t)(unix_ns % NS_PER_S);
	uint32_t of_day = (uint32_t)(second % S_PER_DAY);
	struct date date = date_of((uint32_t)(second / S_PER_DAY));

	put_four(out, date.year);
	out[4] = '-';
	put_two(out + 5, date.month);
	out[7] = '-';
	put_two(out + 8, date.day);
	out[10] = 'T';
	put_two(out + 11, of_day / 3600);
	out[13] = ':';
	put_two(out + 14, of_day / 60 % 60);
	out[16] = ':';
	put_two(out + 17, of_day % 60);
	out[19] = '.';
	out[20] = (char)('0' + nanos / 100000000);
	put_eight(out + 21, nanos % 100000000);
	out[29] = 'Z';
	return SL_TIME_TEXT;
}

/* `digits` digits at `at`, at most nine. */
static bool number_at(const char *at, size_t digits, uint32_t *number)
{
	*number = 0;
	for (size_t i = 0; i < digits; i++) {
		if (!is_digit(at[i]))
			return false;
		*number = *number * 10 + (uint32_t)(at[i] - '0');
	}
	return true;
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
	static const unsigned char days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month] + (month == 2 && leap ? 1U : 0U);
}

/* "2025-04-07", as days since 1 March of the year 0. */
static bool date_at(const char *at, uint32_t *days)
{
	struct date date;

	if (!number_at(at, 4, &date.year) || at[4] != '-' || !number_at(at + 5, 2, &date.month) ||
	    at[7] != '-' || !number_at(at + 8, 2, &date.day))
		return false;
	/* an offset moves a time by less than a day */
	if (date.year < 1969 || date.month < 1 || date.month > 12 || date.day < 1 ||
	    date.day > month_days(date.year, date.month))
		return false;
	*days = days_until(date);
	return true;
}

/* "09:45", as minutes. */
static bool minutes_at(const char *at, uint32_t *minutes)
{
	uint32_t hour, minute;

	if (!number_at(at, 2, &hour) || at[2] != ':' || !number_at(at + 3, 2, &minute))
		return false;
	*minutes = hour * 60 + minute;
	return hour < 24 && minute < 60;
}

/* ".345678901", perhaps not there, off the start of *text. */
static bool take_fraction(struct sl_slice *text, uint32_t *nanos)
{
	struct sl_slice digits;

	*nanos = 0;
	if (!take_byte(text, '.'))
		return true;
	digits = take_digits(text);
	if (digits.len == 0 || digits.len > 9 || !number_at(digits.data, digits.len, nanos))
		return false;
	*nanos *= (uint32_t)powers_of_ten[9 - digits.len];
	return true;
}

/* "Z" or "+02:00": all of `text`. */
static bool parse_offset(struct sl_slice text, int64_t *seconds)
{
	uint32_t minutes;

	*seconds = 0;
	if (text.len == 1)
		return text.data[0] == 'Z' || text.data[0] == 'z';
	if (text.len != 6 || (text.data[0] != '+' && text.data[0] != '-') ||
	    !minutes_at(text.data + 1, &minutes))
		return false;
	*seconds = (int64_t)minutes * (text.data[0] == '+' ? 60 : -60);
	return true;
}

bool sl_parse_time(struct sl_slice text, uint64_t *unix_ns)
{
	enum { DATE_AND_TIME = 19 };
	const char *at = text.data;
	uint32_t days, minutes, seconds, nanos;
	int64_t offset, second;

	if (text.len <= DATE_AND_TIME || !date_at(at, &days) ||
	    (at[10] != 'T' && at[10] != 't' && at[10] != ' ') || !minutes_at(at + 11, &minutes) ||
	    at[16] != ':' || !number_at(at + 17, 2, &seconds) || seconds > 59)
		return false;
	text = (struct sl_slice){ at + DATE_AND_TIME, text.len - DATE_AND_TIME };
	if (!take_fraction(&text, &nanos) || !parse_offset(text, &offset))
		return false;
	second = ((int64_t)days - DAYS_BEFORE_1970) * S_PER_DAY + (int64_t)minutes * 60 + seconds -
		 offset;
	if (second < 0 || (uint64_t)second > (UINT64_MAX - nanos) / NS_PER_S)
		return false;
	*unix_ns = (uint64_t)second * NS_PER_S + nanos;
	return true;
}
