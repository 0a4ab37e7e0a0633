/*
 * Queries as text: the trees that they give, how they are refused, what is warned of.
 *
 * tests/data/traceql-cases.tsv holds a query, what becomes of it, and what is to be seen:
 *     OK     its tree
 *     CHECK  it has a tree, but cannot be answered: AT+LEN: the fault
 *     ERR    AT+LEN: the fault
 *     METRIC nothing
 *     LINT   AT+LEN: each warning, joined by " / "
 * with "tempo " before it where it is about Tempo's language and nothing more.
 */
#include "spanline/query.h"
#include "tap.h"
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 4096

static struct sl_slice slice(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static void write_fault(struct sl_buffer *out, const struct sl_query_fault *fault)
{
	sl_buffer_printf(out, "%zu+%zu: %s", fault->at, fault->len, fault->text);
}

static void add_warning(void *context, const struct sl_query_fault *warning)
{
	struct sl_buffer *out = context;

	if (out->len > 0)
		sl_buffer_add_literal(out, " / ");
	write_fault(out, warning);
}

/* Exactly as long as the text, so that a sanitizer sees what is read behind it. */
static enum sl_status compile(struct sl_query **query, struct sl_slice text,
			      const struct sl_query_options *options, struct sl_query_fault *fault)
{
	char *copy = malloc(text.len + (text.len == 0));
	enum sl_status status;

	if (copy == NULL)
		abort();
	memcpy(copy, text.data, text.len);
	status = sl_query_compile(query, (struct sl_slice){ copy, text.len }, options, fault);
	free(copy);
	return status;
}

/* The row's outcome into `outcome`, what is to be seen into *out. */
static const char *run(const char *text, bool tempo, bool lint, struct sl_buffer *out)
{
	struct sl_query_options options = { .tempo = tempo, .unchecked = true };
	struct sl_query_fault fault = { 0 };
	struct sl_query *query = NULL;
	const char *outcome = "OK";

	if (compile(&query, slice(text), &options, &fault) != SL_OK) {
		if (strstr(fault.text, "trace-stats") != NULL)
			return "METRIC";
		write_fault(out, &fault);
		return "ERR";
	}
	sl_query_free(query);
	query = NULL;
	options.unchecked = false;
	if (compile(&query, slice(text), &options, &fault) != SL_OK) {
		write_fault(out, &fault);
		outcome = "CHECK";
	} else if (lint) {
		sl_query_lint(query, add_warning, out);
		outcome = "LINT";
	} else {
		sl_query_print(query, out);
	}
	sl_query_free(query);
	return outcome;
}

static void test_row(char *line)
{
	char *text = strtok(line, "\t"), *outcome = strtok(NULL, "\t"), *seen = strtok(NULL, "\t");
	struct sl_buffer out = { 0 };
	bool tempo, same;
	const char *got;

	if (text == NULL || outcome == NULL)
		return;
	tempo = strncmp(outcome, "tempo ", 6) == 0;
	outcome += tempo ? 6 : 0;
	got = run(text, tempo, strcmp(outcome, "LINT") == 0, &out);
	same = sl_slice_equal(sl_buffer_slice(&out), slice(seen != NULL ? seen : ""));
	if (!ok(strcmp(got, outcome) == 0 && same, "%s%s", tempo ? "tempo: " : "", text))
		printf("# %s %.*s\n", got, (int)out.len, out.data);
	sl_buffer_free(&out);
}

/* What the real parser said: parsing alone. */
static void test_real_row(char *line)
{
	const struct sl_query_options options = { .tempo = true, .unchecked = true };
	char *text = strtok(line, "\t"), *outcome = strtok(NULL, "\t"), *tree = strtok(NULL, "\t");
	struct sl_query_fault fault = { 0 };
	struct sl_query *query = NULL;
	struct sl_buffer out = { 0 };
	const char *got = "OK";

	if (text == NULL || outcome == NULL)
		return;
	if (compile(&query, slice(text), &options, &fault) == SL_OK)
		sl_query_print(query, &out);
	else
		got = strstr(fault.text, "trace-stats") != NULL ? "METRIC" : "ERR";
	if (!ok(strcmp(got, outcome) == 0 &&
			sl_slice_equal(sl_buffer_slice(&out), slice(tree != NULL ? tree : "")),
		"real: %s", text))
		printf("# %s %.*s%s\n", got, (int)out.len, out.data, fault.text);
	sl_buffer_free(&out);
	sl_query_free(query);
}

/* False: no such file. */
static bool test_file(const char *path, void (*test)(char *line))
{
	FILE *file = fopen(path, "r");
	char line[LINE_SIZE];

	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#')
			test(line);
	}
	fclose(file);
	return true;
}

