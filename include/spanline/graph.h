/*
 * Who calls whom: a graph of services or operations, of whole traces, and how it differs from
 * another.  The work of a flow (flow.h).
 *
 * What a span tells, by the rules of Zipkin's dependency links where they fit OpenTelemetry:
 *
 *  - A call is a span whose parent is of another service, or a server span below a client span.
 *    The client span nearest above it in the caller's service is the call as the caller saw it.
 *  - A client (producer) span below which there is no other call tells of a leaf: the database,
 *    destination or address that its attributes name.  Where servers usually answer at that
 *    address, or one says that it is its own, the leaf is their service, and the call's context was
 *    lost.
 *  - A message is a consumer span below a producer span of whatever trace, or linked with one.
 *  - A server span whose parent is missing, while one client span of the trace that nobody answered
 *    covers it, was called by what that one called.
 *
 * Memory: that of gathering (trace.h) for spans as compact records, and what nodes and edges take,
 * of which there are at most SL_GRAPH_NAMES.  Durations are kept exactly up to 8,192 an edge, then
 * as a sketch within 1 %.
 */
#ifndef SPANLINE_GRAPH_H
#define SPANLINE_GRAPH_H

#include "spanline/flow.h"
#include "spanline/select.h"
#include "spanline/statistics.h"
#include "spanline/traces.h"

/* So many different services, operations and leaves are told apart, and so many edges. */
#define SL_GRAPH_NAMES 10000
/* So many durations of an edge are kept, while those of all edges are few enough. */
#define SL_GRAPH_EXACT 8192

enum sl_node_kind {
	SL_NODE_SERVICE,
	SL_NODE_DATABASE,
	SL_NODE_MESSAGING,
	SL_NODE_EXTERNAL,
	SL_NODE_KIND_COUNT
};
/* "service", "database", "messaging", "external" */
const char *sl_node_kind_name(enum sl_node_kind kind);

/*
 * What a span says of the other side, or a server span of itself: raw bytes of its attributes.
 * Of a server span the kind is SL_NODE_SERVICE where it names its caller, else it is its own
 * address. `text` is "SYSTEM NAMESPACE" of a database, "SYSTEM DESTINATION" of a message, else the
 * peer's name or HOST:PORT; empty where nothing is said.
 */
struct sl_peer {
	enum sl_node_kind kind;
	struct sl_slice text; /* in the buffer */
};
/* *peer lives in `buffer`, which is emptied first. */
void sl_peer_of(const struct sl_span *span, struct sl_buffer *buffer, struct sl_peer *peer);

struct sl_graph_node {
	struct sl_slice id;	 /* no other node has it; empty: spans without a service */
	struct sl_slice service; /* or what a leaf is called */
	struct sl_slice name;	 /* of an operation; empty: of services, or not known */
	enum sl_node_kind kind;
	uint64_t spans; /* of a leaf: of its callers that tell of it */
	uint64_t errors;
	uint64_t entries;	      /* calls from nobody: roots */
	uint64_t orphans;	      /* whose parent is not in the input */
	struct sl_sum self, critical; /* ns */
};

struct sl_graph_edge {
	uint32_t from, to; /* nodes */
	bool message;
	bool rough;	     /* quantiles are within 1 % */
	bool has_gap;	     /* something is known of it */
	struct sl_slice via; /* of messages: the destination; empty: not known */
	uint64_t calls, errors;
	uint64_t traces;   /* that have such a call */
	uint64_t lost;	   /* not in error, and without the span that usually answers */
	uint64_t inferred; /* which no span tells of */
	/* As the caller saw them; of a message what the consumer took. */
	int64_t p50_ns, p95_ns, p99_ns;
	/* The median of what the client's span is longer than the server's; of a message, from the
	 * producer's end to the consumer's start. */
	int64_t gap_ns;
	struct sl_sum total;	/* ns, of the same */
	struct sl_sum critical; /* ns on the critical paths, in the call and all below it */
};

