/* The scans: what they stop at, and that the SIMD variants agree with the portable ones. */
#include "random.h"
#include "spanline/text.h"
#include "tap.h"
#include <stdlib.h>

/* Bytes that are scanned at most, and what a copy of them may write beyond. */
enum { LONGEST = 100, ROOM = LONGEST + 15 };

typedef const char *scan_function(const char *at, const char *end);

/* What the last scan of a string said of bytes over 0x7f. */
static unsigned passed_high;

static const char *scan_string(const char *at, const char *end)
{
	passed_high = 0;
	return sl_scan_string(at, end, &passed_high);
}

static const char *scan_string_portable(const char *at, const char *end)
{
	passed_high = 0;
	return sl_scan_string_portable(at, end, &passed_high);
}

/* What a copy was stopped at; NULL: it is not a copy. */
static const char *copied(const char *to, const char *at, const char *stop)
{
	return memcmp(to, at, (size_t)(stop - at)) == 0 ? stop : NULL;
}

static const char *copy_plain(const char *at, const char *end)
{
	char to[ROOM];

	return copied(to, at, sl_copy_plain(to, at, end));
}

static const char *copy_plain_portable(const char *at, const char *end)
{
	char to[ROOM];

	return copied(to, at, sl_copy_plain_portable(to, at, end));
}

static const char *scan_structure(const char *at, const char *end)
{
	return sl_scan_structure(at, end);
}

static bool stops_string(unsigned byte)
{
	return byte == '"' || byte == '\\' || byte < 0x20;
}

static bool stops_plain(unsigned byte)
{
	return stops_string(byte) || byte > 0x7e;
}

static bool stops_structure(unsigned byte)
{
	return byte == '"' || byte == '{' || byte == '}' || byte == '[' || byte == ']';
}

static const struct {
	const char *name;
	scan_function *fast, *portable;
	bool (*stops)(unsigned byte);
} scans[] = {
	{ "string", scan_string, scan_string_portable, stops_string },
	{ "copy", copy_plain, copy_plain_portable, stops_plain },
	{ "structure", scan_structure, sl_scan_structure_portable, stops_structure },
};

/* Each byte alone, behind up to 40 others that do not stop. */
static void test_bytes(void)
{
	char text[64 + SL_PADDING];

	for (size_t i = 0; i < SL_COUNT(scans); i++) {
		bool good = true;

		for (unsigned byte = 0; byte < 256; byte++) {
			for (size_t before = 0; before < 40; before++) {
				const char *stop = text + (scans[i].stops(byte) ? before : 41);

				memset(text, 'a', sizeof(text));
				text[before] = (char)byte;
				good &= scans[i].fast(text, text + 41) == stop &&
					scans[i].portable(text, text + 41) == stop;
			}
		}
		ok(good, "%s stops at the right bytes", scans[i].name);
	}
}

/* Mostly bytes that no scan stops at; what matters stands there now and then. */
static void fill(char *text, size_t len, uint64_t *state)
{
	static const char rare[] = "\"\\{}[]\x1f\x7f\x80\xff\n";
	uint64_t often = 2 + next_random(state) % 40;

	for (size_t i = 0; i < len; i++) {
		uint64_t random = next_random(state);

		text[i] = (char)(random % 0x5a + ' ');
		if (random >> 32 % often == 0)
			text[i] = rare[(random >> 16) % (sizeof(rare) - 1)];
		if (stops_string((unsigned char)text[i]) && random % 5 != 0)
			text[i] = 'x';
	}
}

static bool agree(size_t i, const char *at, const char *end)
{
	const char *fast, *portable;
	unsigned high;

	fast = scans[i].fast(at, end);
	high = passed_high;
	portable = scans[i].portable(at, end);
	return fast == portable && high == passed_high;
}

static void test_agreement(void)
{
	enum { ALIGNMENTS = 32, ROUNDS = 60 };
	char *room = malloc(ALIGNMENTS + LONGEST + SL_PADDING);
	uint64_t state = 42;

	if (room == NULL)
		abort();
	for (size_t i = 0; i < SL_COUNT(scans); i++) {
		bool good = true;

		for (size_t round = 0; round < ROUNDS; round++) {
			fill(room, ALIGNMENTS + LONGEST + SL_PADDING, &state);
			for (size_t start = 0; start < ALIGNMENTS; start++)
				for (size_t len = 0; len <= LONGEST; len++)
					good &= agree(i, room + start, room + start + len);
		}
		ok(good, "%s agrees with its portable variant", scans[i].name);
	}
	free(room);
}

/* A mark that was set stays, whatever is scanned. */
static void test_high(void)
{
	char text[64 + SL_PADDING] = "\xc3\xa9\"abc\"";
	unsigned high = 0;

	ok(sl_scan_string(text, text + 7, &high) == text + 2 && high == 0x80,
	   "a high byte is told");
	ok(sl_scan_string(text + 3, text + 7, &high) == text + 6 && high == 0x80,
	   "and not forgotten");
	high = 1;
	ok(sl_scan_string(text + 3, text + 7, &high) == text + 6 && high == 1,
	   "other bits are left alone");
}

int main(void)
{
	test_bytes();
	test_agreement();
	test_high();
	return done_testing();
}