static void test_real(const char *captures)
{
	char path[1024];

	if (captures == NULL) {
		skip("what the real parser says", "SPANLINE_CAPTURES is not set");
		return;
	}
	snprintf(path, sizeof(path), "%s/../reference/traceql-cases.tsv", captures);
	if (!test_file(path, test_real_row))
		skip("what the real parser says", "no captures here");
}

static void test_field(void)
{
	static const struct {
		const char *text, *seen;
	} rows[] = {
		{ "span.\"http.method\"", "span.\"http.method\"" },
		{ "duration / 2", "(span:duration / 2)" },
		{ "service", "service" },
		{ "{ .a }", "0+1: expected a value, found '{'" },
		{ ".a, .b", "2+1: expected an operator or the end, found ','" },
		{ "", "0+0: expected a field, found nothing" },
	};
	const struct sl_query_options options = { 0 };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_query_fault fault = { 0 };
		struct sl_query *query = NULL;
		struct sl_buffer out = { 0 };
		if (sl_query_compile_field(&query, slice(rows[i].text), &options, &fault) == SL_OK)
			sl_query_print(query, &out);
		else
			write_fault(&out, &fault);
		ok(sl_slice_equal(sl_buffer_slice(&out), slice(rows[i].seen)), "field: %s",
		   rows[i].text);
		sl_buffer_free(&out);
		sl_query_free(query);
	}
}

static void test_show(void)
{
	static const struct {
		const char *text, *seen;
	} rows[] = {
		{ "{ .a == 1 }", "line 1, column 6: write '=' for '=='\n{ .a == 1 }\n     ^^\n" },
		{ "{ .a = 1 &&\n\t.b = }",
		  "line 2, column 7: expected a value, found '}'\n .b = }\n      ^\n" },
		{ "{ .a = ", "line 1, column 8: expected a value, found the end\n{ .a = \n"
			     "       ^\n" },
		{ "{ .\xc3\xa4 = \"\xe6\x97\xa5\" 1 }",
		  "line 1, column 12: expected an operator or '}', found '1'\n"
		  "{ .\xc3\xa4 = \"\xe6\x97\xa5\" 1 }\n            ^\n" },
		{ "{ .a = \x1b[2J }", "line 1, column 8: there is nothing that is written '\\x1b'\n"
				      "{ .a = \\x1b[2J }\n       ^^^^\n" },
		{ "{ .a = \xff }", "line 1, column 8: there is nothing that is written '\\xff'\n"
				   "{ .a = \\xff }\n       ^^^^\n" },
		{ "{ .a = \"\xe2\x80\xae\" \xe2\x80\xae }",
		  "line 1, column 12: there is nothing that is written '\\u202e'\n"
		  "{ .a = \"\\u202e\" \\u202e }\n                ^^^^^^\n" },
		{ "", "line 1, column 1: expected a query, found nothing\n\n^\n" },
	};
	const struct sl_query_options options = { .tempo = true };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_query_fault fault = { 0 };
		struct sl_query *query = NULL;
		struct sl_buffer out = { 0 };
		if (compile(&query, slice(rows[i].text), &options, &fault) != SL_OK)
			sl_query_show_fault(&fault, slice(rows[i].text), &out);
		if (!ok(sl_slice_equal(sl_buffer_slice(&out), slice(rows[i].seen)),
			"shown: row %zu", i))
			printf("# %.*s\n", (int)out.len, out.data);
		sl_buffer_free(&out);
		sl_query_free(query);
	}
}

/* `open` n times, then `middle`, then `close` n times. */
static void test_repeated(const char *open, const char *middle, const char *close, size_t n,
			  const char *expected)
{
	const struct sl_query_options options = { 0 };
	struct sl_query_fault fault = { .text = "accepted" };
	struct sl_query *query = NULL;
	struct sl_buffer text = { 0 };

	for (size_t i = 0; i < n; i++)
		sl_buffer_add_slice(&text, slice(open));
	sl_buffer_add_slice(&text, slice(middle));
	for (size_t i = 0; i < n; i++)
		sl_buffer_add_slice(&text, slice(close));
	if (compile(&query, sl_buffer_slice(&text), &options, &fault) == SL_OK)
		snprintf(fault.text, sizeof(fault.text), "accepted");
	if (!ok(strstr(fault.text, expected) != NULL, "%zu times %s: %s", n, open, expected))
		printf("# %s\n", fault.text);
	sl_query_free(query);
	sl_buffer_free(&text);
}

