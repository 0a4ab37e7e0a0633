/* The command line as a user meets it: what is accepted, what is refused and how, what is printed.
 */
#include "spanline/cli.h"
#include "tap.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	bool loud;
	const char *expression;
	const char *colour;
	const char *seed;
	uint64_t limit;
	size_t room;
	enum sl_format format;
} opt;

static const char *const colours[] = { "auto", "always", "never", NULL };

static const struct sl_option options[] = {
	{ 'l', "loud", NULL, "make noise", .flag = &opt.loud },
	{ 'e', NULL, "EXPR", "an expression", .text = &opt.expression },
	{ 0, "color", "WHEN", "when to colour", .text = &opt.colour, .choices = colours },
	{ 0, "seed", "TEXT", "where chance begins", .text = &opt.seed, .otherwise = "none" },
	{ 0 },
};

static const struct sl_option shared[] = {
	{ 'm', "max", "N", "stop after N", .count = &opt.limit, .least = 1, .most = 1000 },
	{ 0, "room", "SIZE", "how much", .size = &opt.room },
	{ 0, "from", "FORMAT", "the input's format", .format = &opt.format },
	{ 0 },
};

static const struct sl_command command = {
	.name = "try-me",
	.purpose = "does nothing",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ shared, NULL },
	.notes = "That was all.",
};

#define ARGUMENT_LIMIT 8

static char **parse(const char *const *arguments)
{
	static char words[ARGUMENT_LIMIT][64];
	static char *argv[ARGUMENT_LIMIT + 1];
	int argc = 1;

	snprintf(words[0], sizeof(words[0]), "%s", command.name);
	for (; arguments[argc - 1] != NULL; argc++)
		snprintf(words[argc], sizeof(words[argc]), "%s", arguments[argc - 1]);
	for (int i = 0; i < argc; i++)
		argv[i] = words[i];
	argv[argc] = NULL;
	optind = 0; /* getopt begins again */
	memset(&opt, 0, sizeof(opt));
	return sl_cli_parse(&command, argc, argv);
}

