/*
 * Traces: spans gathered by trace id, the tree of one trace, and where its time went.
 *
 * Real traces are broken.  Of spans with equal ids the first is the parent of all children that
 * name it; a parent that is not there makes its children orphans, which are roots of their own
 * subtrees; a cycle is cut at its earliest span, which is then such a root too.  So every span
 * stands in exactly one place, and walks end.
 *
 * Span ids are bytes of any length.  One that is empty or all zero is none (OTLP says that it is
 * invalid): as a parent it says that there is no parent, and nothing is its child or duplicate.
 * The earlier of two spans is the one that starts first, or else comes first in the input.
 */
#ifndef SPANLINE_TRACE_H
#define SPANLINE_TRACE_H

#include "spanline/span.h"

#define SL_NO_SPAN UINT32_MAX

/* One span in the tree; indexes are into `nodes` of its trace. */
struct sl_trace_node {
	const struct sl_span *span;
	uint32_t parent;       /* SL_NO_SPAN: a root, an orphan, or where a cycle was cut */
	uint32_t first_child;  /* its earliest; SL_NO_SPAN: none */
	uint32_t next_sibling; /* the next later child of the same parent; SL_NO_SPAN */
	uint32_t child_count;
	/* Preorder numbers: its own is `enter`, all that descends from it is in (enter, exit). */
	uint32_t enter;
	uint32_t exit;
	uint32_t depth; /* 0 where parent is SL_NO_SPAN */
	bool orphan;	/* names a parent that is not there */
	bool cyclic;	/* stands in a cycle of parents, or is its own; not what hangs on one */
	bool duplicate; /* another span before it has the same id */
	bool connected; /* its chain of parents ends in a span without a parent id */
};

struct sl_trace {
	struct sl_slice trace_id;
	struct sl_trace_node *nodes; /* in input order */
	uint32_t count;
	uint32_t root; /* its earliest span without a parent id; else the earliest orphan;
			* else the earliest */
	/* Indexes by `enter`: the tree that the root stands in, then the others, earliest top
	 * first. The next tree's top is preorder[exit of this one's]. */
	uint32_t *preorder;
	uint64_t start_ns; /* the earliest start */
	uint64_t end_ns;   /* the latest end */
};

/*
 * The tree of `count` (at least 1) spans of one trace, in input order.  What *trace points at is in
 * the arena and borrows the spans, of which trace_id, span_id, parent_span_id and the times must be
 * filled in (the trace's id is that of the first).  The same spans make the same tree.
 * O(n log n), no recursion.  SL_FAILED: no memory, or 2^32 - 1 spans and more.
 */
SL_MUST_USE enum sl_status sl_trace_build(struct sl_trace *trace,
					  const struct sl_span *const *spans, size_t count,
					  struct sl_arena *arena, struct sl_error *err);

/*
 * The critical path: what the root was waiting for, at each moment from its start to its end.
 *
 * Backwards from its end a span waits for the child that ends last, is busy itself between two
 * such children, and has not waited for a child that still ran when the next one began.  Children
 * are clipped to their parent; of those that lie outside it, and of what a message set off
 * (consumers below their producer), no time is on the path.  Starts that were rounded down (to
 * whole ms or us, as SDKs do) do not make neighbours overlap.
 */
struct sl_path_part {
	uint32_t node;
	uint64_t start_ns, end_ns;
};

struct sl_path {
	/* In time order; each begins where the one before it ends, and together they are the root's
	 * time.  At least one, which alone may be empty; at most twice the spans. */
	struct sl_path_part *parts;
	size_t count;
	uint64_t *on_path_ns; /* by node: its parts together, 0 where it has none */
	uint64_t total_ns;    /* the root's duration; 0 where it ends before it starts */
};

/* *path is in the arena.  O(n log n), no recursion.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_trace_path(struct sl_path *path, const struct sl_trace *trace,
					 struct sl_arena *arena, struct sl_error *err);

/* The duration without what the children cover of it, overlaps counted once. O(children). */
int64_t sl_trace_self_ns(const struct sl_trace *trace, uint32_t node);

