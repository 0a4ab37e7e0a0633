/* What is told of a run: damage as it is met, the rest at the end. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "spanline/cli.h"
#include <jansson.h>

/* A kind of note: where it was first, and how often there and elsewhere. */
struct noted {
	const char *path; /* borrowed; NULL: nowhere */
	uint64_t count;
	uint64_t others; /* files */
	uint64_t count_of_others;
};

/* Messages of other signals: those of the first file that has some, and how many there are
 * elsewhere. */
struct passed_over {
	const char *path; /* borrowed; NULL: nowhere */
	uint64_t messages[SL_SIGNAL_COUNT];
	uint64_t others; /* files */
	uint64_t count_of_others;
};

struct report {
	enum sl_signal wanted;
	bool strict;	     /* departures are damage, and told as such */
	const char *path;    /* the input that complaints were of last; borrowed */
	uint64_t complaints; /* of it */
	enum sl_exit exit;   /* as far as complaints decide it */
	json_t *files;	     /* of the summary; NULL: none is wanted */
	struct noted noted[SL_NOTE_COUNT];
	struct passed_over passed_over;
};

/* Callbacks of a flow; `context` is the report. */
void report_complaint(void *context, const char *path, const struct sl_complaint *complaint);
void report_file(void *context, const char *path, const struct sl_source *source,
		 const struct sl_notes *notes);
/* The file's entry in the summary. */
void report_summary_file(struct report *report, const char *path, const struct sl_source *source);

/* What was not told of the last file's damage. */
void report_rest(struct report *report);
/* Each kind of note once with its first file and counts, and the signals that were passed over;
 * those that are damage report_file told of each file. */
void report_notes(const struct report *report);
/* One JSON object on stderr, with the command's own `counts` (or NULL); takes report->files. */
void report_summary(struct report *report, const struct sl_tally *tally,
		    const struct sl_named_count *counts);

#endif
