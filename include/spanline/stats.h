/*
 * Spans in groups, and what is counted of each: the work of a flow (flow.h), span by span or trace
 * by trace.  All numbers are exact, and none depends on the order of the spans or on who read them.
 */
#ifndef SPANLINE_STATS_H
#define SPANLINE_STATS_H

#include "spanline/flow.h"
#include "spanline/gate.h"
#include "spanline/select.h"
#include "spanline/statistics.h"
#include "spanline/traces.h"

/* What spans are grouped by: fields and expressions of TraceQL. */
struct sl_grouping;

/* "service,name"; an empty text: all spans are one group.  *grouping is owned, `text` is borrowed
 * for the call only.  SL_BAD_RECORD: *fault says what is wrong with it, and where. */
SL_MUST_USE enum sl_status sl_grouping_compile(struct sl_grouping **grouping, struct sl_slice text,
					       struct sl_query_fault *fault);
/* One more, before the others, called "window": the start of the span, rounded down to a whole
 * number of `ns` since 1970 UTC.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_grouping_add_window(struct sl_grouping *grouping, uint64_t ns,
						  struct sl_query_fault *fault);
/* Also of NULL. */
void sl_grouping_free(struct sl_grouping *grouping);
size_t sl_grouping_count(const struct sl_grouping *grouping);
/* As the user wrote the field. */
struct sl_slice sl_grouping_name(const struct sl_grouping *grouping, size_t index);

/* The value of a field that all spans of a group have. */
struct sl_group_value {
	enum sl_query_type type;
	union {
		bool boolean;
		int64_t integer;
		double number;
		struct sl_slice text; /* also of SL_TYPE_ARRAY: as JSON */
	};
};

/* A value of one of its chunks. */
static inline int64_t sl_sample_at(const struct sl_samples *samples, struct sl_sample_chunk *chunk,
				   uint32_t index)
{
	return samples->with_traces ? sl_chunk_samples(chunk)[index].value
				    : sl_chunk_values(chunk)[index];
}

/* Other times of the spans of a group, which only whole traces tell. */
struct sl_times {
	struct sl_samples samples; /* ns */
	struct sl_sum total;
	int64_t least, most;
};

/* How many spans were kept at each threshold of sampling (sl_sampled_at), ascending. */
struct sl_sampled_count {
	uint64_t threshold, count;
};

struct sl_adjusted {
	struct sl_sampled_count *counts; /* owned */
	size_t sorted, count, capacity;	 /* all are sorted in what is handed over */
	uint64_t unknown;		 /* spans that do not say */
};

struct sl_group {
	uint64_t hash; /* of its values */
	const struct sl_group_value *by;
	uint64_t errors;
	struct sl_samples durations; /* ns; below 0 where a span ends before it starts */
	/* In the place of their values, where they are not kept: then only the count of the
	 * durations is known, and the next three as it grows. */
	struct sl_sketch sketch;
	/* Of the durations, once all is read. */
	struct sl_sum total;
	int64_t least, most;
	/* Where they are wanted. */
	struct sl_times self;	  /* without what children cover of the duration */
	struct sl_times critical; /* what the root was waiting for of it */
	struct sl_adjusted adjusted;
	uint64_t traces;	    /* that have such a span */
	uint64_t most_calls;	    /* the most spans in one trace */
	uint64_t last_trace, calls; /* while traces are counted: the number of one, and its spans */
};

struct sl_summary;

struct sl_groups {
	const struct sl_grouping *grouping;
	struct sl_group *items;
	size_t count;
	uint64_t start_ns, end_ns; /* the earliest start and the latest end */
	uint64_t backwards;	   /* spans that end before they start */
	struct sl_sum waited;	   /* on the critical paths of all traces */
};

/* The order of groups by their values, one for all types. */
int sl_group_compare(const struct sl_groups *groups, const struct sl_group *a,
		     const struct sl_group *b);

/*
 * What can be known of a group.  The quantile is the number of rank ceil(q * count), from 1, in the
 * order of size: the nearest rank.
 */
enum sl_measure_kind {
	SL_MEASURE_COUNT,
	SL_MEASURE_RATE, /* spans a second of the window, or from the first start to the last end */
	SL_MEASURE_ERRORS,
	SL_MEASURE_ERROR_RATE, /* of the spans, a part of 1 */
	SL_MEASURE_SUM,
	SL_MEASURE_MIN,
	SL_MEASURE_MAX,
	SL_MEASURE_MEAN,
	SL_MEASURE_STDEV, /* of a sample: the squares are divided by count - 1 */
	SL_MEASURE_QUANTILE,
	SL_MEASURE_CONCURRENCY, /* the sum divided by the time of a rate */
	SL_MEASURE_SHARE,	/* of critical time: of that of all traces, a part of 1 */
	SL_MEASURE_TRACES,	/* that have a span of the group */
	SL_MEASURE_CALLS,	/* spans for each of these */
	SL_MEASURE_CALLS_MAX,	/* in one of them */
	SL_MEASURE_ADJUSTED,	/* spans that there were before sampling, as far as that is known */
	SL_MEASURE_UNKNOWN,	/* spans of which it is not */
};

