/* The scanner of JSON bytes: strings, numbers, ids, and the way over values. */
#include "random.h"
#include "spanline/scan.h"
#include "tap.h"
#include <stdlib.h>

/* A cursor over a copy with nothing but the padding behind it, which looks like more of the same.
 */
struct text {
	struct sl_cursor cursor;
	struct sl_arena arena;
	struct sl_notes notes;
	struct sl_buffer copy; /* at the end of its room */
};

static struct sl_cursor *text_open(struct text *text, struct sl_slice bytes, bool strict)
{
	size_t room = bytes.len + SL_PADDING;
	char *begin;

	*text = (struct text){ .notes = { { 0 }, { 0 } } };
	begin = sl_buffer_reserve(&text->copy, room);
	if (begin == NULL)
		abort();
	begin += text->copy.capacity - room;
	if (bytes.len != 0 && bytes.data != NULL)
		memcpy(begin, bytes.data, bytes.len);
	memset(begin + bytes.len, bytes.len != 0 ? begin[bytes.len - 1] : '"', SL_PADDING);
	text->cursor = (struct sl_cursor){ .at = begin,
					   .end = begin + bytes.len,
					   .begin = begin,
					   .arena = &text->arena,
					   .notes = &text->notes,
					   .strict = strict };
	return &text->cursor;
}

static void text_close(struct text *text)
{
	sl_arena_free(&text->arena);
	sl_buffer_free(&text->copy);
}

static struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static const struct {
	const char *name, *in;
	struct sl_slice out;
	enum sl_fault fault;
	size_t fault_at;
} strings[] = {
	{ "empty", "\"\"", { "", 0 }, SL_FAULT_NONE, 0 },
	{ "plain", "\"abc\"x", { "abc", 3 }, SL_FAULT_NONE, 0 },
	{ "sixteen bytes", "\"0123456789abcdef\"", { "0123456789abcdef", 16 }, SL_FAULT_NONE, 0 },
	{ "beyond ASCII", "\"\xc3\xa9\"", { "\xc3\xa9", 2 }, SL_FAULT_NONE, 0 },
	{ "every escape",
	  "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	  { "\"\\/\b\f\n\r\t", 8 },
	  SL_FAULT_NONE,
	  0 },
	{ "units of one to four bytes",
	  "\"\\u0041\\u00E9\\u20ac\\ud83D\\uDe00\"",
	  { "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10 },
	  SL_FAULT_NONE,
	  0 },
	{ "U+0000", "\"a\\u0000\"", { "a\0", 2 }, SL_FAULT_NONE, 0 },
	{ "the highest code point",
	  "\"\\udbff\\udfff\"",
	  { "\xf4\x8f\xbf\xbf", 4 },
	  SL_FAULT_NONE,
	  0 },
	{ "two high surrogates and a low one",
	  "\"\\ud800\\ud83d\\ude00\"",
	  { "\xef\xbf\xbd\xf0\x9f\x98\x80", 7 },
	  SL_FAULT_NONE,
	  0 },
	{ "surrogates in the wrong order",
	  "\"\\ude00\\ud83d\"",
	  { "\xef\xbf\xbd\xef\xbf\xbd", 6 },
	  SL_FAULT_NONE,
	  0 },
	{ "no end", "\"abc", { NULL, 0 }, SL_FAULT_CUT, 4 },
	{ "no end behind a backslash", "\"abc\\", { NULL, 0 }, SL_FAULT_CUT, 5 },
	{ "no end in an escape", "\"\\u00", { NULL, 0 }, SL_FAULT_CUT, 5 },
	{ "an unknown escape", "\"ab\\x\"", { NULL, 0 }, SL_FAULT_SYNTAX, 3 },
	{ "an escaped end of line", "\"\\\n\"", { NULL, 0 }, SL_FAULT_SYNTAX, 1 },
	{ "a wrong digit", "\"\\u12g4\"", { NULL, 0 }, SL_FAULT_SYNTAX, 1 },
	{ "a newline", "\"ab\n\"", { NULL, 0 }, SL_FAULT_SYNTAX, 3 },
	{ "a control byte behind an escape", "\"\\n\x1f\"", { NULL, 0 }, SL_FAULT_SYNTAX, 3 },
	{ "another value", "12", { NULL, 0 }, SL_FAULT_REFUSED, 0 },
	{ "no value", "]", { NULL, 0 }, SL_FAULT_SYNTAX, 0 },
};

