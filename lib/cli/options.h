/* The rows of a command's options in one table, as the files of this room pass it around. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "spanline/cli.h"
#include <stdio.h>

#define OPTION_LIMIT 60

struct option_table {
	const struct sl_command *command;
	const struct sl_option *rows[OPTION_LIMIT];
	size_t count;
};

/* "--name", or "-x" where it has no name; `out` has room for 64. */
const char *option_spelling(const struct sl_option *row, char *out);
/* The name of the choice number `index`, or NULL: there are no more, or the row has none.  *help
 * may be left as it is. */
const char *option_choice(const struct sl_option *row, size_t index, const char **help);
/* Dies with what the choices are. */
_Noreturn void option_refuse_choice(const struct sl_option *row, struct sl_slice argument);
/* Puts the argument in its place, or dies with what is wrong with it. */
void option_set(const struct sl_option *row, const char *argument);

void help_show(const struct option_table *table);
void help_usage(FILE *to, const struct sl_command *command);

#endif
