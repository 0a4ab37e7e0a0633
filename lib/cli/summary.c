/* --summary: one JSON object on stderr about the whole run. */
#include "message.h"
#include "progress.h"
#include "report.h"
#include <stdio.h>
#include <stdlib.h>

static json_t *count(uint64_t number)
{
	return json_integer((json_int_t)number);
}

/* `text` is from strangers: masked, and then valid UTF-8. */
static json_t *safe_string(const char *text)
{
	struct sl_slice slice = { text, strlen(text) };
	size_t size = 4 * slice.len + 1;
	char *masked = malloc(size);
	json_t *string = NULL;

	if (masked != NULL) {
		message_mask(masked, size, slice);
		string = json_string(masked);
	}
	free(masked);
	return string;
}

static const char unreadable[] = "unreadable";

void report_summary_file(struct report *report, const char *path, const struct sl_source *source)
{
	const char *format = source != NULL ? sl_source_format(source) : unreadable;
	uint64_t bytes = source != NULL ? sl_input_raw_bytes(sl_source_input(source)) : 0;
	json_t *file = json_object();

	json_object_set_new(file, "path", safe_string(path));
	json_object_set_new(file, "format", json_string(format));
	json_object_set_new(file, "bytes", count(bytes));
	json_array_append_new(report->files, file);
}

/* The format of all files that can be read, or "mixed". */
static const char *common_format(const json_t *files)
{
	const char *common = NULL;
	const json_t *file;
	size_t i;

	json_array_foreach(files, i, file)
	{
		const char *format = json_string_value(json_object_get(file, "format"));
		if (format != NULL && strcmp(format, unreadable) == 0)
			continue;
		if (common != NULL && format != NULL && strcmp(common, format) != 0)
			return "mixed";
		common = format;
	}
	return common != NULL ? common : "empty";
}

static json_int_t total_bytes(const json_t *files)
{
	json_int_t total = 0;
	const json_t *file;
	size_t i;

	json_array_foreach(files, i, file) total +=
		json_integer_value(json_object_get(file, "bytes"));
	return total;
}

static json_t *messages(const struct sl_notes *notes)
{
	json_t *object = json_object();

	for (size_t i = SL_SIGNAL_NONE + 1; i < SL_SIGNAL_COUNT; i++)
		json_object_set_new(object, sl_signal_name((enum sl_signal)i),
				    count(notes->messages[i]));
	return object;
}

static json_t *skipped(const struct sl_tally *tally)
{
	json_t *object = json_object();

	for (size_t i = 0; i < SL_REASON_COUNT; i++)
		json_object_set_new(object, sl_reason_name((enum sl_reason)i),
				    count(tally->skipped[i]));
	return object;
}

/* What the input departed in, or what the form of the output could not hold. */
static json_t *noted(const struct sl_notes *notes, bool losses)
{
	json_t *object = json_object();

	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		if (notes->count[i] != 0 && sl_note_is_loss((enum sl_note)i) == losses)
			json_object_set_new(object, sl_note_text((enum sl_note)i),
					    count(notes->count[i]));
	return object;
}

void report_summary(struct report *report, const struct sl_tally *tally,
		    const struct sl_named_count *counts)
{
	json_t *summary = json_object();
	json_t *files = report->files;

	report->files = NULL;
	json_object_set_new(summary, "files", files);
	json_object_set_new(summary, "format", json_string(common_format(files)));
	json_object_set_new(summary, "messages", messages(&tally->notes));
	json_object_set_new(summary, report->wanted == SL_SIGNAL_LOGS ? "logs" : "spans",
			    count(tally->spans));
	json_object_set_new(summary, "traces", count(tally->traces.count));
	json_object_set_new(summary, "errors", count(tally->errors));
	json_object_set_new(summary, "services", count(tally->services.count));
	json_object_set_new(summary, "skipped", skipped(tally));
	json_object_set_new(summary, "departures", noted(&tally->notes, false));
	json_t *losses = noted(&tally->notes, true);
	if (json_object_size(losses) != 0)
		json_object_set(summary, "losses", losses);
	json_decref(losses);
	json_object_set_new(summary, "bytes", json_integer(total_bytes(files)));
	for (; counts != NULL && counts->name != NULL; counts++)
		json_object_set_new(summary, counts->name, count(*counts->value));
	json_object_set_new(summary, "seconds", json_real(progress_seconds()));

	char *text = json_dumps(summary, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(4));
	json_decref(summary);
	progress_hide();
	if (text != NULL)
		fprintf(stderr, "%s\n", text);
	else
		sl_warn("out of memory for the summary");
	free(text);
}
