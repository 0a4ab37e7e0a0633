/* Forms of the output, each with a place of its own: --to FORM[:FILE], any number of times. */
#include "outputs.h"
#include "options.h"
#include "spanline/io.h"

/* The length of what stands before the first ':'. */
static size_t form_length(const char *argument)
{
	return strcspn(argument, ":");
}

/* NULL: where -o says. */
static const char *file_of(const struct sl_option *row, const char *argument)
{
	const char *file = argument + form_length(argument);
	char name[64];

	if (*file == '\0')
		return NULL;
	if (file[1] == '\0')
		sl_die_usage("option '%s': '%s' names no file", option_spelling(row, name),
			     argument);
	return strcmp(file + 1, "-") == 0 ? NULL : file + 1;
}

static const char *form_of(const struct sl_option *row, const char *argument)
{
	size_t len = form_length(argument);
	const char *form, *help;

	for (size_t i = 0; (form = option_choice(row, i, &help)) != NULL; i++)
		if (strlen(form) == len && strncmp(form, argument, len) == 0)
			return form;
	option_refuse_choice(row, (struct sl_slice){ argument, len });
}

static void refuse_same_place(const struct sl_option *row, const struct sl_form_output *a,
			      const struct sl_form_output *b)
{
	char name[64];

	option_spelling(row, name);
	if (a->path == NULL && b->path == NULL)
		sl_die_usage("option '%s': %s and %s cannot both go to stdout; write one as "
			     "FORM:FILE",
			     name, a->form, b->form);
	if (a->path != NULL && b->path != NULL && strcmp(a->path, b->path) == 0)
		sl_die_usage("option '%s': %s and %s cannot both go to '%s'", name, a->form,
			     b->form, a->path);
}

void outputs_add(const struct sl_option *row, const char *argument)
{
	struct sl_outputs *outputs = row->outputs;
	struct sl_form_output added = { .form = form_of(row, argument) };
	char name[64];

	added.path = file_of(row, argument);
	for (size_t i = 0; i < outputs->count; i++)
		refuse_same_place(row, &outputs->items[i], &added);
	if (outputs->count == SL_COUNT(outputs->items))
		sl_die_usage("option '%s': more than %zu forms", option_spelling(row, name),
			     outputs->count);
	outputs->items[outputs->count++] = added;
}

bool sl_outputs_are_split(const struct sl_outputs *outputs)
{
	return outputs->count > 1 || (outputs->count == 1 && outputs->items[0].path != NULL);
}

bool sl_outputs_has_stdout(const struct sl_outputs *outputs, size_t index)
{
	return outputs->items[index].path == NULL && sl_reading.output == NULL;
}

/* The one form that names no file goes where -o says. */
static void check_main(const struct sl_outputs *outputs, const char *main_path)
{
	bool has_main = false;

	for (size_t i = 0; i < outputs->count; i++) {
		const char *path = outputs->items[i].path;

		has_main |= path == NULL;
		if (path != NULL && main_path != NULL && strcmp(path, main_path) == 0)
			sl_die_usage("two outputs cannot both go to '%s'", path);
	}
	if (main_path != NULL && !has_main)
		sl_die_usage("nothing is left for --output '%s': every form names a file",
			     main_path);
}

void outputs_open(struct sl_outputs *outputs, const char *main_path, enum sl_codec codec)
{
	struct sl_error err, unused;

	check_main(outputs, main_path);
	for (size_t i = 0; i < outputs->count; i++) {
		struct sl_form_output *item = &outputs->items[i];

		if (sl_cli_output_open(&item->output, item->path != NULL ? item->path : main_path,
				       codec, &err) == SL_OK)
			continue;
		while (i-- > 0)
			(void)!sl_cli_output_close(outputs->items[i].output, false, &unused);
		sl_die("%s", err.text);
	}
}

enum sl_status sl_outputs_write(struct sl_outputs *outputs, size_t index, struct sl_slice bytes,
				struct sl_error *err)
{
	struct sl_form_output *item = &outputs->items[index];
	enum sl_status status;

	if (item->gone || bytes.len == 0)
		return SL_OK;
	status = sl_output_write(item->output, bytes, err);
	if (status != SL_END)
		return status;
	item->gone = true;
	for (size_t i = 0; i < outputs->count; i++)
		if (!outputs->items[i].gone)
			return SL_OK;
	return SL_END;
}

enum sl_status outputs_close(struct sl_outputs *outputs, bool whole, struct sl_error *err)
{
	enum sl_status outcome = SL_OK;

	for (size_t i = 0; i < outputs->count; i++) {
		struct sl_error why;

		if (sl_cli_output_close(outputs->items[i].output, whole, &why) != SL_FAILED)
			continue;
		if (outcome == SL_OK)
			*err = why;
		outcome = SL_FAILED;
	}
	return outcome;
}
