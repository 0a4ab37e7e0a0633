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

/* "FORM" of "FORM[:FILE]". */
static int title_length(const struct sl_option *row)
{
	return (int)strcspn(row->argument, "[");
}

/* "FORMAT: json, pb, be32", over as many lines as it takes. */
static void show_names(const struct sl_option *row)
{
	const char *help, *name = option_choice(row, 0, &help);
	int margin = title_length(row) + 1;
	int at = printf("%.*s:", title_length(row), row->argument);

	for (size_t i = 0; name != NULL; i++) {
		const char *next = option_choice(row, i + 1, &help);
		if (at + 2 + (int)strlen(name) > LINE_WIDTH)
			at = printf("\n%*s", margin, "") - 1;
		at += printf(" %s%s", name, next != NULL ? "," : "\n");
		name = next;
	}
}

/* Choices that have help, in as many columns as there is room for. */
static void show_table(const struct sl_option *row)
{
	enum { NAME_WIDTH = 12, BETWEEN = 2 };
	int margin = title_length(row) + 2, widest = 0;
	const char *help = NULL, *name;
	size_t count = 0, columns, lines;

	for (; option_choice(row, count, &help) != NULL; count++)
		widest = (int)strlen(help) > widest ? (int)strlen(help) : widest;
	columns = (size_t)((LINE_WIDTH + BETWEEN - margin) / (NAME_WIDTH + widest + BETWEEN));
	columns = columns != 0 ? columns : 1;
	lines = (count + columns - 1) / columns;
	for (size_t line = 0; line < lines; line++) {
		printf("%.*s%*s", line == 0 ? title_length(row) : 0, row->argument,
		       line == 0 ? 2 : margin, line == 0 ? ": " : "");
		for (size_t i = line; i < count; i += lines) {
			bool is_last = i + lines >= count;

			name = option_choice(row, i, &help);
			printf("%-*s%-*s", NAME_WIDTH, name, is_last ? 0 : widest + BETWEEN, help);
		}
		printf("\n");
	}
}

/* What the row's own line says need not be said again. */
static bool is_named_above(const struct sl_option *row)
{
	const char *help, *name;

	for (size_t i = 0; (name = option_choice(row, i, &help)) != NULL; i++)
		if (strstr(row->help, name) == NULL)
			return false;
	return true;
}

static void show_choices(const struct sl_option *row)
{
	const char *help = NULL;

	if (is_named_above(row))
		return;
	(void)option_choice(row, 0, &help);
	if (help != NULL)
		show_table(row);
	else
		show_names(row);
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
	for (size_t i = 0; i < table->count; i++)
		show_choices(table->rows[i]);
	if (table->command->notes != NULL)
		printf("%s\n", table->command->notes);
}