static void check_strings(void)
{
	for (size_t i = 0; i < SL_COUNT(strings); i++) {
		struct text text;
		struct sl_cursor *cursor = text_open(&text, slice_of(strings[i].in), false);
		struct sl_slice got = { NULL, 0 };
		bool good = sl_cursor_string(cursor, &got);

		if (strings[i].fault == SL_FAULT_NONE)
			ok(good && sl_slice_equal(got, strings[i].out) &&
				   cursor->fault == SL_FAULT_NONE && cursor->at[-1] == '"',
			   "a string: %s", strings[i].name);
		else
			ok(!good && cursor->fault == strings[i].fault &&
				   (size_t)(cursor->fault_at - cursor->begin) ==
					   strings[i].fault_at,
			   "no string: %s", strings[i].name);
		text_close(&text);
	}
}

static void check_strict_strings(void)
{
	static const struct {
		const char *name, *in;
		bool good;
	} rows[] = {
		{ "UTF-8", "\"a\xc3\xa9\xf0\x9f\x98\x80\"", true },
		{ "invalid UTF-8", "\"a\xff\"", false },
		{ "invalid UTF-8 beside an escape", "\"\\n\xc0\x80\"", false },
		{ "a lone surrogate", "\"\\ud800\"", false },
		{ "a pair of surrogates", "\"\\ud83d\\ude00\"", true },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct text text;
		struct sl_slice got;
		bool good = sl_cursor_string(text_open(&text, slice_of(rows[i].in), true), &got);

		ok(good == rows[i].good &&
			   text.cursor.fault == (good ? SL_FAULT_NONE : SL_FAULT_REFUSED),
		   "strictly: %s", rows[i].name);
		text_close(&text);
	}
}

/* JSON's grammar of numbers: how much of the text is one; 0: it is none. */
static const struct {
	const char *text;
	size_t len;
} tokens[] = {
	{ "0", 1 },	 { "-0", 2 },  { "12", 2 },  { "-1.5", 4 }, { "1e5", 3 }, { "1E+05", 5 },
	{ "0.5e-3", 6 }, { "01", 1 },  { "1.", 0 },  { ".5", 0 },   { "-", 0 },	  { "+1", 0 },
	{ "1e", 0 },	 { "1e+", 0 }, { "NaN", 0 }, { "0x10", 1 }, { "1 ", 1 },  { "12,3", 2 },
};

static void check_tokens(void)
{
	for (size_t i = 0; i < SL_COUNT(tokens); i++) {
		struct text text;
		struct sl_slice got = { NULL, 0 };
		/* what is behind ends a number, so that nothing is read there */
		struct sl_cursor *cursor = text_open(&text, slice_of(tokens[i].text), false);
		bool good = sl_cursor_number(cursor, &got);

		ok(good == (tokens[i].len != 0) && (!good || got.len == tokens[i].len),
		   "a number's text: %s", tokens[i].text);
		text_close(&text);
	}
}

static const struct {
	const char *text;
	enum sl_number_kind kind;
	int64_t integer;
	double number;
} numbers[] = {
	{ "0", SL_NUMBER_INTEGER, 0, 0 },
	{ "-0.0", SL_NUMBER_INTEGER, 0, 0 },
	{ "007", SL_NUMBER_INTEGER, 7, 0 },
	{ "1e3", SL_NUMBER_INTEGER, 1000, 0 },
	{ "1.2e1", SL_NUMBER_INTEGER, 12, 0 },
	{ "1200E-2", SL_NUMBER_INTEGER, 12, 0 },
	{ "0e999999999999", SL_NUMBER_INTEGER, 0, 0 },
	{ "9223372036854775807", SL_NUMBER_INTEGER, INT64_MAX, 0 },
	{ "-9223372036854775808", SL_NUMBER_INTEGER, INT64_MIN, 0 },
	{ "-9.223372036854775808e18", SL_NUMBER_INTEGER, INT64_MIN, 0 },
	{ "9223372036854775808", SL_NUMBER_DOUBLE, 0, 9223372036854775808.0 },
	{ "1.5", SL_NUMBER_DOUBLE, 0, 1.5 },
	{ "15e-1", SL_NUMBER_DOUBLE, 0, 1.5 },
	{ "1e-400", SL_NUMBER_DOUBLE, 0, 0 },
	{ "1e400", SL_NUMBER_NONE, 0, 0 },
	{ "1e", SL_NUMBER_NONE, 0, 0 },
	{ "", SL_NUMBER_NONE, 0, 0 },
	{ "-", SL_NUMBER_NONE, 0, 0 },
	{ "1 ", SL_NUMBER_NONE, 0, 0 },
	{ "0x1", SL_NUMBER_NONE, 0, 0 },
};

