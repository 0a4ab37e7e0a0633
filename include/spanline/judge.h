/*
 * What a run is judged by, as a command takes it: gates, from options and files, and what is told
 * of them at the end; summaries that are read and written.
 */
#ifndef SPANLINE_JUDGE_H
#define SPANLINE_JUDGE_H

#include "spanline/cli.h"
#include "spanline/gate.h"
#include "spanline/report.h"

/* Summaries, one after the other, and what came of it. */
struct sl_loading {
	struct sl_summary *summary;
	int outcome; /* an exit status */
};
/* Whether the operand begins as a summary: a file that can be read again, or stdin, of which
 * sl_reading.spool then has what was looked at. */
bool sl_is_summary(char *path);
/* Adds all of the file; tells of what is damaged, dies of what cannot be read. */
void sl_loading_read(struct sl_loading *loading, const char *path);
/* Adds the operands that are summaries, and takes them off the list; no operand is stdin.  Where
 * none is left, sl_reading.no_input is set. */
void sl_loading_take(struct sl_loading *loading, char **paths);
/* The groups as a summary in that file. */
SL_MUST_USE enum sl_status sl_saving_write(const char *path, const struct sl_summary_how *how,
					   struct sl_groups *groups, struct sl_error *err);

struct sl_judging {
	/* Options. */
	struct sl_texts assertions, files;
	uint64_t least_spans;
	bool strict, allow_damaged, baseline_optional;
	const char *baseline, *least_effect, *alpha, *fail_on;

	/* What they mean. */
	struct sl_gates *gates; /* NULL: none */
	/* When all is read. */
	struct sl_gate_results results;
	bool is_judged, is_compared;

	/* The baseline, and how it is compared. */
	struct sl_loading before;
	struct sl_compare_options comparing;
	struct sl_fail_when fail_when;
	struct sl_report_change *changes;
	struct sl_comparison *found;
	size_t change_count;
	uint64_t failed_changes;
};

/* False: what is wrong was told. */
SL_MUST_USE bool sl_judging_read(struct sl_judging *judging);
/* Reads the baseline, if there is one: a summary, or spans that are counted as `like` counts them;
 * dies where it cannot. */
void sl_judging_load(struct sl_judging *judging, const struct sl_summary_how *how,
		     const struct sl_stats *like);
/* Compares the groups with it, and tells what fails; nothing without a baseline. */
SL_MUST_USE enum sl_status sl_judging_compare(struct sl_judging *judging, struct sl_groups *now,
					      struct sl_error *err);
/* All of the input was collected; nothing where there are no gates. */
SL_MUST_USE enum sl_status sl_judging_judge(struct sl_judging *judging, struct sl_watch *watch,
					    struct sl_error *err);
/* Where a step of GitHub's workflows runs, its page gets the report as Markdown, too. */
SL_MUST_USE enum sl_status sl_judging_add_to_step(const struct sl_report_options *how,
						  struct sl_groups *groups, struct sl_error *err);
/* Tells of gates that fail or warn, and gives the exit status that the run has with them. */
int sl_judging_outcome(const struct sl_judging *judging, int outcome);
void sl_judging_free(struct sl_judging *judging);

#endif
