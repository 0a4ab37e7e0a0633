/* The text room against itself and the C library: what is written is parsed back, what is parsed
 * agrees with a plainer way to do it. */
#include "spanline/text.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

/* Owned, with SL_PADDING behind it. */
static char *padded(size_t size)
{
	char *room = calloc(1, size + SL_PADDING);

	require(room != NULL);
	return room;
}

/* In all bits: -0.0 is not 0.0. */
static bool is_same(double a, double b)
{
	return a == b && !signbit(a) == !signbit(b);
}

static void check_integers(uint64_t number)
{
	char text[SL_U64_TEXT], expected[32];
	size_t len = sl_write_u64(text, number);
	int expected_len = snprintf(expected, sizeof(expected), "%" PRIu64, number);
	uint64_t back = ~number;
	int64_t signed_number, signed_back = 0;

	require(len == (size_t)expected_len && memcmp(text, expected, len) == 0);
	require(sl_parse_u64((struct sl_slice){ text, len }, &back) && back == number);
	memcpy(&signed_number, &number, sizeof(number));
	len = sl_write_i64(text, signed_number);
	expected_len = snprintf(expected, sizeof(expected), "%" PRId64, signed_number);
	require(len == (size_t)expected_len && memcmp(text, expected, len) == 0);
	require(sl_parse_i64((struct sl_slice){ text, len }, &signed_back));
	require(signed_back == signed_number);
}

static void check_times(uint64_t start, uint64_t end)
{
	char text[SL_TIME_TEXT], ms[SL_MS_TEXT], expected[64];
	uint64_t back = ~start, difference = end < start ? start - end : end - start;
	size_t len = sl_write_ms(ms, end, start), places;

	require(sl_write_time(text, start) == SL_TIME_TEXT);
	require(sl_parse_time((struct sl_slice){ text, SL_TIME_TEXT }, &back) && back == start);
	places = (size_t)snprintf(expected, sizeof(expected), "%s%" PRIu64 ".%06" PRIu64,
				  end < start ? "-" : "", difference / 1000000,
				  difference % 1000000);
	while (expected[places - 1] == '0')
		places--;
	places -= expected[places - 1] == '.';
	require(len == places && memcmp(ms, expected, len) == 0);
}

static void check_double(uint64_t bits)
{
	char text[SL_DOUBLE_TEXT + 1];
	double number, back = 77;
	size_t len;

	memcpy(&number, &bits, sizeof(bits));
	if (!isfinite(number))
		return;
	len = sl_write_double(text, number);
	require(len <= SL_DOUBLE_TEXT);
	require(sl_parse_double((struct sl_slice){ text, len }, &back));
	require(is_same(back, number));
	text[len] = '\0';
	back = strtod(text, NULL);
	require(is_same(back, number));
}

static size_t skip_digits(const char *text, size_t at)
{
	return at + strspn(text + at, "0123456789");
}

/* JSON's grammar of numbers, on terminated text without NUL. */
static bool is_json_number(const char *text)
{
	size_t start = text[0] == '-', at = skip_digits(text, start);

	if (at == start || (text[start] == '0' && at > start + 1))
		return false;
	if (text[at] == '.') {
		start = at + 1;
		at = skip_digits(text, start);
		if (at == start)
			return false;
	}
	if (text[at] == 'e' || text[at] == 'E') {
		at++;
		at += text[at] == '+' || text[at] == '-';
		start = at;
		at = skip_digits(text, start);
		if (at == start)
			return false;
	}
	return text[at] == '\0';
}

static void check_number_text(struct sl_slice text)
{
	double number = 77, expected;
	bool good = sl_parse_double(text, &number);
	uint64_t count, size;
	int64_t integer, ns;

	/* the padding behind it is zero */
	require(good ==
		(text.len <= 1024 && strlen(text.data) == text.len && is_json_number(text.data)));
	if (good) {
		expected = strtod(text.data, NULL);
		require(is_same(number, expected));
	}
	if (sl_parse_u64(text, &count)) {
		require(strspn(text.data, "0123456789") == text.len);
		require(count == strtoull(text.data, NULL, 10));
		require(sl_parse_size(text, &size) && size == count);
	}
	if (sl_parse_i64(text, &integer))
		require(integer == strtoll(text.data, NULL, 10));
	if (sl_parse_duration(text, &ns))
		require(ns >= 0);
}

