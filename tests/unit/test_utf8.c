/* UTF-8: against a reference that decodes first and judges the code point after. */
#include "spanline/text.h"
#include "tap.h"
#include <stdlib.h>

/* Bytes of the code point at the start, or 0. */
static size_t reference_sequence(const unsigned char *at, size_t len)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	uint32_t code = need == 1 ? at[0] : at[0] & (0x7fU >> need);

	if ((at[0] >= 0x80 && at[0] < 0xc0) || at[0] >= 0xf8 || need > len)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		code = code << 6 | (at[i] & 0x3fU);
	}
	if (code < least[need] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return need;
}

static size_t reference_prefix(const unsigned char *text, size_t len)
{
	size_t at = 0, here = 1;

	for (; at < len && here != 0; at += here)
		here = reference_sequence(text + at, len - at);
	return at;
}

/* Whether the `len` bytes begin some code point: tries what could follow. */
static bool begins_sequence(const unsigned char *text, size_t len)
{
	static const unsigned char next[] = { 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf };
	unsigned char longer[4];

	if (reference_sequence(text, len) == len)
		return true;
	if (len == sizeof(longer))
		return false;
	memcpy(longer, text, len);
	for (size_t i = 0; i < sizeof(next); i++) {
		longer[len] = next[i];
		if (begins_sequence(longer, len + 1))
			return true;
	}
	return false;
}

static size_t reference_bad_length(const unsigned char *text, size_t len)
{
	size_t taken = len < 4 ? len : 4;

	while (taken > 1 && !begins_sequence(text, taken))
		taken--;
	return taken;
}

static struct sl_slice slice_of(const unsigned char *text, size_t len)
{
	return (struct sl_slice){ (const char *)text, len };
}

/* All sequences of up to four bytes that stand at the edges of the table. */
static void test_edges(void)
{
	static const unsigned char edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0,
					       0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
					       0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff };
	enum { EDGES = sizeof(edges) };
	bool prefixes = true, bad_lengths = true;

	for (unsigned i = 0; i < EDGES * EDGES * EDGES * EDGES; i++) {
		unsigned char text[4] = { edges[i % EDGES], edges[i / EDGES % EDGES],
					  edges[i / EDGES / EDGES % EDGES],
					  edges[i / EDGES / EDGES / EDGES] };
		size_t len = 1 + i % 4, valid = reference_prefix(text, len);

		prefixes &= sl_utf8_prefix(slice_of(text, len)) == valid;
		if (valid < len)
			bad_lengths &= sl_utf8_bad_length(slice_of(text + valid, len - valid)) ==
				       reference_bad_length(text + valid, len - valid);
	}
	ok(prefixes, "prefixes at the edges");
	ok(bad_lengths, "maximal subparts at the edges");
}

static void test_code_points(void)
{
	bool good = true, refused = true;

	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char text[4];
		size_t len = sl_utf8_encode(text, code), back = 0;
		bool surrogate = code >= 0xd800 && code < 0xe000;

		if (surrogate)
			refused &= sl_utf8_prefix((struct sl_slice){ text, len }) == 0;
		else
			good &= sl_utf8_valid((struct sl_slice){ text, len }) &&
				sl_utf8_decode(text, &back) == code && back == len;
	}
	ok(good, "every code point is written, valid and read");
	ok(refused, "surrogates are not valid");
}

/* A bad byte or a good sequence at each place in text, in memory that ends with the text. */
static void test_places(void)
{
	static const unsigned char euro[3] = { 0xe2, 0x82, 0xac };
	bool good = true;

	for (size_t len = 0; len < 70; len++) {
		unsigned char *text = malloc(len + (len == 0));

		if (text == NULL)
			abort();
		memset(text, 'a', len);
		good &= sl_utf8_prefix(slice_of(text, len)) == len;
		for (size_t at = 0; at < len; at++) {
			text[at] = 0xff;
			good &= sl_utf8_prefix(slice_of(text, len)) == at;
			text[at] = 'a';
		}
		for (size_t at = 0; at + 3 <= len; at++) {
			memcpy(text + at, euro, sizeof(euro));
			good &= sl_utf8_valid(slice_of(text, len)) &&
				sl_utf8_prefix(slice_of(text, at + 2)) == at;
			memset(text + at, 'a', 3);
		}
		free(text);
	}
	ok(good, "at every place of a text");
	ok(sl_utf8_valid((struct sl_slice){ NULL, 0 }), "nothing is valid");
}

/* The examples of Unicode, tables 3-8 to 3-11: each number is what one U+FFFD stands for, 0 a valid
 * byte. */
static const struct {
	const char *text, *lengths;
} examples[] = {
	{ "\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41", "111111110" },
	{ "\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41", "111111110" },
	{ "\xf4\x91\x92\x93\xff\x41\x80\xbf\x42", "111110110" },
	{ "\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", "21320" },
	{ "\xf0\x9f\x98", "3" },
	{ "\xe2\x82", "2" },
	{ "\xc3", "1" },
};

static void test_examples(void)
{
	for (size_t i = 0; i < SL_COUNT(examples); i++) {
		struct sl_slice text = { examples[i].text, strlen(examples[i].text) };
		char lengths[16];
		size_t count = 0;

		while (text.len > 0) {
			bool valid = sl_utf8_prefix(text) > 0;
			size_t len = valid ? 1 : sl_utf8_bad_length(text);

			lengths[count++] = (char)('0' + (valid ? 0 : len));
			text = (struct sl_slice){ text.data + len, text.len - len };
		}
		lengths[count] = '\0';
		ok(strcmp(lengths, examples[i].lengths) == 0, "example %zu: %s", i, lengths);
	}
}

int main(void)
{
	test_edges();
	test_code_points();
	test_places();
	test_examples();
	return done_testing();
}
