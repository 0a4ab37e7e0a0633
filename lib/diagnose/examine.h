/* What the rules share: the facts of a trace, groups of spans, and how findings are told. */
#ifndef EXAMINE_H
#define EXAMINE_H

#include "spanline/diagnose.h"

/* What is known of a span's outcome: bits of `marks`. */
enum mark {
	MARK_STRONG = 1 << 0,  /* its status, or an answer that says that the server failed */
	MARK_WEAK = 1 << 1,    /* an answer or an exception that may have been expected */
	MARK_REACHES = 1 << 2, /* a failure here was passed up to the top of its tree */
	MARK_FAILS = 1 << 3,
	MARK_CAUSED = 1 << 4, /* something below it fails, and was passed up */
	MARK_ABOVE = 1 << 5,  /* something below it fails */
	MARK_LOOPED = 1 << 6, /* one of the queries of an n-plus-one */
};

struct keyed;

struct examination {
	const struct sl_thresholds *thresholds;
	const struct sl_trace *trace;
	const struct sl_path *path;
	const struct sl_entries *entries;
	uint64_t root_ns;	/* what shares are of: at least 1 */
	struct sl_arena *arena; /* of what is found */
	struct sl_arena scratch;
	/* By node, in `scratch`. */
	int64_t *shift_ns;
	uint32_t *rank; /* by start, then id: does not depend on the order of the input */
	unsigned char *marks;
	struct keyed *keyed;   /* of the list of the rule at work */
	uint64_t *numbers;     /* of the rule at work */
	struct sl_buffer text; /* of the message that is being told */
	struct sl_findings *findings;
	size_t capacity; /* of findings->items, which is owned until the end */
	bool failed;	 /* no memory */
};

/* facts.c */
uint64_t start_of(const struct examination *exam, uint32_t node);
uint64_t end_of(const struct examination *exam, uint32_t node);
/* end - start; 0 where that is below 0. */
uint64_t duration_of(const struct sl_trace *trace, uint32_t node);
/* So many ns are at least the threshold's percentage of the root. */
bool takes_share(const struct examination *exam, uint64_t ns, enum sl_threshold share);
/* The text of the first of the keys that is there. */
bool find_text(const struct sl_span *span, const char *const *keys, struct sl_slice *text);
/* The status of an HTTP answer, 0: none. */
int64_t http_status(const struct sl_span *span);
int64_t grpc_status(const struct sl_span *span);
/* The first event that is an exception, or NULL. */
const struct sl_event *find_exception(const struct sl_span *span);
/* db.query.text; of queries without one the span's name.  False: no query. */
bool find_statement(const struct sl_span *span, struct sl_slice *statement);
/* The port that a call goes to, or 0. */
uint64_t peer_port(const struct sl_span *span);
/* Calls that are alike: service, kind, name, and whom they address. */
uint64_t call_hash(const struct sl_span *span);
/* Equal for statements that differ only in literals and white space. */
uint64_t statement_hash(struct sl_slice statement);
uint64_t hash_text(struct sl_slice text, uint64_t seed);
bool is_async(const struct sl_trace *trace, uint32_t node);

/* group.c: spans by a key. */
struct keyed {
	uint64_t key;
	uint64_t part; /* orders within the key, before the rank */
	uint32_t node;
	uint32_t rank;
};

struct keyed_list {
	struct keyed *items; /* room for all spans */
	size_t count;
};

/* An empty list; there is only one at a time. */
struct keyed_list keyed_open(const struct examination *exam);
void keyed_add(const struct examination *exam, struct keyed_list *list, uint64_t key, uint64_t part,
	       uint32_t node);
void keyed_sort(struct keyed_list *list);
/* A run in the order of its ranks. */
void keyed_sort_run(struct keyed *run, size_t count);
/* The end of the run of one key that begins at `start`. */
size_t keyed_run(const struct keyed_list *list, size_t start);

/* What may become a finding: told only if it is among the worst of its kind. */
struct suspect {
	enum sl_severity severity;
	uint32_t first;
	uint32_t rank;	     /* of `first` */
	size_t start, count; /* its run of the list */
	uint64_t weight;
};

struct suspects {
	struct suspect *items; /* owned */
	size_t count, capacity;
	uint64_t left_out;
};

void suspect_add(struct examination *exam, struct suspects *suspects,
		 const struct suspect *suspect);
/* Sorts, calls `tell` for those that are told with their runs (which are its own to sort), counts
 * the others, and frees. */
void suspects_tell(struct examination *exam, struct suspects *suspects, enum sl_finding_kind kind,
		   const struct keyed_list *list,
		   void (*tell)(struct examination *, const struct suspect *, struct keyed *));

/* finding.c: a finding is begun, gets its figures, its message (in exam->text), and is ended. */
enum { MOST_FIGURES = 8, LONGEST_CHAIN = 64 };

struct telling {
	struct examination *exam;
	struct sl_finding finding;
	struct sl_figure figures[MOST_FIGURES];
	size_t others; /* room for so many */
};

void telling_begin(struct telling *telling, struct examination *exam, const struct suspect *suspect,
		   enum sl_finding_kind kind);
/* One more span that it is about; the first and its chain are passed over. */
void telling_other(struct telling *telling, uint32_t node);
void telling_others(struct telling *telling, const struct keyed *run, size_t count);
void telling_count(struct telling *telling, const char *name, uint64_t count);
void telling_ms(struct telling *telling, const char *name, int64_t ns);
void telling_share(struct telling *telling, const char *name, uint64_t ns);
void telling_text(struct telling *telling, const char *name, struct sl_slice text);
void telling_id(struct telling *telling, const char *name, struct sl_slice id);
void telling_end(struct telling *telling);

/* Of exam->text. */
void say_span(struct examination *exam, uint32_t node);		/* service and name */
void say_ms(struct examination *exam, uint64_t ns);		/* "12.3 ms" */
void say_share(struct examination *exam, uint64_t ns);		/* "12 %" */
void say_short(struct examination *exam, struct sl_slice text); /* its start */

/* Rules, in files of their own: each tells what it finds. */
void mark_failures(struct examination *exam);
void find_error_origins(struct examination *exam);
void find_retry_storms(struct examination *exam);
void find_cascades(struct examination *exam);
void find_repeated_queries(struct examination *exam);
void find_duplicate_queries(struct examination *exam);
void find_stragglers(struct examination *exam);
void find_sequential_calls(struct examination *exam);
void find_lost_context(struct examination *exam);
void find_orphans(struct examination *exam);
void find_clock_skew(struct examination *exam);
void find_cycles(struct examination *exam);
void find_duplicate_ids(struct examination *exam);
void find_several_roots(struct examination *exam);
void find_critical_path(struct examination *exam);
void find_gaps(struct examination *exam);

#endif