/* What the graph does not know: counts of spans. */
struct sl_graph_unknown {
	uint64_t orphans; /* name a parent that is not in the input */
	uint64_t lost;	  /* calls whose context was lost */
	uint64_t without_service;
	uint64_t without_peer; /* client spans, producers and consumers that do not say whose */
	uint64_t links;	       /* into nothing that is in the input */
	uint64_t duplicates;   /* of another span's id: not counted */
	uint64_t cyclic;       /* in a cycle of parents */
	uint64_t backwards;    /* end before they start */
	uint64_t folded;       /* calls and spans of more names than SL_GRAPH_NAMES */
};

struct sl_graph {
	struct sl_graph_node *nodes; /* services first, then by kind, service and name */
	size_t node_count;
	struct sl_graph_edge *edges; /* the greatest total first, then by nodes and via */
	size_t edge_count;
	uint64_t traces, spans;
	struct sl_sum critical; /* of all traces: what shares are of */
	struct sl_graph_unknown unknown;
	bool by_name;
	struct sl_arena arena; /* all of it */
};
void sl_graph_free(struct sl_graph *graph);
double sl_graph_share(const struct sl_graph *graph, struct sl_sum critical); /* a part of 1 */

struct sl_graphing {
	/* What the command wants; borrowed. */
	struct sl_selection wanted; /* of `since` and `until` that of the root counts */
	bool by_name;		    /* operations, not services */
	struct sl_traces_options traces;
	uint64_t idle_ns;      /* without a new span for so long, a trace is complete */
	uint64_t (*now)(void); /* ns since 1970 UTC */
	/* When all is read; the graph is borrowed for the call. */
	enum sl_status (*report)(void *context, const struct sl_graph *graph, struct sl_buffer *out,
				 struct sl_error *err);
	void *context;

	/* What came of it. */
	uint64_t limits_hit; /* of regular expressions */
	uint64_t reopened;   /* traces that came again after they were complete */
};

/* What has to be filled in of spans, and whether they may be lazy. */
unsigned sl_graphing_needs(const struct sl_graphing *graphing);
bool sl_graphing_is_lazy(const struct sl_graphing *graphing);
/* `graphing` is borrowed while the flow runs. */
struct sl_flow_work sl_graphing_work(struct sl_graphing *graphing);

/* Whether a file that begins so is a graph as trace-graph writes it in JSON. */
bool sl_graph_begins(struct sl_slice bytes);
/* *graph is owned.  SL_FAILED: err says what is wrong with the text. */
SL_MUST_USE enum sl_status sl_graph_read(struct sl_graph *graph, struct sl_slice json,
					 struct sl_error *err);
/* A copy of all, owned. */
SL_MUST_USE enum sl_status sl_graph_copy(struct sl_graph *copy, const struct sl_graph *graph,
					 struct sl_error *err);

/*
 * What differs from an older graph.  A node or edge is new or gone; an edge is changed where on
 * both sides it has SL_CHANGE_CALLS calls, and calls per trace or p95 went up or down by the least
 * change (p95 by 1 ms, too), or its error rate by so many hundredths.
 */
#define SL_CHANGE_CALLS 10
enum sl_change_kind {
	SL_CHANGE_NEW_EDGE,
	SL_CHANGE_GONE_EDGE,
	SL_CHANGE_CHANGED_EDGE,
	SL_CHANGE_NEW_ERRORS, /* none before */
	SL_CHANGE_NEW_NODE,
	SL_CHANGE_GONE_NODE,
	SL_CHANGE_KIND_COUNT
};
/* "new-edge" */
const char *sl_change_kind_name(enum sl_change_kind kind);

enum { SL_CHANGED_CALLS = 1, SL_CHANGED_ERRORS = 2, SL_CHANGED_P95 = 4 };

struct sl_graph_change {
	enum sl_change_kind kind;
	unsigned what; /* bits of what changed */
	/* Of an edge or of a node: NULL where it is not there. */
	const struct sl_graph_edge *edge_was, *edge;
	const struct sl_graph_node *node_was, *node;
};

struct sl_graph_changes {
	const struct sl_graph *was, *now; /* borrowed */
	struct sl_graph_change *items;	  /* owned; by kind, then in the order of the edges */
	size_t count;
};
/* `least` is a part of 1.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status sl_graph_compare(struct sl_graph_changes *changes,
					    const struct sl_graph *was, const struct sl_graph *now,
					    double least, struct sl_error *err);
void sl_graph_changes_free(struct sl_graph_changes *changes);

#endif
