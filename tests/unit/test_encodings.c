/* Hex and base64, written and parsed. */
#include "spanline/text.h"
#include "tap.h"
#include <stdlib.h>

enum { LONGEST = 100, ROUNDS = 256 * (LONGEST + 1) };

/* A copy without a byte behind it, so that a sanitizer sees what is read there; owned. */
static char *copy_of(const char *text, size_t len)
{
	char *copy = malloc(len + (len == 0));

	if (copy == NULL)
		abort();
	memcpy(copy, text, len);
	return copy;
}

static bool parse_hex(const char *text, size_t len, char *out)
{
	char *copy = copy_of(text, len);
	bool good = sl_parse_hex((struct sl_slice){ copy, len }, out);

	free(copy);
	return good;
}

static bool parse_base64(const char *text, size_t len, char *out, size_t *bytes)
{
	char *copy = copy_of(text, len);
	bool good = sl_parse_base64((struct sl_slice){ copy, len }, out, bytes);

	free(copy);
	return good;
}

/* All bytes in turn, so that each stands at each place modulo 16. */
static void fill(unsigned char *data, size_t start)
{
	for (size_t i = 0; i < LONGEST; i++)
		data[i] = (unsigned char)(i * 7 + start);
}

static void test_hex_lengths(void)
{
	bool written = true, parsed = true, upper_parsed = true;

	for (size_t i = 0; i < ROUNDS; i++) {
		unsigned char data[LONGEST];
		char text[2 * LONGEST + 1], expected[2 * LONGEST + 1], back[LONGEST];
		size_t len = i % (LONGEST + 1);

		fill(data, i / (LONGEST + 1));
		for (size_t byte = 0; byte < len; byte++)
			snprintf(expected + 2 * byte, 3, "%02x", data[byte]);
		text[2 * len] = '!';
		sl_write_hex(text, data, len);
		written &= memcmp(text, expected, 2 * len) == 0 && text[2 * len] == '!';
		parsed &= parse_hex(text, 2 * len, back) && memcmp(back, data, len) == 0;
		for (size_t byte = 0; byte < 2 * len; byte++)
			if (text[byte] >= 'a' && byte % 3 != 0)
				text[byte] = (char)(text[byte] - 'a' + 'A');
		upper_parsed &= parse_hex(text, 2 * len, back) && memcmp(back, data, len) == 0;
	}
	ok(written, "hex of all lengths is written");
	ok(parsed, "and parsed");
	ok(upper_parsed, "and in mixed case");
}

static void test_hex_digits(void)
{
	bool good = true;

	for (size_t len = 2; len <= 38; len += 6)
		for (unsigned i = 0; i < 256 * len; i++) {
			unsigned byte = i % 256;
			bool digit = byte != 0 && strchr("0123456789abcdefABCDEF", (int)byte);
			char text[40], out[20];

			memset(text, '3', sizeof(text));
			text[i / 256] = (char)byte;
			good &= parse_hex(text, len, out) == digit;
		}
	ok(good, "at every place each byte is a digit or refused");
	ok(!parse_hex("012", 3, (char[2]){ 0 }) && !parse_hex("0", 1, (char[1]){ 0 }),
	   "an odd number of digits is refused");
	ok(parse_hex("", 0, (char[1]){ 0 }), "no digits are no bytes");
}

static void test_hex_in_place(void)
{
	char text[] = "5b8efff798038103d269b633813fc60cEEE1";

	ok(sl_parse_hex((struct sl_slice){ text, sizeof(text) - 1 }, text) &&
		   memcmp(text,
			  "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c\xee"
			  "\xe1",
			  18) == 0,
	   "hex is parsed where it stands");
}