static bool same_double(double a, double b)
{
	return !(a < b) && !(a > b);
}

static void check_numbers(void)
{
	for (size_t i = 0; i < SL_COUNT(numbers); i++) {
		int64_t integer = 0;
		double number = 0;
		enum sl_number_kind kind =
			sl_number_of(slice_of(numbers[i].text), &integer, &number);

		ok(kind == numbers[i].kind &&
			   (kind != SL_NUMBER_INTEGER || integer == numbers[i].integer) &&
			   (kind != SL_NUMBER_DOUBLE || same_double(number, numbers[i].number)),
		   "what a number is worth: '%s'", numbers[i].text);
	}
}

/* The fast way to integers agrees with the slow one, in quotes and without, for all lengths. */
static void check_integers(void)
{
	uint64_t random = 1;
	bool good = true;

	for (int i = 0; i < 20000; i++) {
		uint64_t number = next_random(&random) >> (i % 64);
		char digits[32], quoted[40];
		struct text plain, string;
		uint64_t a, b, slow;

		snprintf(digits, sizeof(digits), "%llu,", (unsigned long long)number);
		snprintf(quoted, sizeof(quoted), "\"%llu\"", (unsigned long long)number);
		good = good && sl_cursor_u64(text_open(&plain, slice_of(digits), false), &a) &&
		       sl_cursor_u64(text_open(&string, slice_of(quoted), false), &b) &&
		       sl_unsigned_of((struct sl_slice){ digits, strlen(digits) - 1 }, &slow) &&
		       a == number && b == number && slow == number && *plain.cursor.at == ',' &&
		       string.cursor.at == string.cursor.end;
		text_close(&plain);
		text_close(&string);
	}
	ok(good, "integers of all lengths, by both ways");
}

/* A time as it mostly is, with each of its bytes changed to any other. */
static void check_times(void)
{
	static const char usual[] = "\"1744019112345678901\"";
	bool good = true;

	for (size_t i = 0; i < sizeof(usual) - 1; i++)
		for (int byte = 0; byte < 256; byte++) {
			char bytes[sizeof(usual)];
			const char *end;
			uint64_t number = 0, expected = 0;
			struct text text;
			bool taken, plain;

			memcpy(bytes, usual, sizeof(usual));
			bytes[i] = (char)byte;
			end = strchr(bytes + 1, '"');
			plain = *bytes == '"' && end != NULL && bytes[1] != '0' &&
				sl_parse_u64(
					(struct sl_slice){ bytes + 1, (size_t)(end - bytes - 1) },
					&expected);
			taken = sl_cursor_plain_unsigned(
				text_open(&text, (struct sl_slice){ bytes, sizeof(usual) - 1 },
					  false),
				&number);
			good = good && taken == plain && (!taken || number == expected) &&
			       text.cursor.at == text.cursor.begin + (taken ? end + 1 - bytes : 0);
			text_close(&text);
		}
	ok(good, "times, and what is almost one");
}

static const struct {
	const char *name, *text;
	uint64_t number;
	enum sl_note note; /* or SL_NOTE_COUNT */
	bool u32;	   /* as 32 bits */
} unsigneds[] = {
	{ "the largest", "18446744073709551615 ", UINT64_MAX, SL_NOTE_COUNT, false },
	{ "the largest in quotes", "\"18446744073709551615\"", UINT64_MAX, SL_NOTE_COUNT, false },
	{ "too large", "18446744073709551616,", 0, SL_NOTE_BAD_NUMBER, false },
	{ "far too large", "1844674407370955161600000000000,", 0, SL_NOTE_BAD_NUMBER, false },
	{ "a fraction of zero", "12.0]", 12, SL_NOTE_COUNT, false },
	{ "negative", "-1,", 0, SL_NOTE_BAD_NUMBER, false },
	{ "negative zero", "-0,", 0, SL_NOTE_COUNT, false },
	{ "zeros before", "\"0012\"", 12, SL_NOTE_COUNT, false },
	{ "text", "\"abc\"", 0, SL_NOTE_BAD_NUMBER, false },
	{ "an empty string", "\"\"", 0, SL_NOTE_BAD_NUMBER, false },
	{ "32 bits", "4294967295,", UINT32_MAX, SL_NOTE_COUNT, true },
	{ "33 bits", "4294967296,", 0, SL_NOTE_BAD_NUMBER, true },
	{ "32 bits in quotes", "\"7\"", 7, SL_NOTE_NUMBER_AS_STRING, true },
};

