/* What is told of a run: damage as it is met, the rest at the end. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "spanline/cli.h"
#include <jansson.h>

struct report {
	enum sl_signal wanted;
	bool strict;	     /* departures are damage, and told as such */
	const char *path;    /* the input that complaints were of last; borrowed */
	uint64_t complaints; /* of it */
	enum sl_exit exit;   /* as far as complaints decide it */
	json_t *files;	     /* of the summary; NULL: none is wanted */
};

/* Callbacks of a flow; `context` is the report. */
void report_complaint(void *context, const char *path, const struct sl_complaint *complaint);
void report_file(void *context, const char *path, const struct sl_source *source, bool done);

/* What was not told of the last file's damage. */
void report_rest(struct report *report);
/* Each kind of note once with its count, and the signals that were passed over. */
void report_notes(const struct report *report, const struct sl_notes *notes);
/* One JSON object on stderr; takes report->files. */
void report_summary(struct report *report, const struct sl_tally *tally, double seconds);

#endif