static const struct {
	struct sl_slice bytes;
	const char *text;      /* as written */
	const char *others[3]; /* read as the same */
} base64_rows[] = {
	{ { "", 0 }, "", { NULL } },
	{ { "f", 1 }, "Zg==", { "Zg", "Zh==", NULL } },
	{ { "fo", 2 }, "Zm8=", { "Zm8", "Zm9", NULL } },
	{ { "foo", 3 }, "Zm9v", { NULL } },
	{ { "foob", 4 }, "Zm9vYg==", { "Zm9vYg", NULL } },
	{ { "fooba", 5 }, "Zm9vYmE=", { "Zm9vYmE", NULL } },
	{ { "foobar", 6 }, "Zm9vYmFy", { NULL } },
	{ { "\xff\x00", 2 }, "/wA=", { "_wA=", "_wA", NULL } },
	{ { "\xfb\xef\xbe\xff", 4 }, "++++/w==", { "----_w", "-+-+_w==", NULL } },
	{ { "\0\0\0", 3 }, "AAAA", { NULL } },
};

static const char *const base64_refused[] = {
	"Z",	      "=",	  "==",	      "====",	"Z===", "Zg=",	     "Zm8==",	 "Zm9vY",
	"Zm9v=",      "Zm9v====", "Zg==Zg==", "Z=g=",	"=Zg=", "Zm 9v",     "Zm9v\n",	 "Zm9*",
	"Zm\xc3\xa9", "Zm9,",	  "Zm9.",     "Zm9v==", "Zg=x", "Zm9vZm9v=", "Zm8=Zm8=", "[m9v",
};

static void test_base64_rows(void)
{
	char out[64];
	size_t len;

	for (size_t i = 0; i < SL_COUNT(base64_rows); i++) {
		struct sl_slice bytes = base64_rows[i].bytes;
		const char *text = base64_rows[i].text;

		len = sl_write_base64(out, bytes.data, bytes.len);
		ok(len == strlen(text) && memcmp(out, text, len) == 0 &&
			   len == sl_base64_size(bytes.len),
		   "'%s' is written", text);
		ok(parse_base64(text, strlen(text), out, &len) &&
			   sl_slice_equal(bytes, (struct sl_slice){ out, len }),
		   "'%s' is parsed", text);
		for (size_t k = 0; base64_rows[i].others[k] != NULL; k++) {
			text = base64_rows[i].others[k];
			ok(parse_base64(text, strlen(text), out, &len) &&
				   sl_slice_equal(bytes, (struct sl_slice){ out, len }),
			   "'%s' is parsed", text);
		}
	}
	for (size_t i = 0; i < SL_COUNT(base64_refused); i++)
		ok(!parse_base64(base64_refused[i], strlen(base64_refused[i]), out, &len),
		   "'%s' is refused", base64_refused[i]);
}

static void test_base64_lengths(void)
{
	bool good = true;

	for (size_t i = 0; i < ROUNDS; i++) {
		unsigned char data[LONGEST];
		char text[2 * LONGEST], *out;
		size_t len = i % (LONGEST + 1), written, back = 77;

		fill(data, i / (LONGEST + 1));
		written = sl_write_base64(text, data, len);
		out = malloc(3 * (written / 4) + 2);
		if (out == NULL)
			abort();
		good &= written == sl_base64_size(len) && parse_base64(text, written, out, &back) &&
			back == len && memcmp(out, data, len) == 0;
		free(out);
	}
	ok(good, "base64 of all lengths");
}

static void test_base64_digits(void)
{
	static const char alphabets[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
	bool good = true;

	for (unsigned i = 0; i < 256 * 7; i++) {
		unsigned byte = i % 256;
		char text[] = "AAAAAAA", out[8];
		size_t len;
		bool digit = byte != 0 && strchr(alphabets, (int)byte) != NULL;

		text[i / 256] = (char)byte;
		good &= parse_base64(text, 7, out, &len) == digit;
	}
	ok(good, "at every place each byte is of an alphabet or refused");
}

int main(void)
{
	test_hex_lengths();
	test_hex_digits();
	test_hex_in_place();
	test_base64_rows();
	test_base64_lengths();
	test_base64_digits();
	return done_testing();
}