static void test_limits(void)
{
	test_repeated("(", "{ .a }", ")", 190, "accepted");
	test_repeated("(", "{ .a }", ")", 30000, "deeper");
	test_repeated("{ (", ".a", ") }", 1, "accepted");
	test_repeated("(", ".a", ")", 190, "accepted");
	test_repeated("(", ".a", ")", 30000, "deeper");
	test_repeated("!", ".a", "", 190, "accepted");
	test_repeated("!", ".a", "", 30000, "deeper");
	test_repeated("!", "{ .a }", "", 90, "accepted");
	test_repeated("!", "{ .a }", "", 30000, "deeper");
	test_repeated("- ", "count() > 1", "", 90, "accepted");
	test_repeated("- ", "count() > 1", "", 30000, "deeper");
	test_repeated(".a || ", ".a", "", 998, "accepted");
	test_repeated(".a || ", ".a", "", 10000, "nested in each other");
	test_repeated("{.a} && ", "{.a}", "", 998, "accepted");
	test_repeated("{.a} && ", "{.a}", "", 7000, "nested in each other");
	test_repeated("count() + ", "1 > 2", "", 990, "accepted");
	test_repeated(".a + ", ".a > 2", "", 990, "accepted");
	test_repeated("count() + ", "1 > 2", "", 6000, "nested in each other");
	test_repeated(".a ^ ", "1", "", 10000, "deeper");
	test_repeated("{} | ", "{}", "", 10000, "accepted");
	test_repeated(" ", "{}", "", 65534, "accepted");
	test_repeated(" ", "{}", "", 65535, "64 KiB");
}

/* What does not fit a line of the file. */
static void test_bytes(void)
{
	static const struct {
		struct sl_slice text;
		const char *seen;
	} rows[] = {
		{ { "{ .a =\t`a\nb` }", 14 }, "{(.\"a\" = \"a\\nb\")}" },
		{ { "{ .a = \"a\nb\" }", 14 }, "7+2: expected '\"' at the end of the string" },
		{ { "{ .a\0 = 1 }", 11 }, "{(.\"a\0\" = 1)}" },
		{ { "{ \0 }", 5 }, "2+1: there is nothing that is written '\\x00'" },
		{ { "{ .a // = 1\n = 2 }", 18 }, "{(.\"a\" = 2)}" },
	};
	const struct sl_query_options options = { 0 };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_query_fault fault = { 0 };
		struct sl_query *query = NULL;
		struct sl_buffer out = { 0 };
		size_t len = strlen(rows[i].seen);
		if (compile(&query, rows[i].text, &options, &fault) == SL_OK)
			sl_query_print(query, &out);
		else
			write_fault(&out, &fault);
		if (!ok(out.len >= len && memcmp(out.data, rows[i].seen, len) == 0,
			"bytes: row %zu", i))
			printf("# %.*s\n", (int)out.len, out.data);
		sl_buffer_free(&out);
		sl_query_free(query);
	}
}

static void add_field(void *context, struct sl_slice name)
{
	struct sl_buffer *out = context;

	sl_buffer_add(out, " ", out->len != 0);
	sl_buffer_add_slice(out, name);
}

/* What a query looks at, wherever it stands in it. */
static void test_fields(void)
{
	static const struct {
		const char *text, *fields;
	} rows[] = {
		{ "{ true }", "" },
		{ "{ name = \"a\" && duration > 1s }", "span:duration span:name" },
		{ "{ .a.b = span.c }", "span.c .a.b" },
		{ "{ parent.resource.\"x y\" != nil || event.e = 1 }", "event.e resource.x y" },
		{ "{ link.l = 1 } >> { instrumentation.i = 1 }", "instrumentation.i link.l" },
		{ "{ status = error } | by(kind) | count() > 2", "span:status span:kind count()" },
		{ "{ } | avg(duration) > 1s", "span:duration" },
		{ "{ } | select(.s)", ".s" },
	};
	const struct sl_query_options options = { 0 };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_slice text = { rows[i].text, strlen(rows[i].text) };
		struct sl_query_fault fault = { 0 };
		struct sl_query *query = NULL;
		struct sl_buffer out = { 0 };
		bool found = sl_query_compile(&query, text, &options, &fault) == SL_OK &&
			     sl_query_fields(query, add_field, &out);

		if (!ok(found && out.len == strlen(rows[i].fields) &&
				memcmp(out.len != 0 ? out.data : "", rows[i].fields, out.len) == 0,
			"fields: %s", rows[i].text))
			printf("# %.*s\n", (int)out.len, out.len != 0 ? out.data : "");
		sl_buffer_free(&out);
		sl_query_free(query);
	}
}

int main(void)
{
	const char *data = getenv("DATA");
	char path[1024];

	snprintf(path, sizeof(path), "%s/traceql-cases.tsv", data != NULL ? data : "tests/data");
	ok(test_file(path, test_row), "our own cases are there");
	test_bytes();
	test_field();
	test_show();
	test_limits();
	test_fields();
	test_real(getenv("SPANLINE_CAPTURES"));
	return done_testing();
}
