/*
 * Groups of spans as tables and documents: the forms of trace-stats --to.
 */
#ifndef SPANLINE_REPORT_H
#define SPANLINE_REPORT_H

#include "spanline/compare.h"
#include "spanline/stats.h"

/* A group since the baseline. */
struct sl_report_change {
	const struct sl_group *group; /* as it is now, or was where it is gone */
	const struct sl_comparison *found;
	bool fails;
};

struct sl_report_options {
	/* What is shown of each group; none: what the form has by itself. */
	const struct sl_measure *measures;
	size_t measure_count;
	/* In the place of the quantiles among these, or behind them; none: no others. */
	const struct sl_measure *quantiles; /* with the others at most SL_MEASURE_LIMIT - 2 */
	size_t quantile_count;
	bool adjusted;		/* behind these how many spans there were before sampling */
	struct sl_measure sort; /* largest first; among equals by the values of the groups */
	bool by_group;		/* by these alone, instead */
	uint64_t top;		/* so many groups; 0: all; UINT64_MAX: as many as the form shows */
	double error;		/* of quantiles, a part of them; 0: they are exact */
	size_t width;		/* cells of a line */
	bool ascii;
	bool plot;				/* a histogram below each row of the table */
	const struct sl_gate_results *gates;	/* or NULL: there are none */
	const struct sl_report_change *changes; /* likewise; all are in the order of their values */
	size_t change_count;
};

/* Appends the values of the group, and what was found of it, not made safe. */
void sl_report_title(const struct sl_groups *groups, const struct sl_group *group,
		     struct sl_buffer *out);
void sl_report_finding(const struct sl_report_change *change, struct sl_buffer *out);

/* The name of a form and a line about it; NULL behind the last. */
const char *sl_report_form(size_t index, const char **help);

/* Appends the groups, which are sorted meanwhile, in the form of that name.  SL_FAILED: no memory.
 */
SL_MUST_USE enum sl_status sl_report_write(const char *form,
					   const struct sl_report_options *options,
					   struct sl_groups *groups, struct sl_buffer *out,
					   struct sl_error *err);

/* Appends the keys, the most frequent first.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_report_keys(const char *form, const struct sl_report_options *options,
					  const struct sl_keys *keys, struct sl_buffer *out,
					  struct sl_error *err);
/* Whether keys can be written in that form. */
bool sl_report_form_has_keys(const char *form);
/* Whether it shows more than quantiles tell. */
bool sl_report_form_needs_durations(const char *form);

#endif
