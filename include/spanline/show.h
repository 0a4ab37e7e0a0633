/*
 * Which whole traces of a stream are shown, and in which order: the work of a flow (flow.h) that
 * gathers, selects and hands each trace to whoever draws it.
 */
#ifndef SPANLINE_SHOW_H
#define SPANLINE_SHOW_H

#include "spanline/flow.h"
#include "spanline/select.h"
#include "spanline/traces.h"

struct sl_show {
	/* What the command wants; borrowed. */
	struct sl_selection wanted; /* a trace in which something is found is shown whole */
	bool errors;		    /* only traces with a span that failed */
	bool slowest;		    /* by the root's duration, not in the order of the input */
	uint64_t limit;		    /* traces that are drawn; UINT64_MAX: all */
	uint64_t listed; /* with `slowest`: traces that are listed before that; 0: none */
	struct sl_traces_options traces;
	uint64_t idle_ns;      /* without a new span for so long, a trace is complete */
	uint64_t (*now)(void); /* ns since 1970 UTC */

	/* What is done; all but `draw` may be NULL.  The trace is borrowed for the call. */
	void *context;
	/*
	 * With each trace, selected or not, before any is listed, drawn or examined; all are
	 * gathered then.  Where traces would not be kept until the end otherwise, they are gathered
	 * twice, in half the memory each time; where the input goes on (traces.gather.live) those
	 * that are complete at one time are taken so together.  Not where the input is sorted:
	 * there it is not called.
	 */
	enum sl_status (*ahead)(void *context, const struct sl_trace *trace, struct sl_error *err);
	/* After the last of them; again after more of them where the input goes on. */
	enum sl_status (*ready)(void *context, struct sl_error *err);
	/* With each trace that is selected, in the order of the input. */
	enum sl_status (*examine)(void *context, const struct sl_trace *trace,
				  struct sl_error *err);
	/* With each that is listed, the slowest first; before any is drawn. */
	void (*list)(void *context, const struct sl_trace *trace, struct sl_buffer *out);
	/* With each that is to be drawn. */
	enum sl_status (*draw)(void *context, const struct sl_trace *trace, struct sl_buffer *out,
			       struct sl_error *err);
	/* For `draw`: so that a large trace is written while it is drawn.  Set by the flow. */
	struct sl_flow_writer writer;
	/* At the end of all. */
	void (*end)(void *context, struct sl_buffer *out);

	/* Of the first of two runs, below. */
	size_t operand_count; /* of the command, which says it */
	struct sl_id_list slow;
	bool knows_slow;	      /* it ran to its end, and the list has them */
	struct sl_input_parts *parts; /* by operand, where they stand; NULL: that is not known */

	/* What came of it. */
	uint64_t traces_seen;
	uint64_t traces_selected;
	uint64_t limits_hit; /* of regular expressions */
	uint64_t reopened;   /* traces that came again after they were complete */
};

/* `show` is borrowed while the flow runs.  Memory is that of gathering (traces.h), and with
 * `slowest` the lines of as many traces as are drawn or listed. */
struct sl_flow_work sl_show_work(struct sl_show *show);

/*
 * The slowest traces of what can be read twice, without gathering the others: a first run that
 * needs only these fields of spans, which may be lazy, then the usual one, which takes only those
 * that the first found, and need not read more than the parts that the first met them in.  Where
 * what is known of them does not fit into half of the memory for gathering, or the input goes on
 * (traces.gather.live) for longer than a trace may be idle, the first run ends early, and the usual
 * one takes all.
 */
bool sl_show_can_find_slowest(const struct sl_show *show);
unsigned sl_show_finding_needs(void);
struct sl_flow_work sl_show_finding_work(struct sl_show *show);
/* Between the two, where the first knows_slow: none of what it found is damaged behind the fields
 * that it needed.  Otherwise knows_slow is no longer true, as others may be the slowest then. */
struct sl_flow_work sl_show_checking_work(struct sl_show *show);
void sl_show_take_slowest(struct sl_show *show);
/* Frees what the first run found. */
void sl_show_forget_slowest(struct sl_show *show);

#endif
