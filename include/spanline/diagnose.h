/*
 * What is wrong with a trace: findings, worst first, each with the spans to look at.
 *
 * Nothing is known of names: what counts is the shape of the tree, times, statuses, and attributes
 * of the semantic conventions (http.*, db.*, rpc.*, messaging.*, exception.*), old names included.
 */
#ifndef SPANLINE_DIAGNOSE_H
#define SPANLINE_DIAGNOSE_H

#include "spanline/trace.h"

enum sl_severity { SL_INFO, SL_WARNING, SL_ERROR, SL_SEVERITY_COUNT };

enum sl_finding_kind {
	SL_FINDING_ERROR_ORIGIN,
	SL_FINDING_RETRY_STORM,
	SL_FINDING_TIMEOUT_CASCADE,
	SL_FINDING_N_PLUS_ONE,
	SL_FINDING_STRAGGLER,
	SL_FINDING_DUPLICATE_QUERY,
	SL_FINDING_LOST_CONTEXT,
	SL_FINDING_ORPHAN,
	SL_FINDING_CLOCK_SKEW,
	SL_FINDING_CYCLE,
	SL_FINDING_DUPLICATE_ID,
	SL_FINDING_SEVERAL_ROOTS,
	SL_FINDING_CRITICAL_PATH,
	SL_FINDING_SEQUENTIAL_CALLS,
	SL_FINDING_GAP,
	SL_FINDING_KIND_COUNT
};

/* A row of the table of kinds, which is in the order of the enum. */
struct sl_finding_row {
	const char *name;	   /* "n-plus-one" */
	enum sl_severity severity; /* the worst that a finding of it has */
	const char *help;	   /* one line, lower case */
};
const struct sl_finding_row *sl_finding_row(enum sl_finding_kind kind);
/* "info", "warning", "error". */
const char *sl_severity_name(enum sl_severity severity);
/* By name; false: there is none. */
bool sl_finding_parse(struct sl_slice name, enum sl_finding_kind *kind);
bool sl_severity_parse(struct sl_slice name, enum sl_severity *severity);

enum sl_threshold {
	SL_THRESHOLD_CRITICAL_SHARE, /* of the root's time: spans are named until they make it up */
	SL_THRESHOLD_QUERIES,	     /* equal ones under one span are an n-plus-one */
	SL_THRESHOLD_QUERIES_SHARE,  /* ... if they take so much of the root's time */
	SL_THRESHOLD_DUPLICATE_SERVICES, /* that send the same query */
	SL_THRESHOLD_ATTEMPTS,		 /* of one call that fails are a retry-storm */
	SL_THRESHOLD_OVERRUN,		 /* past the caller's end is a timeout-cascade */
	SL_THRESHOLD_BRANCHES,		 /* are a fan-out */
	SL_THRESHOLD_STRAGGLER_RATIO,	 /* of a branch to the median of the others */
	SL_THRESHOLD_STRAGGLER_SHARE,	 /* of the root's time that it costs */
	SL_THRESHOLD_SEQUENTIAL,	 /* siblings, one after another */
	SL_THRESHOLD_SEQUENTIAL_SHARE,	 /* of the root's time that could be saved */
	SL_THRESHOLD_SKEW,		 /* outside the parent: rounding until then */
	SL_THRESHOLD_GAP,		 /* in no span is a gap */
	SL_THRESHOLD_GAP_SHARE,
	SL_THRESHOLD_FINDINGS, /* of one kind are given at most */
	SL_THRESHOLD_COUNT
};

enum sl_threshold_unit { SL_UNIT_COUNT, SL_UNIT_NS, SL_UNIT_PERCENT };

/* A row of the table of thresholds, which is in the order of the enum. */
struct sl_threshold_row {
	const char *name; /* "straggler-ratio" */
	enum sl_threshold_unit unit;
	const char *initial; /* as sl_threshold_set reads it: "5", "2ms", "10%" */
	const char *help;    /* one line, lower case */
};
const struct sl_threshold_row *sl_threshold_row(enum sl_threshold threshold);

