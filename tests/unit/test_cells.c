/* Text in the cells of a terminal. */
#include "spanline/text.h"
#include "tap.h"

static struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static void test_cells(void)
{
	static const struct {
		const char *what, *text;
		size_t cells;
	} rows[] = {
		{ "nothing", "", 0 },
		{ "ASCII", "GET /cart", 9 },
		{ "Latin", "caf\xc3\xa9", 4 },
		{ "a combining accent", "cafe\xcc\x81", 4 },
		{ "Cyrillic", "\xd0\xbc\xd0\xbd\xd0\xbe", 3 },
		{ "Chinese", "\xe6\x97\xa5\xe6\x9c\xac", 4 },
		{ "Hangul syllables", "\xed\x95\x9c\xea\xb8\x80", 4 },
		{ "Hangul letters that join", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2 },
		{ "full-width letters", "\xef\xbc\xa1", 2 },
		{ "half-width Katakana", "\xef\xbd\xb1", 1 },
		{ "a rocket", "\xf0\x9f\x9a\x80", 2 },
		{ "a heart with a selector", "\xe2\x9d\xa4\xef\xb8\x8f", 1 },
		{ "a zero-width joiner", "\xe2\x80\x8d", 0 },
		{ "lines of a tree", "\xe2\x94\x94\xe2\x94\x80", 2 },
		{ "a block", "\xe2\x96\x88", 1 },
		{ "the last of plane 2", "\xf0\xaf\xbf\xbd", 2 },
		{ "the last code point", "\xf4\x8f\xbf\xbf", 1 },
		{ "Thai with a vowel above", "\xe0\xb8\x81\xe0\xb8\xb5", 1 },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		size_t cells = sl_text_cells(slice_of(rows[i].text));

		ok(cells == rows[i].cells, "%s: %zu cells, %zu expected", rows[i].what, cells,
		   rows[i].cells);
	}
}

static void test_fit(void)
{
	static const struct {
		const char *text;
		size_t cells;
		const char *fitted;
		size_t taken;
	} rows[] = {
		{ "checkout", 8, "checkout", 8 },
		{ "checkout", 7, "che~out", 7 },
		{ "checkout", 4, "ch~t", 4 },
		{ "checkout", 2, "c~", 2 },
		{ "checkout", 1, "c", 1 },
		{ "checkout", 0, "", 0 },
		/* two cells are not cut apart */
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5, "\xe6\x97\xa5~\xe8\xaa\x9e", 5 },
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, "\xe6\x97\xa5~", 3 },
		/* an accent does not come to stand on the ellipsis */
		{ "abcde\xcc\x81"
		  "fg",
		  5, "ab~fg", 5 },
		{ "abcdee\xcc\x81", 3, "a~e\xcc\x81", 3 },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer out = { 0 };
		size_t taken =
			sl_text_fit(&out, slice_of(rows[i].text), rows[i].cells, SL_SLICE("~"));

		ok(sl_slice_equal(sl_buffer_slice(&out), slice_of(rows[i].fitted)) &&
			   taken == rows[i].taken,
		   "'%s' in %zu: '%.*s', %zu", rows[i].text, rows[i].cells, (int)out.len, out.data,
		   taken);
		sl_buffer_free(&out);
	}
}

static void test_show(void)
{
	static const struct {
		const char *text, *shown, *ascii;
	} rows[] = {
		{ "a b", "a b", "a b" },
		{ "\x1b[31m", "\\x1b[31m", "\\x1b[31m" },
		{ "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f", "a\\x0ab\\x09c\\x7f" },
		{ "\xc2\x9b", "\\u009b", "\\u009b" },
		{ "\xe2\x80\xae", "\\u202e", "\\u202e" },
		{ "\xff", "\xef\xbf\xbd", "?" },
		{ "caf\xc3\xa9", "caf\xc3\xa9", "caf?" },
		/* six marks on one letter are enough */
		{ "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
		  "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "e??????" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer shown = { 0 }, ascii = { 0 };

		sl_text_show(&shown, slice_of(rows[i].text), false);
		sl_text_show(&ascii, slice_of(rows[i].text), true);
		ok(sl_slice_equal(sl_buffer_slice(&shown), slice_of(rows[i].shown)) &&
			   sl_slice_equal(sl_buffer_slice(&ascii), slice_of(rows[i].ascii)),
		   "row %zu is shown as '%.*s' and '%.*s'", i, (int)shown.len, shown.data,
		   (int)ascii.len, ascii.data);
		sl_buffer_free(&shown);
		sl_buffer_free(&ascii);
	}
}

int main(void)
{
	test_cells();
	test_fit();
	test_show();
	return done_testing();
}