static void check_unsigneds(void)
{
	for (size_t i = 0; i < SL_COUNT(unsigneds); i++) {
		struct text text;
		struct sl_cursor *cursor = text_open(&text, slice_of(unsigneds[i].text), false);
		enum sl_note note = unsigneds[i].note;
		uint64_t number = 1;
		uint32_t narrow = 1;
		bool good = unsigneds[i].u32 ? sl_cursor_u32(cursor, &narrow)
					     : sl_cursor_u64(cursor, &number);

		if (unsigneds[i].u32)
			number = narrow;
		ok(good && number == unsigneds[i].number &&
			   (note == SL_NOTE_COUNT ? !cursor->noted : text.notes.count[note] == 1),
		   "an unsigned number: %s", unsigneds[i].name);
		text_close(&text);
	}
}

/* Over values: `len` bytes of the text, or a fault, with strict and without. */
static const struct {
	const char *text;
	size_t len, strict_len; /* 0: a fault */
} values[] = {
	{ "\"a\"b", 3, 3 },
	{ "-1.5e3,", 6, 6 },
	{ "true,", 4, 4 },
	{ "null]", 4, 4 },
	{ "nul", 0, 0 },
	{ "{}x", 2, 2 },
	{ "[]x", 2, 2 },
	{ "[ ]", 3, 3 },
	{ "{\"a\":[1,{\"b\":\"]}\\\"\"}],\"c\":false}x", 32, 32 },
	{ " {}", 0, 0 },
	{ "{\"a\":1", 0, 0 },
	{ "[\"a", 0, 0 },
	{ "[\"a\n\"]", 0, 0 },
	{ "[1,]", 0, 0 },
	{ "[1 2]", 5, 0 },
	{ "{\"a\"}", 5, 0 },
	{ "{\"a\":1,}", 0, 0 },
	{ "{1:2}", 5, 0 },
	{ "[}", 0, 0 },
	{ "[{]}", 0, 0 },
	{ "[\"\\q\"]", 6, 0 },
	{ "[nope]", 6, 0 },
	{ "[01]", 4, 0 },
	{ "[\"\xff\"]", 5, 0 },
	{ "]", 0, 0 },
	{ "", 0, 0 },
};

static void check_values(bool strict)
{
	for (size_t i = 0; i < SL_COUNT(values); i++) {
		struct text text;
		struct sl_cursor *cursor = text_open(&text, slice_of(values[i].text), strict);
		size_t len = strict ? values[i].strict_len : values[i].len;
		bool good = sl_cursor_skip_value(cursor);

		ok(good == (len != 0) && (!good || (size_t)(cursor->at - cursor->begin) == len) &&
			   text.arena.blocks == NULL,
		   "over value %zu%s", i, strict ? ", strictly" : "");
		text_close(&text);
	}
}

static void check_nesting(size_t depth, bool good)
{
	struct sl_buffer brackets = { 0 };
	struct text text;

	/* the inmost is an array, since an object needs a value */
	for (size_t left = depth; left > 0; left--)
		sl_buffer_add_slice(&brackets, slice_of(left % 2 == 1 ? "[" : "{\"a\":"));
	for (size_t left = 1; left <= depth; left++)
		sl_buffer_add_byte(&brackets, left % 2 == 1 ? ']' : '}');
	ok(sl_cursor_skip_value(text_open(&text, sl_buffer_slice(&brackets), true)) == good,
	   "%zu brackets, strictly", depth);
	text_close(&text);
	ok(sl_cursor_skip_value(text_open(&text, sl_buffer_slice(&brackets), false)),
	   "%zu brackets", depth);
	text_close(&text);
	sl_buffer_free(&brackets);
}

