/* The arguments of options: from text into the place that their row names. */
#include "options.h"
#include "outputs.h"
#include "spanline/text.h"

const char *option_spelling(const struct sl_option *row, char *out)
{
	if (row->name != NULL)
		snprintf(out, 64, "--%s", row->name);
	else
		snprintf(out, 64, "-%c", row->letter);
	return out;
}

const char *option_choice(const struct sl_option *row, size_t index, const char **help)
{
	if (row->format != NULL)
		return index < SL_FORMAT_COUNT ? sl_formats[index].name : NULL;
	if (row->choice != NULL)
		return row->choice(index, help);
	return row->choices != NULL ? row->choices[index] : NULL;
}

void option_refuse_choice(const struct sl_option *row, struct sl_slice argument)
{
	struct sl_buffer list = { 0 };
	const char *choice, *help;
	char name[64];

	for (size_t i = 0; (choice = option_choice(row, i, &help)) != NULL; i++)
		sl_buffer_printf(&list, "%s%s", i == 0 ? "" : ", ", choice);
	sl_die_usage("option '%s': '%.*s' is none of %.*s", option_spelling(row, name),
		     (int)argument.len, argument.data, (int)list.len,
		     list.len != 0 ? list.data : "");
}

static void set_number(const struct sl_option *row, const char *argument)
{
	struct sl_slice text = { argument, strlen(argument) };
	uint64_t most = row->most != 0 ? row->most : UINT64_MAX;
	uint64_t number;
	char name[64];

	option_spelling(row, name);
	if (row->size != NULL && !sl_parse_size(text, &number))
		sl_die_usage("option '%s': '%s' is no size (bytes, or with k, M, G)", name,
			     argument);
	if (row->count != NULL && !sl_parse_u64(text, &number))
		sl_die_usage("option '%s': '%s' is no whole number", name, argument);
	if (number < row->least)
		sl_die_usage("option '%s': '%s' is less than %llu", name, argument,
			     (unsigned long long)row->least);
	if (number > most || (row->size != NULL && number != (size_t)number))
		sl_die_usage("option '%s': '%s' is more than %llu", name, argument,
			     (unsigned long long)most);
	if (row->count != NULL)
		*row->count = number;
	else
		*row->size = (size_t)number;
}

static void set_choice(const struct sl_option *row, const char *argument)
{
	const char *choice, *help;

	for (size_t i = 0; (choice = option_choice(row, i, &help)) != NULL; i++) {
		if (strcmp(choice, argument) != 0)
			continue;
		if (row->format != NULL)
			*row->format = (enum sl_format)i;
		else
			*row->text = choice;
		return;
	}
	option_refuse_choice(row, sl_slice_of(argument));
}

void option_set(const struct sl_option *row, const char *argument)
{
	const char *help;

	if (row->flag != NULL)
		*row->flag = true;
	else if (row->texts != NULL)
		sl_texts_add(row->texts, argument);
	else if (row->outputs != NULL)
		outputs_add(row, argument);
	else if (row->count != NULL || row->size != NULL)
		set_number(row, argument);
	else if (option_choice(row, 0, &help) != NULL)
		set_choice(row, argument);
	else
		*row->text = argument;
}
