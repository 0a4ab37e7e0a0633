/* The scans: what they stop at, and that the SIMD variants agree with the portable ones. */
#include "random.h"
#include "spanline/text.h"
#include "tap.h"
#include <stdlib.h>

/* Bytes that are scanned at most, and what a copy of them may write beyond. */
enum { LONGEST = 300, ROOM = LONGEST + 15 };

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

static const char *find_newline_portable(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline != NULL ? newline : end;
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

static bool stops_line(unsigned byte)
{
	return byte == '\n';
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
	{ "newline", sl_find_newline, find_newline_portable, stops_line },
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
	enum { ALIGNMENTS = 32, ROUNDS = 30 };
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

typedef const char *literal_function(const char *at, const char *end,
				     const struct sl_literal *literal);

static literal_function *const searches[] = {
	sl_scan_literal_portable,
	sl_scan_literal,
#ifdef SL_SSE2
	sl_scan_literal_sse2,
#endif
};

static const struct {
	const char *text, *literal;
	size_t stop;
} literal_rows[] = {
	{ "a needle in hay", "needle", 2 },
	{ "needl", "needle", 5 },
	{ "nneedle", "needle", 1 },
	{ "no \\\\ needle", "needle", 6 },
	{ "no \\u needle", "needle", 3 },
	{ "no \\/ needle", "needle", 3 },
	{ "no need\\", "needle", 8 },
	{ "no \n needle", "needle", 3 },
	{ "x", "x", 0 },
	{ "nothing of it", "x", 13 },
	{ "of more than thirty-two bytes, and not but at its end",
	  "thirty-two bytes, and not but at its end", 13 },
	{ "of more than thirty-two bytes, and not but at its end",
	  "thirty-two bytes, and not but at its enD", 53 },
};

static void test_literal_rows(void)
{
	for (size_t i = 0; i < SL_COUNT(literal_rows); i++) {
		char text[128 + SL_PADDING] = "";
		struct sl_slice sought = { literal_rows[i].literal,
					   strlen(literal_rows[i].literal) };
		struct sl_literal literal = sl_literal_of(sought);
		size_t len = strlen(literal_rows[i].text);
		bool good = true;

		memcpy(text, literal_rows[i].text, len);
		memcpy(text + len, sought.data, sought.len); /* behind the end */
		for (size_t k = 0; k < SL_COUNT(searches); k++)
			good &= searches[k](text, text + len, &literal) ==
				text + literal_rows[i].stop;
		ok(good, "'%s' in '%s'", literal_rows[i].literal, literal_rows[i].text);
	}
}

static bool is_even(const struct sl_literal *literal, const char *from, const char *at,
		    const char *end)
{
	(void)literal;
	return (at - from) % 2 == 0 && at < end;
}

/* Few letters, so that much of a literal is everywhere. */
static void test_literal_agreement(void)
{
	enum { ROUNDS = 20000 };
	char text[LONGEST + SL_PADDING];
	uint64_t state = 11;
	bool good = true;

	for (size_t round = 0; round < ROUNDS; round++) {
		size_t len = next_random(&state) % LONGEST;
		struct sl_slice sought = { text + next_random(&state) % 100,
					   1 + next_random(&state) % 40 };
		struct sl_literal literal;
		const char *stop;
		char copy[64];

		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = "ab"[next_random(&state) % 2];
			if (next_random(&state) % 64 == 0)
				text[i] = "\n\\\x1a\xdcu/\\"[next_random(&state) % 7];
		}
		memcpy(copy, sought.data, sought.len);
		sought.data = copy;
		literal = sl_literal_of(sought);
		literal.is_meant = round % 2 == 0 ? is_even : NULL;
		stop = sl_scan_literal_portable(text, text + len, &literal);
		for (size_t k = 0; k < SL_COUNT(searches); k++)
			good &= searches[k](text, text + len, &literal) == stop;
	}
	ok(good, "all searches for literals agree");
}

static void test_find_last(void)
{
	char text[300];
	bool good = true;

	for (size_t len = 0; len <= sizeof(text); len++) {
		memset(text, 'a', sizeof(text));
		good &= sl_find_last(text, text + len, 'b') == NULL;
		for (size_t at = 0; at < len; at++) {
			memset(text, 'a', sizeof(text));
			text[at] = text[at / 2] = 'b';
			good &= sl_find_last(text, text + len, 'b') == text + at &&
				sl_find_last_portable(text, text + len, 'b') == text + at;
		}
	}
	ok(good, "the last byte of a kind is found");
}

int main(void)
{
	test_literal_rows();
	test_literal_agreement();
	test_find_last();
	test_bytes();
	test_agreement();
	test_high();
	return done_testing();
}