/* Which time of the spans; all but the duration need whole traces. */
enum sl_time_of { SL_TIME_DURATION, SL_TIME_SELF, SL_TIME_CRITICAL, SL_TIME_COUNT };

struct sl_measure {
	struct sl_quantile quantile;
	enum sl_measure_kind kind;
	enum sl_time_of of; /* sum, min, max, mean, stdev and quantiles */
	bool interval;	    /* of the quantile is wanted, too */
	char name[24];	    /* "count", "p99.9" */
};
#define SL_MEASURE_LIMIT 66

struct sl_measures {
	const struct sl_measure *items;
	size_t count; /* at most SL_MEASURE_LIMIT */
};

/* "count", "rate", "errors", "error_rate", "sum", "min", "max", "mean", "stdev", "p95", "p99.9",
 * "self.p95", "critical.sum", "critical.share", "adjusted", "unknown", "traces", "calls",
 * "calls_max", "concurrency". */
bool sl_measure_parse(struct sl_slice text, struct sl_measure *measure);
/* Whether it takes struct sl_adjusted. */
bool sl_measure_needs_sampling(const struct sl_measure *measure);
bool sl_measure_needs_traces(const struct sl_measure *measure);

/* The measure of a quantile, named as its percentage: 0.999 is "p99.9". */
void sl_measure_quantile(struct sl_measure *measure, struct sl_quantile quantile);

enum sl_figure_unit { SL_FIGURE_COUNT, SL_FIGURE_NS, SL_FIGURE_PART, SL_FIGURE_NUMBER };
enum sl_figure_unit sl_measure_unit(const struct sl_measure *measure);

struct sl_figure {
	enum sl_figure_unit unit;
	bool is_known;	     /* a rate is not, where no time passed */
	struct sl_sum exact; /* of SL_FIGURE_COUNT and SL_FIGURE_NS */
	double number;	     /* of the others */
	/* The interval that covers the quantile of what the spans are a sample of with a
	 * probability of at least 95 %, whatever its distribution.  An end that takes more spans
	 * than there are is not there: the quantile itself may then be the smallest or the largest
	 * of all. */
	bool has_low, has_high;
	int64_t low, high; /* where they are wanted */
};

/* A figure for each measure.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_measure_group(const struct sl_groups *groups,
					    const struct sl_group *group,
					    struct sl_measures measures, struct sl_figure *figures,
					    struct sl_error *err);
/* The order of two figures of one measure, by size; what is not known comes first. */
int sl_figure_compare(const struct sl_figure *a, const struct sl_figure *b);

/*
 * An attribute that spans have, with that key; at most SL_KEY_VALUES different values are counted.
 */
#define SL_KEY_VALUES 10000
struct sl_key {
	enum sl_owner owner;
	struct sl_slice name;
	uint64_t spans;		   /* that have it, if only by their resource or scope */
	struct sl_distinct values; /* as plain JSON */
	bool has_more;		   /* there are more than are counted */
	struct sl_buffer example;  /* the start of the smallest value, as bytes of plain JSON */
	uint64_t last_span;	   /* while they are counted: the number of the last one */
};

struct sl_keys {
	const struct sl_key *items;
	size_t count;
};

struct sl_stats {
	/* What the command wants; borrowed. */
	struct sl_selection wanted;
	const struct sl_grouping *grouping;
	bool self, critical, calls, adjusted; /* are wanted of the groups, besides durations */
	/* Of quantiles, a part of them: durations are counted in a sketch.  0: all are kept.  With
	 * a sketch there are no standard deviation and nothing of `durations` but their count. */
	double error;
	bool with_traces; /* of the durations: sl_fnv1a of their ids, 8 bytes more a span */
	struct sl_summary *summary; /* or NULL: counted, too, of the same error; it is empty then */
	bool roots;		    /* of each trace in which something is wanted, the root alone */
	const struct sl_gates *gates; /* or NULL: they see the spans that are wanted, in no group */
	struct sl_traces_options traces;
	uint64_t idle_ns;      /* without a new span for so long, a trace is complete */
	uint64_t (*now)(void); /* ns since 1970 UTC */
	/* When all is read: the groups, in no order, are borrowed for the call and may be sorted;
	 * `watch` has seen all for the gates. */
	enum sl_status (*report)(void *context, struct sl_groups *groups, struct sl_buffer *out,
				 struct sl_error *err);
	/* Or NULL.  Else nothing is counted but the keys of attributes, which are handed over in no
	 * order instead of the groups. */
	enum sl_status (*report_keys)(void *context, const struct sl_keys *keys,
				      struct sl_buffer *out, struct sl_error *err);
	void *context;

	/* What came of it. */
	uint64_t spans;		/* that were chosen */
	uint64_t backwards;	/* of these, those that end before they start */
	uint64_t limits_hit;	/* of regular expressions */
	struct sl_watch *watch; /* what the gates saw; owned by the run */
	uint64_t reopened;	/* traces that came again after they were complete */

	/* While it runs. */
	struct sl_stats_worker *workers;
};

/* Whether traces have to be gathered, what has to be filled in of spans, and whether they may be
 * lazy. */
