/* What --help and --version print, from the rows of the options. */
#include "options.h"

#define LINE_WIDTH 80

/* "  -o, --output FILE" or "      --new-ids[=SEED]", as wide as it is; `out` has room for 64. */
static int left_side(const struct sl_option *row, char *out)
{
	char letter[] = { '-', row->letter, '\0' };
	const char *between = row->name == NULL ? "" : row->letter != 0 ? ", --" : "    --";

	return snprintf(out, 64, "  %s%s%s%s%s%s", row->letter != 0 ? letter : "", between,
			row->name != NULL ? row->name : "",
			row->otherwise != NULL	? "[="
			: row->argument != NULL ? " "
						: "",
			row->argument != NULL ? row->argument : "",
			row->otherwise != NULL ? "]" : "");
}

/* "FORMAT: json, pb, be32", over as many lines as it takes. */
static void show_names(const struct sl_option *row)
{
	const char *help, *name = option_choice(row, 0, &help);
	int margin = (int)strlen(row->argument) + 1;
	int at = printf("%s:", row->argument);

	for (size_t i = 0; name != NULL; i++) {
		const char *next = option_choice(row, i + 1, &help);
		if (at + 2 + (int)strlen(name) > LINE_WIDTH)
			at = printf("\n%*s", margin, "") - 1;
		at += printf(" %s%s", name, next != NULL ? "," : "\n");
		name = next;
	}
}

/* The choices of an option, in lines of their own where each has its help. */
static void show_choices(const struct sl_option *row)
{
	const char *help = NULL, *name = option_choice(row, 0, &help);

	if (name != NULL && help == NULL)
		show_names(row);
	if (name == NULL || help == NULL)
		return;
	printf("%s:\n", row->argument);
	for (size_t i = 0; (name = option_choice(row, i, &help)) != NULL; i++)
		printf("  %-10s  %s\n", name, help);
}

void help_usage(FILE *to, const struct sl_command *command)
{
	fprintf(to, "usage: %s [OPTION ...]%s%s\n", command->name,
		command->operands != NULL ? " " : "",
		command->operands != NULL ? command->operands : "");
}

void help_show(const struct option_table *table)
{
	int width = 0;
	char left[64];

	help_usage(stdout, table->command);
	printf("%s\n\n", table->command->purpose);
	for (size_t i = 0; i < table->count; i++) {
		int row_width = left_side(table->rows[i], left);
		width = row_width > width ? row_width : width;
	}
	for (size_t i = 0; i < table->count; i++) {
		left_side(table->rows[i], left);
		printf("%-*s  %s\n", width, left, table->rows[i]->help);
	}
	printf("\n");
	for (size_t i = 0; i < table->count; i++)
		show_choices(table->rows[i]);
	if (table->command->notes != NULL)
		printf("%s\n", table->command->notes);
}
