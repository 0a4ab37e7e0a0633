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
	test_limits();
	test_long();
	return done_testing();
}
