/*
 * Traces as people look at them: a waterfall in the terminal, pages, pictures and what other
 * programs load, with what is wrong with each.  Names of the input are harmless in every form.
 */
#ifndef SPANLINE_RENDER_H
#define SPANLINE_RENDER_H

#include "spanline/diagnose.h"

enum sl_render_only { SL_ONLY_NOTHING, SL_ONLY_CRITICAL, SL_ONLY_ERRORS };
enum sl_render_sort { SL_SORT_START, SL_SORT_DURATION, SL_SORT_SELF };

/* A number or text beside the bar of each row. */
enum sl_render_column {
	SL_COLUMN_MARKS,
	SL_COLUMN_START, /* from the start of the trace */
	SL_COLUMN_DURATION,
	SL_COLUMN_SELF,
	SL_COLUMN_SHARE, /* of the root's duration */
	SL_COLUMN_KIND,
	SL_COLUMN_SPAN_ID,
	SL_COLUMN_ATTRIBUTE, /* the one that `key` names */
};

#define SL_COLUMN_LIMIT 12
struct sl_render_columns {
	struct {
		enum sl_render_column column;
		struct sl_slice key;
	} items[SL_COLUMN_LIMIT];
	size_t count;
};
/* "marks,start,duration,self,share,kind,span_id,.http.route"; keys borrow the text.  SL_BAD_RECORD:
 * err says what is wrong with it. */
SL_MUST_USE enum sl_status sl_render_columns_parse(struct sl_render_columns *columns,
						   struct sl_slice list, struct sl_error *err);

/* Which findings make the outcome a bad one. */
struct sl_fail_on {
	bool kinds[SL_FINDING_KIND_COUNT];
	bool any; /* of at least this severity: */
	enum sl_severity severity;
};
/* "warning" or "n-plus-one,orphan".  SL_BAD_RECORD: err says what is wrong with it. */
SL_MUST_USE enum sl_status sl_fail_on_parse(struct sl_fail_on *fail_on, struct sl_slice list,
					    struct sl_error *err);

/* All borrowed while rendering. */
struct sl_render_options {
	size_t width; /* cells of a line, at least 40 */
	bool wrap;    /* the width is somebody's, to whom findings too are to fit */
	bool ascii;
	bool colour;
	uint64_t rows;	   /* of a waterfall; 0: all */
	uint64_t fold;	   /* so many siblings that are alike are one row; 0: never */
	uint64_t depth;	   /* levels that are shown; 0: all */
	uint64_t least_ns; /* only spans that last so long, and what stands above them */
	enum sl_render_only only;
	enum sl_render_sort sort;
	struct sl_render_columns columns;
	const char *const *attributes; /* globs: `*` and `?`; of what matches a line each */
	size_t attribute_count;
	bool events;
	bool links;
	bool adjust_skew;
	bool no_findings;
	bool findings_only;
	struct sl_thresholds thresholds;
	struct sl_fail_on fail_on;
};
/* Plain text of 100 cells, five are folded, all columns that are usual. */
void sl_render_options_init(struct sl_render_options *options);

/* The forms, in the order of their table; NULL behind the last.  *help is one line. */
const char *sl_render_form(size_t index, const char **help);
/* Whether the form is for all traces, or for few that somebody looks at. */
bool sl_render_form_is_for_all(const char *name);
/* Whether a document of the form is of one trace. */
bool sl_render_form_is_of_one(const char *name);
/* Whether it has findings, and nothing else. */
bool sl_render_form_is_of_findings(const char *name);

/* One output.  *render is owned, the options borrowed; `form` is a name of the table. */
struct sl_render;
SL_MUST_USE enum sl_status sl_render_open(struct sl_render **render, const char *form,
					  const struct sl_render_options *options,
					  struct sl_error *err);
void sl_render_close(struct sl_render *render);
/* What is drawn of a trace is handed to `write` when it has become large, which empties it; where
 * that does not say SL_OK, sl_render_trace says the same.  Without, it stays in *out. */
void sl_render_write_to(struct sl_render *render,
			enum sl_status (*write)(void *context, struct sl_buffer *out,
						struct sl_error *err),
			void *context);
/* Other traces of the input, for findings; borrowed.  NULL: none are known. */
void sl_render_entries(struct sl_render *render, const struct sl_entries *entries);
/*
 * What is known of other traces, for links: some 150 bytes a trace and 32 a link, up to the limit;
 * what is more is not remembered.  *linked is owned.  SL_FAILED: no memory.
 */
struct sl_linked;
SL_MUST_USE enum sl_status sl_linked_open(struct sl_linked **linked, size_t limit_bytes,
					  struct sl_error *err);
SL_MUST_USE enum sl_status sl_linked_add(struct sl_linked *linked, const struct sl_trace *trace,
					 struct sl_error *err);
/* All that is known until now may be asked for. */
void sl_linked_end(struct sl_linked *linked);
void sl_linked_close(struct sl_linked *linked); /* also of NULL */
/* Borrowed.  NULL: nothing is known. */
void sl_render_linked(struct sl_render *render, const struct sl_linked *linked);
/* A line of the table of traces that stands before the first of them, in forms that have one. */
void sl_render_list(struct sl_render *render, const struct sl_trace *trace, struct sl_buffer *out);
SL_MUST_USE enum sl_status sl_render_trace(struct sl_render *render, const struct sl_trace *trace,
					   struct sl_buffer *out, struct sl_error *err);
/* Looks for findings that options->fail_on names, and writes nothing. */
SL_MUST_USE enum sl_status sl_render_judge(struct sl_render *render, const struct sl_trace *trace,
					   struct sl_error *err);
void sl_render_end(struct sl_render *render, struct sl_buffer *out);
/* Traces that had such findings, drawn or only judged. */
uint64_t sl_render_failed(const struct sl_render *render);

#endif