/* Members and elements, one by one. */
static void check_walk(void)
{
	struct text text;
	struct sl_cursor *cursor = text_open(
		&text, SL_SLICE(" { \"a\" : 1 ,\"b\":[ 2, 3 ,4],\"\\u0063\" :{ } }"), false);
	char seen[64] = "";
	struct sl_slice key = { "", 0 };

	sl_cursor_skip_space(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &key);) {
		strncat(seen, key.data, key.len);
		if (sl_cursor_peek(cursor) != '[') {
			sl_cursor_skip_value(cursor);
			continue;
		}
		for (bool inner = false; sl_cursor_next_element(cursor, &inner);) {
			strncat(seen, cursor->at, 1);
			sl_cursor_skip_value(cursor);
		}
	}
	ok(cursor->fault == SL_FAULT_NONE && cursor->at == cursor->end &&
		   strcmp(seen, "ab234c") == 0,
	   "members and elements");
	text_close(&text);
}

/* The end of a value, found in two pieces that part anywhere. */
static void check_pieces(const char *value, size_t len)
{
	size_t whole = strlen(value);
	bool good = true;

	for (size_t part = 0; part <= whole; part++) {
		struct sl_json_skip skip = { 0 };
		struct text text;
		const char *begin = text_open(&text, slice_of(value), false)->begin;
		const char *end = sl_json_skip(&skip, begin, begin + part);

		if (end == NULL)
			end = sl_json_skip(&skip, begin + part, begin + whole);
		good = good && (len == 0 ? end == NULL : end == begin + len);
		text_close(&text);
	}
	ok(good, "the end of a value of %zu bytes", len);
}

static void check_faults(void)
{
	struct text text;
	struct sl_cursor *cursor = text_open(&text, SL_SLICE("ab"), true);
	struct sl_error err;

	sl_cursor_refuse(cursor, cursor->begin + 1, "first");
	sl_cursor_syntax(cursor, "second");
	ok(sl_cursor_status(cursor, &err) == SL_BAD_RECORD && err.offset == 1 &&
		   err.reason == SL_MALFORMED && strcmp(err.text, "first") == 0,
	   "the first fault counts");
	cursor->fault = SL_FAULT_NONE;
	ok(sl_cursor_note(cursor, SL_NOTE_REPLACED_UTF8, cursor->at) &&
		   !sl_cursor_note(cursor, SL_NOTE_ENUM_NAME, cursor->at) &&
		   sl_cursor_status(cursor, &err) == SL_BAD_RECORD &&
		   strcmp(err.text, "not allowed with --strict: enums written as names") == 0,
	   "strict refuses departures, and only those");
	cursor->fault = SL_FAULT_NONE;
	sl_cursor_memory(cursor);
	ok(sl_cursor_status(cursor, &err) == SL_FAILED, "no memory");
	text_close(&text);
}

int main(void)
{
	check_strings();
	check_strict_strings();
	check_tokens();
	check_numbers();
	check_integers();
	check_times();
	check_unsigneds();
	check_values(false);
	check_values(true);
	check_nesting(8001, true);
	check_nesting(65536, true);
	check_nesting(65537, false);
	check_walk();
	check_pieces("{\"a\":[1,\"]\\\"}\\\\\",{}]}x", 21);
	check_pieces(" \n[]]", 4);
	check_pieces("\"a\\\"b\" ", 6);
	check_pieces("-1.5e3,", 6);
	check_pieces("true}", 4);
	check_pieces("{\"a\":\"", 0);
	check_pieces("12", 0);
	check_pieces("[[1}]", 3);
	/* what no value is: the first byte that cannot stand where it does */
	check_pieces("{\"a\":\"b\"c\":1}", 9);
	check_pieces("{\"a\":1\"b\":2}", 6);
	check_pieces("{\"a\":{}\"b\":2}", 7);
	check_pieces("{\"a\":1,{\"b\":2}}", 7);
	check_pieces("{\"a\"}{", 5);
	check_pieces("[ {\"a\":1}{}]", 9);
	check_pieces("[\"a\":{}]", 5);
	check_pieces("[{}, ]", 5);
	check_pieces("{\"a\": }", 6);
	check_pieces("[\"a\nb\"]", 3);
	check_pieces("{\"a\":[{},\"]\",{]}", 14);
	check_pieces("  ", 0);
	check_faults();
	return done_testing();
}