bool sl_stats_needs_traces(const struct sl_stats *stats);
unsigned sl_stats_needs(const struct sl_stats *stats);
bool sl_stats_is_lazy(const struct sl_stats *stats);
/* Whether attributes may come as attributes_text: nothing is asked of a span as it comes. */
bool sl_stats_takes_text(const struct sl_stats *stats);
/* What no span that is wanted is without, see sl_query_attribute and sl_query_head. */
bool sl_stats_attribute(const struct sl_stats *stats, struct sl_attribute_test *test);
bool sl_stats_head(const struct sl_stats *stats, struct sl_head_tests *tests);
/* `stats` is borrowed while the flow runs.  Memory: 8 bytes a span, some 200 a group and worker;
 * where traces are gathered, that of trace.h on top, for spans as compact records where these do.
 */
struct sl_flow_work sl_stats_work(struct sl_stats *stats);

/*
 * Groups on file, to be merged with others: lines of JSON, written and read as a stream.
 *
 *     {"spanline_stats":1,"by":"s:service,name","root":false,"window_ns":0,"where":null,
 *      "unit":"ns","traces":true,"start_unix_nano":"17...","end_unix_nano":"17...","backwards":0}
 *     {"by":["s:cart","s:GET /"],"errors":1,"count":3,"durations":"BASE64","traces":"BASE64"}
 *     {"by":["s:cart","s:GET /"],"errors":1,"count":3,"sum":[0,1500],"least":400,"most":600,
 *      "buckets":"BASE64"}
 *     {"end":1}
 *
 * Each in one line without spaces.  The first and the last stand around some lines of groups, their
 * number in the last; a group may have several lines, which are added up.  Any number of such parts
 * may follow each other, so that cat merges too.
 *
 * Values of `by` are texts with their type before a colon: s (string), a (array, as JSON), i
 * (integer), d (duration in ns), t (time in ns since 1970 UTC), b (0 or 1), f (the bits of a
 * double, in hex), S and K (the number of a status or kind), n (none).  A string or array that
 * JSON would escape is in base64 instead, behind x and y.  Durations are ascending: each a varint
 * of 7 bits a byte, the lowest first, the first one zigzag, the others as the distance from the one
 * before.  Traces are 8 bytes each, the lowest first: sl_fnv1a of the trace id of each duration.
 *
 * Where durations are not kept, "error":0.01 stands before "traces", and groups are of the second
 * kind: the sum as its high and low 64 bits, and the sketch as pairs of a bucket, written as a
 * duration is (-1 - its number, where it is of values below 0), and its count.
 */
/* How the spans were put into groups: only what agrees in all of this can be merged. */
struct sl_summary_how {
	struct sl_slice by; /* as sl_grouping_compile takes it */
	bool roots;
	uint64_t window_ns;    /* 0: none */
	struct sl_slice where; /* data is NULL: none */
	double error;	       /* of quantiles, as that of sl_stats; 0: durations are kept */
	bool traces;	       /* with those of the durations; never with an error */
};

/* Writes a part of the file; what it gives other than SL_OK ends the writing. */
struct sl_summary_sink {
	enum sl_status (*write)(void *context, struct sl_slice bytes, struct sl_error *err);
	void *context;
};

/* The groups are written in the order of their values, their durations are sorted in place.  The
 * same groups make the same bytes.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_summary_write(const struct sl_summary_how *how,
					    struct sl_groups *groups,
					    const struct sl_summary_sink *sink,
					    struct sl_error *err);

/* Whether a file that begins so is a summary. */
bool sl_summary_begins(struct sl_slice bytes);

/* What is read from any number of files. */
/* `traces` are wanted: summaries that have durations without them are refused, and otherwise those
 * there are left out.  With an `error` durations are not kept, whatever there is.  *summary is
 * owned. */
SL_MUST_USE enum sl_status sl_summary_open(struct sl_summary **summary, bool traces, double error,
					   struct sl_error *err);
/* Also of NULL. */
void sl_summary_close(struct sl_summary *summary);
/* One line, without its newline.  SL_BAD_RECORD: it is damaged, and left out.  SL_FAILED: memory,
 * or it cannot be merged with what was read before. */
SL_MUST_USE enum sl_status sl_summary_add(struct sl_summary *summary, struct sl_slice line,
					  struct sl_error *err);
/* At the end of a file: SL_BAD_RECORD, some of it is missing. */
SL_MUST_USE enum sl_status sl_summary_end(struct sl_summary *summary, struct sl_error *err);
/* The groups that were read, by a grouping of sl_summary_how; borrowed until the close, or until
 * the summary is counted by sl_stats_work. */
void sl_summary_groups(struct sl_summary *summary, const struct sl_grouping *grouping,
		       struct sl_groups *groups);
/* How all of them were made; borrowed until the close.  NULL: nothing was read. */
const struct sl_summary_how *sl_summary_how(const struct sl_summary *summary);
/* What differs, as "by 'name', not 'service,name'"; false: nothing. */
bool sl_summary_differs(const struct sl_summary_how *is, const struct sl_summary_how *wanted,
			struct sl_error *err);

#endif