static void check_time_text(struct sl_slice text)
{
	char written[SL_TIME_TEXT];
	uint64_t unix_ns, back = 0;

	if (!sl_parse_time(text, &unix_ns))
		return;
	sl_write_time(written, unix_ns);
	require(sl_parse_time((struct sl_slice){ written, SL_TIME_TEXT }, &back));
	require(back == unix_ns);
	/* the minutes are those of the offset, so only what is UTC is the same text */
	if (text.data[text.len - 1] == 'Z' && text.data[10] == 'T')
		require(memcmp(written, text.data, text.len - 1) == 0);
}

static void check_hex(struct sl_slice text)
{
	char *written = padded(2 * text.len), *back = padded(text.len);
	struct sl_slice hex = { written, 2 * text.len };

	sl_write_hex(written, text.data, text.len);
	require(strspn(written, "0123456789abcdef") == hex.len);
	require(sl_parse_hex(hex, back) && memcmp(back, text.data, text.len) == 0);
	require(sl_parse_hex(text, back) ==
		(text.len % 2 == 0 && strspn(text.data, "0123456789abcdefABCDEF") == text.len));
	free(written);
	free(back);
}

static void check_base64(struct sl_slice text)
{
	char *written = padded(sl_base64_size(text.len)), *back = padded(text.len + 2);
	size_t len = sl_write_base64(written, text.data, text.len), back_len = 0;

	require(len == sl_base64_size(text.len));
	require(sl_parse_base64((struct sl_slice){ written, len }, back, &back_len));
	require(back_len == text.len && memcmp(back, text.data, back_len) == 0);
	if (sl_parse_base64(text, back, &back_len)) {
		require(back_len <= 3 * (text.len / 4) + 2);
		len = sl_write_base64(written, back, back_len);
		/* equal but for the alphabet, the padding and unused bits of the last digit */
		for (size_t i = 0; i + 4 < len; i++)
			require(written[i] == text.data[i] ||
				(written[i] == '+' && text.data[i] == '-') ||
				(written[i] == '/' && text.data[i] == '_'));
	}
	free(written);
	free(back);
}

/* By code points: what is valid is read and written again as it was. */
static void check_utf8(struct sl_slice text)
{
	while (text.len > 0) {
		size_t valid = sl_utf8_prefix(text), len = 0;

		require(valid <= text.len);
		for (size_t at = 0; at < valid; at += len) {
			char again[4];
			uint32_t code = sl_utf8_decode(text.data + at, &len);

			require(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
			require(sl_utf8_encode(again, code) == len);
			require(memcmp(again, text.data + at, len) == 0);
		}
		text = (struct sl_slice){ text.data + valid, text.len - valid };
		if (text.len == 0)
			return;
		len = sl_utf8_bad_length(text);
		require(len >= 1 && len <= 3 && len <= text.len);
		text = (struct sl_slice){ text.data + len, text.len - len };
	}
}

static void check_outline(struct sl_slice text)
{
	struct sl_outline fast = { .in_string = 0 }, portable = fast;

	for (size_t at = 0; at < text.len; at += 64) {
		sl_outline_next(&fast, text.data + at, 1);
		sl_outline_next_portable(&portable, text.data + at, 1);
		require(memcmp(&fast, &portable, sizeof(fast)) == 0);
	}
}

static void check_scans(struct sl_slice text)
{
	const char *at = text.data, *end = text.data + text.len;
	char *to = padded(text.len);

	for (; at < end && at - text.data <= 64; at++) {
		unsigned high = 0, high_portable = 0;
		const char *stop = sl_scan_string(at, end, &high);

		require(stop == sl_scan_string_portable(at, end, &high_portable));
		require(high == high_portable);
		require(sl_copy_plain(to, at, end) == sl_copy_plain_portable(to, at, end));
		require(sl_scan_structure(at, end) == sl_scan_structure_portable(at, end));
	}
	free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = padded(size);
	struct sl_slice text = { copy, size };
	uint64_t numbers[2] = { 0, 0 };

	if (size > 0)
		memcpy(copy, data, size);
	memcpy(numbers, copy, size < sizeof(numbers) ? size : sizeof(numbers));
	check_integers(numbers[0]);
	check_double(numbers[0]);
	check_times(numbers[0], numbers[1]);
	check_number_text(text);
	check_time_text(text);
	check_hex(text);
	check_base64(text);
	check_utf8(text);
	check_scans(text);
	check_outline(text);
	free(copy);
	return 0;
}
