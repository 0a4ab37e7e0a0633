/* What a run tells its user on stderr: damage with its place, kinds of departures, signals. */
#include "report.h"
#include <stdlib.h>

#define TOLD_PER_FILE 10

void report_rest(struct report *report)
{
	if (report->path != NULL && report->complaints > TOLD_PER_FILE)
		sl_warn("%s: %llu more like these", sl_cli_shown_path(report->path),
			(unsigned long long)(report->complaints - TOLD_PER_FILE));
	report->complaints = 0;
}

static void tell(const char *path, const struct sl_complaint *complaint)
{
	if (complaint->reason == SL_SYSTEM)
		sl_warn("%s: %s", path, complaint->text);
	else if (complaint->line != 0 && complaint->in_long_line)
		sl_warn("%s:%llu@%llu: %s", path, (unsigned long long)complaint->line,
			(unsigned long long)complaint->offset, complaint->text);
	else if (complaint->line != 0)
		sl_warn("%s:%llu: %s", path, (unsigned long long)complaint->line, complaint->text);
	else
		sl_warn("%s:@%llu: %s", path, (unsigned long long)complaint->offset,
			complaint->text);
}

void report_complaint(void *context, const char *path, const struct sl_complaint *complaint)
{
	struct report *report = context;

	if (report->path == NULL || strcmp(report->path, path) != 0) {
		report_rest(report);
		report->path = path;
	}
	if (++report->complaints <= TOLD_PER_FILE)
		tell(sl_cli_shown_path(path), complaint);
	report->exit = sl_exit_worse(
		report->exit, complaint->reason == SL_SYSTEM ? SL_EXIT_ERROR : SL_EXIT_DAMAGED);
}

/* Where it was first, and how often there and elsewhere. */
static void note(struct noted *noted, const char *path, uint64_t count)
{
	if (noted->path == NULL) {
		noted->path = path;
		noted->count = count;
	} else {
		noted->others++;
		noted->count_of_others += count;
	}
}

static void pass_over(struct report *report, const char *path, const struct sl_notes *notes)
{
	struct passed_over *passed_over = &report->passed_over;
	uint64_t messages[SL_SIGNAL_COUNT] = { 0 }, count = 0;

	for (size_t i = SL_SIGNAL_NONE + 1; i < SL_SIGNAL_COUNT; i++) {
		messages[i] = i != report->wanted ? notes->messages[i] : 0;
		count += messages[i];
	}
	if (count == 0)
		return;
	if (passed_over->path == NULL) {
		passed_over->path = path;
		memcpy(passed_over->messages, messages, sizeof(messages));
	} else {
		passed_over->others++;
		passed_over->count_of_others += count;
	}
}

void report_file(void *context, const char *path, const struct sl_source *source,
		 const struct sl_notes *notes)
{
	struct report *report = context;

	if (report->files != NULL)
		report_summary_file(report, path, source);
	report_rest(report);
	pass_over(report, path, notes);
	for (size_t i = 0; i < SL_NOTE_COUNT; i++) {
		uint64_t count = notes->count[i];

		if (count == 0 || sl_note_is_loss((enum sl_note)i) ||
		    (report->strict && sl_note_is_departure((enum sl_note)i)))
			continue;
		if (sl_note_is_damage((enum sl_note)i))
			sl_warn("%s: %llu %s", sl_cli_shown_path(path), (unsigned long long)count,
				sl_note_text_of((enum sl_note)i, count));
		else
			note(&report->noted[i], path, count);
	}
}

static void tell_passed_over(const struct passed_over *passed_over)
{
	const uint64_t *messages = passed_over->messages;
	struct sl_buffer list = { 0 };
	uint64_t last = 0;
	size_t left = 0;

	for (size_t i = 0; i < SL_SIGNAL_COUNT; i++)
		left += messages[i] != 0;
	for (size_t i = 0; i < SL_SIGNAL_COUNT; i++) {
		if (messages[i] == 0)
			continue;
		last = messages[i];
		left--;
		sl_buffer_printf(&list, "%llu %s%s", (unsigned long long)last,
				 sl_signal_name((enum sl_signal)i),
				 left > 1    ? ", "
				 : left == 1 ? " and "
					     : "");
	}
	sl_buffer_printf(&list, " message%s", last == 1 ? "" : "s");
	if (passed_over->others != 0)
		sl_buffer_printf(&list, " (%llu more in %llu other file%s)",
				 (unsigned long long)passed_over->count_of_others,
				 (unsigned long long)passed_over->others,
				 passed_over->others == 1 ? "" : "s");
	sl_warn("%s: passed over %.*s", sl_cli_shown_path(passed_over->path), (int)list.len,
		list.len != 0 ? list.data : "");
	sl_buffer_free(&list);
}

static void tell_note(const struct noted *noted, enum sl_note note)
{
	const char *path = sl_cli_shown_path(noted->path),
		   *text = sl_note_text_of(note, noted->count);

	if (noted->others == 0)
		sl_warn("%s: %llu %s", path, (unsigned long long)noted->count, text);
	else
		sl_warn("%s: %llu %s (%llu more in %llu other file%s)", path,
			(unsigned long long)noted->count, text,
			(unsigned long long)noted->count_of_others,
			(unsigned long long)noted->others, noted->others == 1 ? "" : "s");
}

void report_notes(const struct report *report)
{
	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		if (report->noted[i].path != NULL)
			tell_note(&report->noted[i], (enum sl_note)i);
	if (report->passed_over.path != NULL)
		tell_passed_over(&report->passed_over);
}
