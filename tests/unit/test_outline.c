/* The outline of JSON text: what is told of 64 bytes, and of those that follow them. */
#include "random.h"
#include "spanline/text.h"
#include "tap.h"

enum { BLOCK = 64, BLOCKS = SL_OUTLINE_MOST };

typedef void outline_function(struct sl_outline *outline, const char *at, size_t count);

static outline_function *const functions[] = {
	sl_outline_next_portable,
	sl_outline_next,
#ifdef SL_SSE2
	sl_outline_next_sse2,
#endif
};

static const struct {
	const char *name;
	const char *text;
	const char *outline; /* what is told of each byte of it, '.' for nothing */
} rows[] = {
	{ "brackets and commas", "{a,b},[]", "{.,.},[]" },
	{ "in a string", "{\"a,{}\",1}", "{......,.}" },
	{ "a quote that is escaped", "[\"\\\",\",2]", "[.....,.]" },
	{ "a backslash that is escaped", "[\"\\\\\",2]", "[....,.]" },
	{ "three of them", "[\"\\\\\\\",\",2]", "[.......,.]" },
	{ "an escape of six bytes", "[\"\\u0022,\",2]", "[.........,.]" },
	{ "control bytes, in strings too", "[\"\n\",\t]", "[.!.,!]" },
	{ "bytes next to brackets", "Z\\^z|~kmKM;=", "............" },
	{ "bytes that are not ASCII", "[\xdb,\xfd,\xac]", "[.,.,.]" },
};

/* What was told of the byte at place i. */
static char told(const struct sl_outline *outline, unsigned i, char byte)
{
	if ((outline->controls[i / BLOCK] >> i % BLOCK & 1) != 0)
		return '!';
	if (((outline->brackets[i / BLOCK] | outline->commas[i / BLOCK]) >> i % BLOCK & 1) != 0)
		return byte;
	return '.';
}

/* With so many blanks before it. */
static bool check_row(size_t row, size_t before, outline_function *next)
{
	char text[2 * BLOCK];
	struct sl_outline outline = { .in_string = 0 };
	size_t len = strlen(rows[row].text);

	memset(text, ' ', sizeof(text));
	memcpy(text + before, rows[row].text, len);
	next(&outline, text, 2);
	for (unsigned i = 0; i < sizeof(text); i++) {
		bool in_row = i >= before && i < before + len;

		if (told(&outline, i, text[i]) != (in_row ? rows[row].outline[i - before] : '.'))
			return false;
	}
	return true;
}

static void test_rows(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		bool good = true;

		for (size_t before = 0; before <= BLOCK; before++)
			for (size_t k = 0; k < SL_COUNT(functions); k++)
				good &= check_row(i, before, functions[k]);
		ok(good, "%s", rows[i].name);
	}
}

/* In all 64 bytes that they told of, and in what they know of those that follow. */
static bool same(const struct sl_outline *a, const struct sl_outline *b, size_t count)
{
	size_t size = count * sizeof(a->brackets[0]);

	return memcmp(a->brackets, b->brackets, size) == 0 &&
	       memcmp(a->commas, b->commas, size) == 0 &&
	       memcmp(a->controls, b->controls, size) == 0 && a->in_string == b->in_string &&
	       a->escaped == b->escaped;
}

/* One by one, and as many as there may be at once. */
static bool agree(const char *text, outline_function *next)
{
	struct sl_outline one = { .in_string = 0 }, many = one, ones = one;

	next(&many, text, BLOCKS);
	for (size_t i = 0; i < BLOCKS; i++) {
		sl_outline_next_portable(&one, text + BLOCK * i, 1);
		ones.brackets[i] = one.brackets[0];
		ones.commas[i] = one.commas[0];
		ones.controls[i] = one.controls[0];
	}
	ones.in_string = one.in_string;
	ones.escaped = one.escaped;
	return same(&ones, &many, BLOCKS);
}

static void test_agreement(void)
{
	enum { ROUNDS = 20000 };
	static const char often[] = "\"\\{}[],\n\x1f ";
	char text[BLOCKS * BLOCK];
	uint64_t state = 5;
	bool good = true;

	for (size_t round = 0; round < ROUNDS; round++) {
		uint64_t mostly = 1 + next_random(&state) % 8;

		for (size_t i = 0; i < sizeof(text); i++) {
			uint64_t random = next_random(&state);

			text[i] = (char)(random >> 32);
			if (random % mostly == 0)
				text[i] = often[random / 64 % (sizeof(often) - 1)];
		}
		for (size_t k = 0; k < SL_COUNT(functions); k++)
			good &= agree(text, functions[k]);
	}
	ok(good, "all variants agree");
}

int main(void)
{
	test_rows();
	test_agreement();
	return done_testing();
}