/*
 * Clock skew: by how many ns each span must be moved (by node, in the arena; 0: not at all) so that
 * what a service did for another lies within the call; *shifted is how many are not 0.  Clocks
 * differ where a call began before its caller by more than `tolerance_ns`, or so much after that
 * had the answer; then all calls between the two services are moved alike where they can be, and
 * with each all that stands below it.  O(n log n).  SL_FAILED: no memory.
 */
SL_MUST_USE enum sl_status sl_trace_skew(const struct sl_trace *trace, uint64_t tolerance_ns,
					 int64_t **shift_ns, uint32_t *shifted,
					 struct sl_arena *arena);
/* The same trace with its spans moved, in the same order: nodes of equal index are the same span.
 * In the arena, and borrows what `trace` does; spans that were moved are copies, and their `line`
 * is as it was.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_trace_shift(struct sl_trace *moved, const struct sl_trace *trace,
					  const int64_t *shift_ns, struct sl_arena *arena,
					  struct sl_error *err);

/*
 * Gathering: records (the bytes of a span, of whatever form) by trace id, in any order, in bounded
 * memory.  Trace ids are bytes of any length, the empty one included.  What comes out is the same
 * for every limit.
 *
 * All traces are complete at the end.  Before it, with `sorted`, a trace is complete when another
 * one begins, and with `live` when sl_gather_idle says so; a record of a trace that was complete
 * begins a new group, and is counted.  After SL_FAILED a gatherer can only be closed.
 */
struct sl_gatherer;

struct sl_gather_options {
	/*
	 * Memory for records and tables; past it they go to files (some 100 KiB are always taken,
	 * and buffers for the files, 64 KiB each, come on top, as does the trace that was given,
	 * which is held whole).  With `sorted` or `live` only records go: of each trace that is
	 * open or was not taken yet some 200 bytes stay.
	 */
	size_t limit_bytes;
	const char *directory; /* for those files, which have no name; borrowed until the close */
	bool sorted;	       /* a trace's records stand together */
	bool live;	       /* the input goes on: sl_gather_idle is going to be called */
};

struct sl_gathered {
	struct sl_slice trace_id;
	const struct sl_slice *records; /* in input order; SL_PADDING applies to each */
	size_t count;
};

struct sl_gather_counts {
	uint64_t records; /* added */
	uint64_t traces;  /* given; groups, where some came again */
	/* Groups whose trace was complete before: of the last traces at least, whose ids (some 21
	 * bytes each) fit into 1/32 of the limit. */
	uint64_t reopened;
	uint64_t spilled_bytes; /* of records that were written to files */
	size_t peak_bytes;	/* the most that was held of what counts towards the limit */
};

/* *gatherer is owned.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_gather_open(struct sl_gatherer **gatherer,
					  const struct sl_gather_options *options,
					  struct sl_error *err);
/* Adds a copy of `record`.  SL_FAILED: memory, or the files (err names the directory). */
SL_MUST_USE enum sl_status sl_gather_add(struct sl_gatherer *gatherer, struct sl_slice trace_id,
					 struct sl_slice record, struct sl_error *err);
/* A record of that trace is going to be added soon, behind some others: what is known of the trace
 * is brought near meanwhile.  That is all that it does. */
void sl_gather_fetch(struct sl_gatherer *gatherer, struct sl_slice trace_id);
/*
 * Live: it is `now_ns` by a clock that does not go back.  Records that were added since the last
 * call count as having come now.  Traces of which none came for `idle_ns` are complete; they come
 * out behind those of earlier calls.  SL_FAILED as above.
 */
SL_MUST_USE enum sl_status sl_gather_idle(struct sl_gatherer *gatherer, uint64_t now_ns,
					  uint64_t idle_ns, struct sl_error *err);
/* No more will be added: all are complete. */
void sl_gather_end(struct sl_gatherer *gatherer);
/*
 * The next complete trace, in the order of their first records, spilled or not; borrowed until the
 * gatherer's next call.  SL_END: none is complete now (after sl_gather_end: no more).  SL_FAILED as
 * above.
 */
SL_MUST_USE enum sl_status sl_gather_next(struct sl_gatherer *gatherer, struct sl_gathered *trace,
					  struct sl_error *err);
/* So far; borrowed until the close. */
const struct sl_gather_counts *sl_gather_counts(const struct sl_gatherer *gatherer);
/* Also of NULL. */
void sl_gather_close(struct sl_gatherer *gatherer);

#endif
