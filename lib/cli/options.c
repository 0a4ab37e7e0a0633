/* The command line: a command's table of options given to getopt_long, and what it says answered.
 */
#include "options.h"
#include "message.h"
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

/* What getopt_long returns for the row at `index` when it stands there by its name. */
#define NAMED(index) ((int)(index) + 0x100)

static bool help_wanted, version_wanted;

static const struct sl_option standard[] = {
	{ 'h', "help", NULL, "show this", .flag = &help_wanted },
	{ 'V', "version", NULL, "show the version", .flag = &version_wanted },
	{ 0 },
};

/* A table that contradicts itself is the command's mistake, found by its first run. */
static void check_row(const struct option_table *table, const struct sl_option *row)
{
	int destinations = (row->flag != NULL) + (row->text != NULL) + (row->count != NULL) +
			   (row->size != NULL) + (row->format != NULL) + (row->texts != NULL) +
			   (row->outputs != NULL);

	assert(destinations == 1);
	assert((row->flag == NULL) == (row->argument != NULL));
	assert((row->choices == NULL && row->choice == NULL) || row->text != NULL ||
	       row->outputs != NULL);
	assert(row->choices == NULL || row->choice == NULL);
	assert(row->otherwise == NULL || (row->text != NULL && row->letter == 0));
	assert((row->least == 0 && row->most == 0) || row->count != NULL || row->size != NULL);
	assert(row->letter == 0 || isalnum((unsigned char)row->letter));
	assert(row->help != NULL);
	for (size_t i = 0; i < table->count; i++) {
		const struct sl_option *other = table->rows[i];
		assert(row->letter == 0 || row->letter != other->letter);
		assert(row->name == NULL || other->name == NULL || row->name[0] != other->name[0] ||
		       strcmp(row->name, other->name) != 0);
	}
}

static void add_rows(struct option_table *table, const struct sl_option *rows)
{
	for (; rows != NULL && (rows->letter != 0 || rows->name != NULL); rows++) {
		check_row(table, rows);
		assert(table->count < OPTION_LIMIT);
		table->rows[table->count++] = rows;
	}
}

/* The two forms in which getopt_long wants the table. */
struct getopt_table {
	char letters[2 * OPTION_LIMIT + 2];
	struct option names[OPTION_LIMIT + 1];
};

static void fill_getopt(struct getopt_table *out, const struct option_table *table)
{
	char *letter = out->letters;
	struct option *name = out->names;

	*letter++ = ':'; /* a missing argument is told apart */
	for (size_t i = 0; i < table->count; i++) {
		const struct sl_option *row = table->rows[i];
		bool takes_one = row->argument != NULL;
		if (row->letter != 0) {
			*letter++ = row->letter;
			if (takes_one)
				*letter++ = ':';
		}
		if (row->name != NULL)
			*name++ = (struct option){ row->name,
						   row->otherwise != NULL ? optional_argument
						   : takes_one		  ? required_argument
									  : no_argument,
						   NULL, NAMED(i) };
	}
	*letter = '\0';
	*name = (struct option){ 0 };
}

/* The row of what getopt_long returned, or NULL. */
static const struct sl_option *row_of(const struct option_table *table, int code)
{
	for (size_t i = 0; i < table->count; i++)
		if (code == NAMED(i) || (code != 0 && code == table->rows[i]->letter))
			return table->rows[i];
	return NULL;
}

/* Names may be shortened, but not so far that several begin like it. */
static bool begins_several(const struct option_table *table, const char *word)
{
	size_t count = 0, len = strcspn(word + 2, "=");

	for (size_t i = 0; i < table->count; i++) {
		const char *name = table->rows[i]->name;
		count += name != NULL && strncmp(name, word + 2, len) == 0;
	}
	return count > 1;
}

_Noreturn static void refuse(const struct option_table *table, int code, char **argv)
{
	const struct sl_option *row = row_of(table, optopt);
	const char *word = argv[optind - 1];
	char name[64];

	if (code == ':' && row != NULL)
		sl_die_usage("option '%s' needs a value: %s", option_spelling(row, name),
			     row->argument);
	if (row != NULL)
		sl_die_usage("option '%s' takes no value", option_spelling(row, name));
	if (optopt != 0)
		sl_die_usage("unknown option '-%c'", optopt);
	/* a value may be a secret */
	sl_die_usage(begins_several(table, word) ? "option '%.*s' is not unique"
						 : "unknown option '%.*s'",
		     (int)strcspn(word, "=: "), word);
}

void sl_cli_end_answer(void)
{
	if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE)
		sl_die("stdout: cannot write: %s", strerror(errno));
}

static void answer_standard(const struct option_table *table)
{
	if (help_wanted)
		help_show(table);
	else if (version_wanted)
		printf("%s (spanline) %s\n", table->command->name, SL_VERSION);
	else
		return;
	sl_cli_end_answer();
	exit(SL_EXIT_OK);
}

/* A closed standard descriptor would be given to the next file that is opened, and messages written
 * into it: instead it is one on which reading, or writing, fails as before. */
static void hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What ends a write is told by that write, and cleaned up after. */
static void ignore_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

char **sl_cli_parse(const struct sl_command *command, int argc, char **argv)
{
	struct option_table table = { .command = command };
	struct getopt_table for_getopt;
	int code;

	hold_standard_descriptors();
	message_name(command->name);
	ignore_signals();
	add_rows(&table, command->options);
	for (size_t i = 0; command->shared != NULL && command->shared[i] != NULL; i++)
		add_rows(&table, command->shared[i]);
	add_rows(&table, standard);
	fill_getopt(&for_getopt, &table);

	opterr = 0;
	while ((code = getopt_long(argc, argv, for_getopt.letters, for_getopt.names, NULL)) != -1) {
		if (code == '?' || code == ':')
			refuse(&table, code, argv);
		const struct sl_option *row = row_of(&table, code);
		option_set(row, optarg != NULL ? optarg : row->otherwise);
	}
	answer_standard(&table);
	if (optind == argc && isatty(STDIN_FILENO)) {
		help_usage(stderr, command);
		fprintf(stderr, "try '%s --help'\n", command->name);
		exit(SL_EXIT_ERROR);
	}
	return argv + optind;
}
