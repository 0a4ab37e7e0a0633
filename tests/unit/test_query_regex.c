/* Regular expressions in queries: what they mean, and their limits. */
#include "query_ask.h"

static struct sl_attribute attributes[] = {
	{ KEY("s"), TEXT("foo") },
	{ KEY("lines"), TEXT("one\ntwo") },
	{ KEY("broken"), TEXT("foo\xff"
			      "bar") },
};
static const struct sl_scope scope = { .present = false };
static const struct sl_resource resource = { .present = false };
static const struct sl_span span = {
	.name = KEY("GET"),
	.kind = SL_KIND_SERVER,
	.status_code = SL_STATUS_ERROR,
	.attributes = LIST(attributes),
	.resource = &resource,
	.scope = &scope,
};

static void test_regexes(void)
{
	static const struct {
		const char *text;
		bool matches;
	} rows[] = {
		{ ".s =~ \"foo\"", true },
		{ ".s =~ \"fo\"", false },
		{ ".s =~ \"oo\"", false },
		{ ".s =~ \"fo.*\"", true },
		{ ".s =~ \".*oo\"", true },
		{ ".s =~ \".*o.*\"", true },
		{ ".s =~ \".*\"", true },
		{ ".s =~ \"\"", false },
		{ ".s =~ \".*x.*\"", false },
		{ ".s =~ \"fooo.*\"", false },
		{ ".s =~ \".*foo.*\"", true },
		{ ".s =~ \".*ooo\"", false },
		{ ".s =~ \"f|foo\"", true },
		{ ".s =~ \"f|fo\"", false },
		{ ".s =~ \"(?i)FOO\"", true },
		{ ".s =~ \"f[aeiou]+\"", true },
		{ ".s !~ \"f[aeiou]+\"", false },
		{ ".s !~ \"bar|baz\"", true },
		{ ".lines =~ \"one.two\"", true },
		{ ".lines =~ \"one$\"", false },
		{ ".lines =~ \"(?m)one$.*\"", true },
		{ ".s =~ \"(?P<first>f)o{2}\"", true },
		{ ".s =~ `\\pL+`", true },
		{ ".s =~ `\\Qfoo\\E`", true },
		{ ".s =~ `foo\\z`", true },
		{ ".s =~ `(?U)f.*`", true },
		{ ".broken =~ \"foo.bar\"", true },
		{ ".broken =~ \"foo.*\"", true },
		{ ".broken =~ \"f[o]+.bar\"", true },
		{ ".broken !~ \"[a-z]+\"", true },
		{ "name =~ \"GET|PUT\" && status = error", true },
		{ "!(name =~ \"GET|PUT\")", false },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(ask(rows[i].text, &span).matches == rows[i].matches, "%s: %s", rows[i].text,
		   rows[i].matches ? "yes" : "no");
}

static void test_bad_regex(void)
{
	struct sl_query_options options = { .tempo = false };
	struct sl_query_fault fault = { 0 };
	struct sl_query *query;

	ok(sl_query_compile(&query, SL_SLICE("{ name =~ \"a(\" }"), &options, &fault) ==
			   SL_BAD_RECORD &&
		   fault.at == 10 && fault.len == 4,
	   "a pattern that is none: %s", fault.text);
	ok(sl_query_compile(&query, SL_SLICE("{ name =~ `\\C` }"), &options, &fault) ==
		   SL_BAD_RECORD,
	   "bytes inside UTF-8: %s", fault.text);
}

/* PCRE2's verbs, and what only looks like one. */
static void test_verbs(void)
{
	static const struct {
		const char *text;
		bool refused;
		size_t at, len;
	} rows[] = {
		{ "name =~ \"(*LIMIT_MATCH=4000000000)(a+)+b\"", true, 9, 2 },
		{ "name =~ `(*NO_JIT)a+`", true, 9, 2 },
		{ "name =~ `[a](*FAIL)`", true, 12, 2 },
		{ "name =~ \"\\x61(*FAIL)\"", true, 8, 13 },
		{ "name =~ \"a\" + \"(*F)\"", true, 8, 12 },
		{ "name =~ `\\\\(*F)`", true, 11, 2 },
		{ "name =~ `[[:alpha:](*]+`", false, 0, 0 },
		{ "name =~ `[[:alpha:]](*F)`", true, 20, 2 },
		{ "name =~ `[a:](*F)`", true, 13, 2 },
		{ "name =~ `[[:^alpha:](*]+`", false, 0, 0 },
		{ "name =~ `[](*]+`", false, 0, 0 },
		{ "name =~ `[^](*]+`", false, 0, 0 },
		{ "name =~ `[\\](*]+`", false, 0, 0 },
		{ "name =~ `\\(*`", false, 0, 0 },
		{ "name =~ `\\Q(*F)\\E`", false, 0, 0 },
		{ "name =~ `\\Q(*F)`", false, 0, 0 },
		{ "name =~ `\\Qx\\E(*F)`", true, 14, 2 },
	};
	struct sl_query_options options = { .tempo = false };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_query_fault fault = { 0 };
		struct sl_query *query = NULL;
		struct sl_slice text = { rows[i].text, strlen(rows[i].text) };
		enum sl_status status = sl_query_compile(&query, text, &options, &fault);

		if (!ok(status == (rows[i].refused ? SL_BAD_RECORD : SL_OK) &&
				(!rows[i].refused ||
				 (fault.at == rows[i].at && fault.len == rows[i].len)),
			"%s: %s", rows[i].text, rows[i].refused ? "refused" : "a pattern"))
			printf("# %zu+%zu %s\n", fault.at, fault.len, fault.text);
		sl_query_free(query);
	}
}

