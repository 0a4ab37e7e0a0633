/* JSON strings out: what is escaped, what is replaced, and that no length or place is special. */
#include "spanline/json.h"
#include "spanline/text.h"
#include "tap.h"
#include <stdlib.h>

static const struct row {
	const char *name;
	struct sl_slice text;
	const char *json;
	bool replaced;
} rows[] = {
	{ "empty", { "", 0 }, "\"\"", false },
	{ "letters", { "POST /checkout", 14 }, "\"POST /checkout\"", false },
	{ "a quote and a backslash", { "a\"b\\c", 5 }, "\"a\\\"b\\\\c\"", false },
	{ "a slash is itself", { "</script>", 9 }, "\"</script>\"", false },
	{ "short escapes", { "\b\f\n\r\t", 5 }, "\"\\b\\f\\n\\r\\t\"", false },
	{ "NUL, ESC, DEL", { "\0\x1b\x7f", 3 }, "\"\\u0000\\u001b\\u007f\"", false },
	{ "the ends of C1", { "\xc2\x80\xc2\x9f", 4 }, "\"\\u0080\\u009f\"", false },
	{ "what follows C1", { "\xc2\xa0", 2 }, "\"\xc2\xa0\"", false },
	{ "line and paragraph separators",
	  { "\xe2\x80\xa8\xe2\x80\xa9", 6 },
	  "\"\\u2028\\u2029\"",
	  false },
	{ "bidi embeddings and overrides",
	  { "\xe2\x80\xaa\xe2\x80\xae", 6 },
	  "\"\\u202a\\u202e\"",
	  false },
	{ "bidi isolates", { "\xe2\x81\xa6\xe2\x81\xa9", 6 }, "\"\\u2066\\u2069\"", false },
	{ "bidi marks",
	  { "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", 8 },
	  "\"\\u200e\\u200f\\u061c\"",
	  false },
	{ "their neighbours are themselves",
	  { "\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa", 18 },
	  "\"\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa\"",
	  false },
	{ "a byte order mark", { "\xef\xbb\xbf", 3 }, "\"\\ufeff\"", false },
	{ "beyond the first plane", { "\xf0\x9f\x98\x80", 4 }, "\"\xf0\x9f\x98\x80\"", false },
	{ "U+FFFD itself", { "\xef\xbf\xbd", 3 }, "\"\xef\xbf\xbd\"", false },
	{ "a lone continuation byte", { "a\x80z", 3 }, "\"a\xef\xbf\xbdz\"", true },
	{ "cut at the end", { "a\xe2\x80", 3 }, "\"a\xef\xbf\xbd\"", true },
	{ "an overlong slash", { "\xc0\xaf", 2 }, "\"\xef\xbf\xbd\xef\xbf\xbd\"", true },
	{ "a surrogate in UTF-8",
	  { "\xed\xa0\x80", 3 },
	  "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"",
	  true },
	{ "escapes behind what is replaced",
	  { "\xff\n\xff", 3 },
	  "\"\xef\xbf\xbd\\n\xef\xbf\xbd\"",
	  true },
};

static bool writes(struct sl_slice text, const char *json, size_t json_len, bool whole)
{
	struct sl_buffer out = { 0 };
	/* of its own size, so that a sanitizer sees what is read behind it */
	char *copy = malloc(text.len + 1);
	bool was_whole, same;

	if (copy == NULL)
		return false;
	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	copy = realloc(copy, text.len == 0 ? 1 : text.len);
	was_whole = sl_json_write_string(&out, (struct sl_slice){ copy, text.len });
	same = out.len == json_len && memcmp(out.data, json, json_len) == 0;
	sl_buffer_free(&out);
	free(copy);
	return same && was_whole == whole;
}

/* One special byte at each place of texts of each length, where blocks of 16 begin and end. */
static void test_places(char special, struct sl_slice escaped)
{
	char text[80], json[100];
	unsigned wrong = 0;

	for (size_t len = 0; len <= 70; len++) {
		for (size_t at = 0; at <= len; at++) {
			size_t rest = len - at;

			memset(text, 'x', sizeof(text));
			memset(json, 'x', sizeof(json));
			json[0] = '"';
			if (at < len) {
				text[at] = special;
				memcpy(json + 1 + at, escaped.data, escaped.len);
				rest += escaped.len - 1;
			}
			json[1 + at + rest] = '"';
			wrong += !writes((struct sl_slice){ text, len }, json, at + rest + 2, true);
		}
	}
	ok(wrong == 0, "'%s' is escaped wherever it stands", escaped.data);
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(writes(rows[i].text, rows[i].json, strlen(rows[i].json), !rows[i].replaced),
		   "%s", rows[i].name);
	test_places('"', SL_SLICE("\\\""));
	test_places('\\', SL_SLICE("\\\\"));
	test_places('\x1f', SL_SLICE("\\u001f"));
	test_places('\0', SL_SLICE("\\u0000"));
	test_places('\x7f', SL_SLICE("\\u007f"));
	test_places('~', SL_SLICE("~"));
	test_places(' ', SL_SLICE(" "));
	ok(writes((struct sl_slice){ NULL, 0 }, "\"\"", 2, true), "no text at all");
	return done_testing();
}