/* Runs `act` in a process of its own; what it wrote to the descriptor `of` is in *text. */
static int run_apart(void (*act)(const void *), const void *argument, int of, char text[4096])
{
	size_t used = 0;
	ssize_t got;
	int ends[2], status = -1;

	fflush(stdout);
	if (pipe(ends) != 0)
		return -1;
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], of);
		close(ends[0]);
		close(ends[1]);
		act(argument);
		exit(0);
	}
	close(ends[1]);
	while (used < 4095 && (got = read(ends[0], text + used, 4095 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	close(ends[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void parse_apart(const void *argument)
{
	parse(argument);
}

static void test_accepted(void)
{
	char **paths =
		parse((const char *[]){ "-l", "a", "-m", "7", "--room=64k", "--", "-x", NULL });

	ok(opt.loud && opt.limit == 7 && opt.room == 65536,
	   "flags, counts and sizes are put in place");
	ok(strcmp(paths[0], "a") == 0 && strcmp(paths[1], "-x") == 0 && paths[2] == NULL,
	   "operands keep their order, options between them or not");
}

static void test_values(void)
{
	char **paths =
		parse((const char *[]){ "-le", "-", "--color", "never", "--from=pb", "-", NULL });

	ok(opt.loud && strcmp(opt.expression, "-") == 0, "letters may stand together");
	ok(strcmp(opt.colour, "never") == 0, "a choice by its name");
	ok(opt.format == SL_FORMAT_PB, "a format by its name");
	ok(strcmp(paths[0], "-") == 0 && paths[1] == NULL, "'-' is an operand");
	paths = parse((const char *[]){ "--seed", "a", NULL });
	ok(strcmp(opt.seed, "none") == 0 && strcmp(paths[0], "a") == 0,
	   "a value that may be missing is no operand");
	parse((const char *[]){ "--seed=a", NULL });
	ok(strcmp(opt.seed, "a") == 0, "and needs '='");
	parse((const char *[]){ "--lou", NULL });
	ok(opt.loud, "a name may be shortened while it is unique");
}

static const struct {
	const char *arguments[ARGUMENT_LIMIT];
	const char *message;
} refused[] = {
	{ { "--nope" }, "try-me: unknown option '--nope'\n" },
	{ { "--r" }, "try-me: option '--room' needs a value: SIZE\n" },
	{ { "--nope=a: secret" }, "try-me: unknown option '--nope'\n" },
	{ { "--nope: secret" }, "try-me: unknown option '--nope'\n" },
	{ { "--=x" }, "try-me: option '--' is not unique\n" },
	{ { "-x" }, "try-me: unknown option '-x'\n" },
	{ { "-m" }, "try-me: option '--max' needs a value: N\n" },
	{ { "-e" }, "try-me: option '-e' needs a value: EXPR\n" },
	{ { "--loud=yes" }, "try-me: option '--loud' takes no value\n" },
	{ { "-m", "x" }, "try-me: option '--max': 'x' is no whole number\n" },
	{ { "-m", "-1" }, "try-me: option '--max': '-1' is no whole number\n" },
	{ { "-m", "0" }, "try-me: option '--max': '0' is less than 1\n" },
	{ { "-m", "1001" }, "try-me: option '--max': '1001' is more than 1000\n" },
	{ { "--room", "1T" },
	  "try-me: option '--room': '1T' is no size (bytes, or with k, M, G)\n" },
	{ { "--color", "red" },
	  "try-me: option '--color': 'red' is none of auto, always, never\n" },
	{ { "--color", "\x1b[31m\xe2\x80\xae" },
	  "try-me: option '--color': '\\x1b[31m\\u202e' is none of auto, always, never\n" },
	{ { "--from", "xml" }, "try-me: option '--from': 'xml' is none of auto, json" },
};

static void test_refused(void)
{
	char text[4096];

	for (size_t i = 0; i < SL_COUNT(refused); i++) {
		int status = run_apart(parse_apart, refused[i].arguments, STDERR_FILENO, text);
		ok(status == 2 && strstr(text, refused[i].message) == text &&
			   strstr(text, "\ntry 'try-me --help'\n") != NULL,
		   "refused: %s %s", i == 13 ? "control characters" : refused[i].arguments[0],
		   i != 13 && refused[i].arguments[1] != NULL ? refused[i].arguments[1] : "");
	}
}

static void test_help(void)
{
	static const char *const lines[] = {
		"usage: try-me [OPTION ...] [FILE ...]\ndoes nothing\n",
		"\n  -l, --loud         make noise\n",
		"\n  -e EXPR            an expression\n",
		"\n      --color WHEN   when to colour\n",
		"\n      --seed[=TEXT]  where chance begins\n",
		"\n  -h, --help         show this\n",
		"\nWHEN: auto, always, never\nFORMAT: auto, json",
		"\nThat was all.\n",
	};
	char text[4096];
	int status =
		run_apart(parse_apart, (const char *[]){ "--help", NULL }, STDOUT_FILENO, text);

	ok(status == 0, "--help is an answer");
	for (size_t i = 0; i < SL_COUNT(lines); i++)
		ok(strstr(text, lines[i]) != NULL, "--help shows line %zu", i);
	status = run_apart(parse_apart, (const char *[]){ "-V", NULL }, STDOUT_FILENO, text);
	ok(status == 0 && strcmp(text, "try-me (spanline) " SL_VERSION "\n") == 0, "-V");
}

static void warn_apart(const void *text)
{
	sl_warn("%s", (const char *)text);
}

static const struct {
	const char *text, *shown;
} messages[] = {
	{ "plain", "plain" },
	{ "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
	  "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "two\nlines\t", "two\\x0alines\\x09" },
	{ "del \x7f c1 \xc2\x9b", "del \\x7f c1 \\u009b" },
	{ "bad \xff \xe2\x82 \xed\xa0\x80", "bad \\xff \\xe2\\x82 \\xed\\xa0\\x80" },
	{ "hidden \xef\xbb\xbf \xe2\x80\xa8 \xe2\x81\xa6", "hidden \\ufeff \\u2028 \\u2066" },
};

static void test_messages(void)
{
	char text[4096], expected[128];

	for (size_t i = 0; i < SL_COUNT(messages); i++) {
		run_apart(warn_apart, messages[i].text, STDERR_FILENO, text);
		snprintf(expected, sizeof(expected), "try-me: %s\n", messages[i].shown);
		ok(strcmp(text, expected) == 0, "message %zu is safe to print", i);
	}
}

static void test_exit(void)
{
	static const struct {
		enum sl_exit a, b, worse;
	} rows[] = {
		{ SL_EXIT_OK, SL_EXIT_OK, SL_EXIT_OK },
		{ SL_EXIT_OK, SL_EXIT_DAMAGED, SL_EXIT_DAMAGED },
		{ SL_EXIT_NO, SL_EXIT_DAMAGED, SL_EXIT_NO },
		{ SL_EXIT_UNDELIVERED, SL_EXIT_NO, SL_EXIT_UNDELIVERED },
		{ SL_EXIT_UNDELIVERED, SL_EXIT_ERROR, SL_EXIT_ERROR },
		{ SL_EXIT_INTERRUPTED, SL_EXIT_DAMAGED, SL_EXIT_INTERRUPTED },
		{ SL_EXIT_ERROR, SL_EXIT_INTERRUPTED, SL_EXIT_ERROR },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(sl_exit_worse(rows[i].a, rows[i].b) == rows[i].worse &&
			   sl_exit_worse(rows[i].b, rows[i].a) == rows[i].worse,
		   "of %d and %d", (int)rows[i].a, (int)rows[i].b);
}

int main(void)
{
	test_accepted();
	test_values();
	test_refused();
	test_help();
	test_messages();
	test_exit();
	ok(sl_cli_processors() >= 1, "there is a processor");
	return done_testing();
}