/* Counts, ns, percent. */
struct sl_thresholds {
	uint64_t values[SL_THRESHOLD_COUNT];
};
/* All as the table says. */
void sl_thresholds_init(struct sl_thresholds *thresholds);
/* From NAME=VALUE, as "overrun=10ms" or "gap-share=5%" (the '%' may be left out).  SL_FAILED: err
 * says what is wrong with it, in terms of the user's text. */
SL_MUST_USE enum sl_status sl_threshold_set(struct sl_thresholds *thresholds, struct sl_slice text,
					    struct sl_error *err);

enum sl_figure_type {
	SL_FIGURE_COUNT, /* `integer` */
	SL_FIGURE_MS,	 /* `integer` ns, which may be below 0, shown in ms (sl_write_ms) */
	SL_FIGURE_SHARE, /* `number`, of 1 */
	SL_FIGURE_TEXT,	 /* `text`: raw bytes of the input, perhaps unsafe */
	SL_FIGURE_ID,	 /* `text`: raw bytes, shown as hex */
};

/* What a finding says in numbers: `name` is its key in JSON ("count", "sum_ms", "statement"). */
struct sl_figure {
	const char *name;
	enum sl_figure_type type;
	union {
		int64_t integer;
		double number;
		struct sl_slice text;
	};
};

struct sl_finding {
	enum sl_finding_kind kind;
	enum sl_severity severity;
	/* One line for people; names of the input stand in it as raw bytes, so that whoever prints
	 * it must escape it. */
	struct sl_slice message;
	/*
	 * Indexes into the trace's nodes: the one to look at, then its chain up to its top,
	 * together `chain_count` (at least 1; of long chains the first 63 and the top); then the
	 * others that it is about, none twice: the queries, the attempts, the branches.
	 */
	uint32_t *nodes;
	uint32_t chain_count;
	uint32_t node_count;
	const struct sl_figure *figures;
	size_t figure_count;
	/* what orders findings of one severity and kind: mostly the ns that it costs */
	uint64_t weight;
};

struct sl_findings {
	struct sl_finding *items; /* by severity, then kind, then weight, the greatest first, then
				   * the start of the first span */
	size_t count;
	uint64_t left_out[SL_FINDING_KIND_COUNT]; /* beyond SL_THRESHOLD_FINDINGS: the least */
};

/*
 * Other traces of the input, for what one trace cannot show: that a trace without a caller is the
 * continuation of another.  Some 100 bytes a trace are kept, and 40 for each of
 * at most 16 spans behind which it may go on; past the limit all is forgotten, and remembering
 * begins again.
 */
struct sl_entries;
/* *entries is owned.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_entries_open(struct sl_entries **entries, size_t limit_bytes,
					   struct sl_error *err);
/* Remembers where the trace was entered and where it ends without more spans; nothing is borrowed.
 * SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_entries_add(struct sl_entries *entries, const struct sl_trace *trace,
					  struct sl_error *err);
/* Before sl_diagnose, and again where more was added since.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_entries_end(struct sl_entries *entries, struct sl_error *err);
void sl_entries_close(struct sl_entries *entries); /* also of NULL */

/* What findings are made of; all borrowed for the call. */
struct sl_diagnosis {
	const struct sl_thresholds *thresholds;
	const struct sl_trace *trace;
	const struct sl_path *path;
	const struct sl_entries *entries; /* or NULL: of other traces nothing is known */
};

/*
 * The findings of one trace, in the arena; they borrow its spans.  The same trace gives the same
 * findings, in whatever order its spans came (but for the indexes).  O(n log n), no recursion, at
 * most 200 bytes a span.  SL_FAILED: no memory.
 */
SL_MUST_USE enum sl_status sl_diagnose(struct sl_findings *findings,
				       const struct sl_diagnosis *diagnosis, struct sl_arena *arena,
				       struct sl_error *err);

#endif
