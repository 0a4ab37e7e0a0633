/* One trace as all forms see it, and what a form is. */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include "spanline/render.h"

/* Spans that reach out of their parents by more are marked: SDKs round starts to whole ms. */
#define OUTSIDE_NS UINT64_C(2000000)

struct view_counts {
	uint32_t errors, roots, orphans, cyclic, duplicates, outside;
};

struct view {
	const struct sl_render_options *options;
	const struct sl_linked *linked; /* other traces, or NULL */
	const struct sl_trace *trace;	/* as it is drawn: perhaps with moved spans */
	const int64_t *shift_ns;	/* by node, or NULL */
	uint32_t shifted;
	struct sl_arena *arena;
	struct sl_path path;
	int64_t *self_ns; /* by node */
	/* The services, in the order in which the trace enters them, and which one by node. */
	struct sl_slice *services;
	uint32_t service_count;
	uint32_t *service;
	struct sl_findings findings;
	struct view_counts counts;
	uint64_t root_ns; /* the root's duration, 0 where it ends before it starts */
	/* The axis: where bars are drawn.  What is far outside the root is cut off. */
	uint64_t from_ns, to_ns;
};

struct form {
	const char *name;
	const char *help;
	bool for_all;	   /* traces, or for few that somebody looks at */
	bool of_one;	   /* trace: several would be no document */
	bool of_findings;  /* and of nothing else */
	const char *empty; /* or NULL: the document that has no trace */
	/* All but `trace` may be NULL. */
	void (*begin)(struct sl_render *render, struct sl_buffer *out);
	void (*list)(struct sl_render *render, const struct sl_trace *trace, struct sl_buffer *out);
	enum sl_status (*trace)(struct sl_render *render, const struct view *view,
				struct sl_buffer *out, struct sl_error *err);
	void (*end)(struct sl_render *render, struct sl_buffer *out);
};
extern const struct form forms[];
extern const size_t form_count;

struct sl_render {
	const struct form *form;
	const struct sl_render_options *options;
	const struct sl_entries *entries;
	const struct sl_linked *linked;
	struct sl_arena arena; /* of the current trace */
	struct sl_buffer scratch;
	/* where the output goes before all of a trace is drawn; NULL: nowhere */
	enum sl_status (*write)(void *context, struct sl_buffer *out, struct sl_error *err);
	void *context;
	struct sl_buffer *out; /* of the current trace */
	struct sl_error *err;
	enum sl_status written;
	/* What forms that are one document remember from trace to trace. */
	uint64_t items;	    /* written */
	uint64_t processes; /* and calls that have numbers */
	uint64_t calls;
	uint64_t start_ns; /* of the first trace */
	uint64_t listed;
	uint64_t drawn;
	uint64_t failed;
	bool begun;
};

/* Forms call it where the trace may have grown large, and nothing is asked of what stands in *out:
 * it is written, unless that is not the output. */
void drain(struct sl_render *render, struct sl_buffer *out);
SL_MUST_USE enum sl_status view_fill(struct view *view, struct sl_render *render,
				     const struct sl_trace *trace, struct sl_error *err);
/* options->fail_on names it. */
bool finding_fails(const struct view *view, const struct sl_finding *finding);
bool view_fails(const struct view *view);
/* In the arena: by node the first of its parts of the path, by part the next of the same node, or
 * UINT32_MAX.  False: no memory. */
SL_MUST_USE bool index_parts(const struct view *view, uint32_t **first, uint32_t **next);

/* What the forms ask of a span. */
struct sl_slice service_of(const struct sl_span *span);
/* "(no name)" where it has none. */
struct sl_slice name_of(const struct sl_span *span);
static inline uint64_t duration_of(const struct sl_span *span)
{
	return span->end_unix_nano > span->start_unix_nano
		       ? span->end_unix_nano - span->start_unix_nano
		       : 0;
}
static inline bool is_error(const struct sl_span *span)
{
	return span->status_code == SL_STATUS_ERROR;
}
/* Reaches out of its parent by more than rounding. */
bool is_outside(const struct sl_trace *trace, uint32_t node);
/* services.c */
SL_MUST_USE enum sl_status find_services(struct view *view, struct sl_error *err);
/* Different services of a trace; 0 where there is no memory to count them. */
uint32_t count_services(const struct sl_trace *trace);

#endif
