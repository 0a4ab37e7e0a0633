/* What the files of this room share: the rows of a report, and the forms that write them. */
#ifndef REPORT_FORMS_H
#define REPORT_FORMS_H

#include "spanline/report.h"

struct report {
	const struct sl_report_options *options;
	const struct sl_groups *groups;
	struct sl_group **rows; /* sorted */
	const struct sl_measure *measures;
	size_t measure_count;
	size_t shown;		   /* the first so many groups */
	struct sl_figure *figures; /* of these, all measures of one after the other */
};

/* Those that are not shown. */
struct rest {
	size_t groups;
	uint64_t spans;
};
struct rest rest_of(const struct report *report);

/* Too few spans for a quantile to be told from the smallest or largest there might have been. */
static inline bool is_uncertain(const struct sl_measure *measure, const struct sl_figure *figure)
{
	return measure->kind == SL_MEASURE_QUANTILE && (!figure->has_low || !figure->has_high);
}

static inline const struct sl_figure *figures_of(const struct report *report, size_t row)
{
	return &report->figures[row * report->measure_count];
}

struct form {
	const char *name;
	const char *help;
	const char *measures; /* by itself, as --measure takes them */
	uint64_t top;	      /* likewise; 0: all */
	bool intervals;	      /* of quantiles are shown */
	bool durations;	      /* each of them, or where they are */
	void (*write)(const struct report *report, struct sl_buffer *out);
};

extern const struct form report_forms[];
extern const size_t report_form_count;

void write_table(const struct report *report, struct sl_buffer *out);
void write_json(const struct report *report, struct sl_buffer *out);
void write_csv(const struct report *report, struct sl_buffer *out);
void write_markdown(const struct report *report, struct sl_buffer *out);
void write_ndjson(const struct report *report, struct sl_buffer *out);
/* gates.c */
void write_junit(const struct report *report, struct sl_buffer *out);
void write_github(const struct report *report, struct sl_buffer *out);
/* ,"assertions":[...] and a table of Markdown, where there are gates. */
void add_assertions(const struct report *report, struct sl_buffer *out);
void add_gate_rows(const struct report *report, struct sl_buffer *out);
void add_change_rows(const struct report *report, struct sl_buffer *out);
/* changes.c: ,"comparison":[...] and lines for a person, where there is a baseline. */
void add_comparison(const struct report *report, struct sl_buffer *out);
void add_changes(const struct report *report, struct sl_buffer *out);
/* What a person is told: all but what is as it was. */
bool is_told(const struct sl_report_change *change);
/* json.c: "by":{...} */
void add_group_values(const struct report *report, const struct sl_group *group,
		      struct sl_buffer *out);
void write_tsv(const struct report *report, struct sl_buffer *out);
void write_openmetrics(const struct report *report, struct sl_buffer *out);
void write_svg(const struct report *report, struct sl_buffer *out);

/* "quantiles are within 1 % ..." and a newline, where they are. */
void add_error(struct sl_buffer *out, const struct report *report);
/* "3 more groups of 12 spans" and a newline, where there is a rest. */
void add_rest(struct sl_buffer *out, struct rest rest);

/* values.c */
/* The value of a group for a person: "-" where there is none. */
void add_value(struct sl_buffer *out, const struct sl_group_value *value);
/* The same for a program: nothing where there is none, durations in ns. */
void add_exact_value(struct sl_buffer *out, const struct sl_group_value *value);
/* The same as JSON. */
void add_json_value(struct sl_buffer *out, const struct sl_group_value *value);

/* exact.c */
/* A quantile with its interval is three numbers. */
enum figure_part { FIGURE_ITSELF, FIGURE_LOW, FIGURE_HIGH };
static inline enum figure_part parts_of(const struct sl_measure *measure)
{
	return measure->kind == SL_MEASURE_QUANTILE && measure->interval ? FIGURE_HIGH + 1 : 1;
}
/* "p95_low_ms" */
void add_key(struct sl_buffer *out, const struct sl_measure *measure, enum figure_part part);
/* A number as JSON has it; nothing where it is not known. */
void add_exact(struct sl_buffer *out, const struct sl_figure *figure, enum figure_part part);

/* figures.c */
/* Also below 0. */
void show_duration(struct sl_buffer *out, int64_t ns, bool ascii);
/* For a person: three digits and a unit. */
void add_figure(struct sl_buffer *out, const struct sl_figure *figure, bool ascii);
/* The heading of a measure's column, for a person. */
const char *heading_of(const struct sl_measure *measure);

#endif