/* What people write has an answer of the texts that there are; what takes for ever has none. */
static void test_honest(void)
{
	static const struct {
		const char *text;
		size_t len;
		bool hits;
	} rows[] = {
		{ "name =~ \".*a.*[bc].*\"", 500, false },
		{ "name =~ \".*a.*[bc].*\"", 2000, false },
		{ "name =~ \".*a.*[bc].*\"", 4000, false },
		{ "name =~ \"(?i).*A.*(b|c).*\"", 2000, false },
		{ "name =~ \"(a+)+[bc]\"", 40, true },
		{ "name =~ \"(a+)+[bc]\"", 4000, true },
	};
	struct sl_span long_one = span;
	char *text = malloc(4000);

	if (text == NULL)
		abort();
	memset(text, 'a', 4000);
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct asked asked;

		long_one.name = (struct sl_slice){ text, rows[i].len };
		asked = ask(rows[i].text, &long_one);
		ok(asked.whole && !asked.matches && (asked.limits_hit > 0) == rows[i].hits,
		   "%s of %zu bytes", rows[i].text, rows[i].len);
	}
	free(text);
}

/* A pattern that takes for ever on a text that nearly matches. */
static void test_limits(void)
{
	static const struct {
		const char *text;
		bool matches, hits;
	} rows[] = {
		{ "name =~ \"(a+)+b\"", false, true },
		{ "name !~ \"(a+)+b\"", false, true },
		{ "!(name =~ \"(a+)+b\")", false, true },
		{ "!(name !~ \"(a+)+b\")", false, true },
		{ "!!(name =~ \"(a+)+b\")", false, true },
		{ "(name =~ \"(a+)+b\") = false", false, true },
		{ "!((name =~ \"(a+)+b\") = true)", false, true },
		{ "span.l !~ \"(a+)+b\"", false, true },
		{ "!(span.l =~ \"(a+)+b\")", false, true },
		{ "event.a = 1 || !(name =~ \"(a+)+b\" && event.b = nil)", false, true },
		{ "name =~ \"(a+)+b\" || kind = server", true, false },
		{ "!(kind = client && name =~ \"(a+)+b\")", true, false },
	};
	char *text = malloc(5000);
	struct sl_attribute items[] = { { .value = INT(1) }, { .value = TEXT("") } };
	struct sl_attribute list = { KEY("l"), { .type = SL_VALUE_ARRAY, .list = LIST(items) } };
	struct sl_span evil = span;

	if (text == NULL)
		abort();
	memset(text, 'a', 5000);
	text[4998] = 'b';
	text[4999] = 'c';
	evil.name = (struct sl_slice){ text, 5000 };
	items[1].value.text = evil.name;
	items[0].value = items[1].value;
	evil.attributes = (struct sl_attributes){ &list, 1 };
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct asked asked = ask(rows[i].text, &evil);

		ok(asked.whole && asked.matches == rows[i].matches &&
			   (asked.limits_hit > 0) == rows[i].hits,
		   "%s: %s, %llu limits", rows[i].text, asked.matches ? "yes" : "no",
		   (unsigned long long)asked.limits_hit);
	}
	free(text);
}

/* A subject that is too long for the compiled code's stack. */
static void test_long(void)
{
	enum { LONG = 4 << 20 };
	char *text = malloc(LONG);
	struct sl_span large = span;
	struct asked asked;

	if (text == NULL)
		abort();
	memset(text, 'a', LONG);
	large.name = (struct sl_slice){ text, LONG };
	ok(ask("name =~ \"a+\"", &large).matches, "four MiB match");
	ok(ask("name !~ \"[^b]*b\"", &large).matches, "or do not");
	ok(ask("name =~ \".*a.*\"", &large).matches, "four MiB hold a letter");
	text[LONG / 2] = '\xff';
	ok(ask("name =~ \"a+.a+\"", &large).matches, "and may be no UTF-8");
	asked = ask("name =~ \"(a|b)*.(a|b)*\"", &large);
	ok(asked.matches || asked.limits_hit == 1, "branches all the way: a match, or a limit");
	free(text);
}

int main(void)
{
	test_regexes();
	test_bad_regex();
	test_verbs();
	test_honest();
	test_limits();
	test_long();
	return done_testing();
}
