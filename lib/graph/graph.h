/* What the files of this room share: names, edges, what is told of a span, and links. */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "spanline/graph.h"

#define NO_NAME UINT32_MAX
#define NO_TEXT UINT32_MAX

/* A hash of numbers that nobody chose. */
static inline uint64_t number_hash(uint64_t number)
{
	number *= UINT64_C(0x9e3779b97f4a7c15);
	return number ^ number >> 32;
}

/* What a short text begins and ends with. */
static inline uint64_t text_word(struct sl_slice text)
{
	const unsigned char *bytes = (const unsigned char *)text.data;

	if (text.len >= 4)
		return sl_load_4(text.data) | (uint64_t)sl_load_4(text.data + text.len - 4) << 32;
	return text.len == 0 ? 0
			     : bytes[0] | (uint64_t)bytes[text.len / 2] << 8 |
				       (uint64_t)bytes[text.len - 1] << 16;
}

/* Word by word, the last one over what was taken already, as this is asked for every span. */
static inline uint64_t text_hash(struct sl_slice text, uint64_t hash)
{
	hash += text.len;
	if (text.len < 8)
		return number_hash(hash ^ number_hash(text_word(text)));
	for (size_t at = 0; at + 8 < text.len; at += 8)
		hash = number_hash(hash ^ sl_load_8(text.data + at));
	return number_hash(hash ^ sl_load_8(text.data + text.len - 8));
}

/* texts.c: services, names and peers as the spans have them. */
struct text {
	uint64_t hash;
	struct sl_slice text;		    /* in the arena */
	uint32_t names[SL_NODE_KIND_COUNT]; /* that it is by itself; NO_NAME: not known so far */
};

struct texts {
	struct text *items; /* the first is empty; owned */
	size_t count, capacity;
	uint32_t *slots; /* numbers from 1; owned */
	size_t slot_count;
	struct sl_arena arena;
};

/* So many bytes behind a text may be read. */
enum { TEXT_PADDING = 32 };
/* NO_TEXT: there are too many, or there is no memory; then it is so for this text ever after. */
uint32_t texts_number(struct texts *texts, struct sl_slice text);
void texts_free(struct texts *texts);

/* names.c: services, operations and leaves, each once. */
struct name {
	uint64_t hash;
	struct sl_slice service, name; /* in the arena */
	enum sl_node_kind kind;
	uint64_t spans, errors, entries, orphans;
	struct sl_sum self, critical;
	uint64_t unanswered; /* calls to the address, chosen or not, that were not in error */
	uint32_t resolved;   /* the service whose it is; NO_NAME: an external one's */
};

struct names {
	struct name *items; /* owned */
	size_t count, capacity;
	size_t operations; /* of them, with a name */
	uint32_t *slots;   /* numbers from 1; owned */
	size_t slot_count; /* a power of two, or 0 */
	struct sl_arena arena;
	uint64_t folded;
};

/* What a name is called. */
struct name_key {
	enum sl_node_kind kind;
	struct sl_slice service, name;
};

/* *number is the name's; one of too many names is that of its service, or NO_NAME.  SL_FAILED: no
 * memory. */
SL_MUST_USE enum sl_status names_intern(struct names *names, const struct name_key *key,
					uint32_t *number, struct sl_error *err);
/* NO_NAME: it is not there. */
uint32_t names_find(const struct names *names, const struct name_key *key);
void names_free(struct names *names);

/* edges.c */
/* Values, and when they are too many a sketch of them. */
struct spread {
	struct sl_samples exact;
	struct sl_sketch rough;
	uint64_t count;
};

struct edge_key {
	uint32_t from, to, via; /* names; via may be NO_NAME */
	bool message;
	bool inferred; /* until addresses are resolved */
};

struct edge {
	struct edge_key key;
	bool gone; /* was merged into another one */
	uint64_t calls, errors, inferred;
	uint64_t lost;	     /* once addresses are resolved */
	uint64_t unanswered; /* by whom is not known yet; that were not in error */
	uint64_t *traces;    /* their numbers, while there are few of them; owned */
	size_t trace_count, trace_capacity;
	uint64_t more_traces; /* then, if they come one after another */
	uint64_t last_trace;
	/* Behind the last of its calls in that trace whose critical path counts: what lies in it
	 * does not count again. */
	uint32_t covered_to;
	struct spread durations, gaps;
	struct sl_sum total, critical;
};

struct edges {
	struct edge *items; /* owned */
	size_t count, capacity;
	uint32_t *slots;
	size_t slot_count;
	uint64_t kept;	     /* values of all */
	uint64_t remembered; /* traces of all */
	uint64_t folded;
};

/* One call, or message. */
struct call {
	struct edge_key key;
	int64_t duration_ns, gap_ns;
	uint64_t critical_ns;
	struct range {
		uint32_t begin, end;
	} within;	/* preorder numbers of what is critical; end 0: it is in no other call */
	uint64_t trace; /* its number, from 1 */
	bool has_gap;
	bool failed, unanswered;
};

SL_MUST_USE enum sl_status edges_add(struct edges *edges, const struct call *call,
				     struct sl_error *err);
/* How many traces have such a call; their numbers are put in order. */
uint64_t edge_traces(struct edge *edge);
/* Moves what is counted of edge `number` to the edge with that key, and forgets it where it was. */
SL_MUST_USE enum sl_status edges_move(struct edges *edges, size_t number,
				      const struct edge_key *key, struct sl_error *err);
void edges_forget(struct edges *edges, size_t number);
void edges_free(struct edges *edges);
/* The values of the quantiles, the least first, of at least one value. */
SL_MUST_USE bool spread_quantiles(const struct spread *spread, const struct sl_quantile *quantiles,
				  size_t count, int64_t *values);

/* claims.c: whose an address is, by those who answer there, and those who say that it is theirs. */
struct claim {
	uint32_t peer, service;	   /* names, the second without operation */
	uint64_t answered, stated; /* spans */
};

struct claims {
	struct claim *items; /* owned */
	size_t count, capacity;
	uint32_t *slots;
	size_t slot_count;
};

SL_MUST_USE enum sl_status claims_add(struct claims *claims, const struct claim *claim,
				      struct sl_error *err);
void claims_free(struct claims *claims);

/* What is told of a span besides its ids and times. */
struct fact {
	struct sl_slice service, name;
	struct sl_slice peer;			     /* empty: says nothing */
	struct sl_slice links;			     /* pack.c */
	uint32_t service_text, name_text, peer_text; /* their numbers, or NO_TEXT */
	uint32_t link_count;
	uint8_t peer_kind;
	uint8_t kind; /* SL_KIND_* */
	bool failed, chosen;
};

/* A text that has no number may be one that had none yet. */
static inline bool is_same_service(const struct fact *a, const struct fact *b)
{
	if (a->service_text != NO_TEXT && b->service_text != NO_TEXT)
		return a->service_text == b->service_text;
	return sl_slice_equal(a->service, b->service);
}

/* pack.c: spans as compact records. */
struct packed_link {
	struct sl_slice trace_id, span_id;
};
/* What is usual of a span, in this process's order of bytes. */
struct usual_fact {
	uint64_t start_ns, end_ns;
	char span_id[8], parent_span_id[8];
	uint32_t service, name, peer; /* texts */
	uint8_t kind, peer_kind;
	bool failed : 1, chosen : 1, has_parent : 1;
};
/* Appends what counts of the span, without its trace id; TEXT_PADDING bytes of room are behind its
 * texts. */
void fact_pack(const struct sl_span *span, bool chosen, bool with_name, struct sl_buffer *peer,
	       struct sl_buffer *out);
/* The record with numbers for its texts, in *usual, or as it is where it is not usual. */
struct sl_slice fact_shorten(struct sl_slice record, struct texts *texts, struct usual_fact *usual);
/* *span and *fact borrow the record and the texts; of the span only ids, kind, status and times are
 * set. */
void fact_unpack(struct sl_slice record, const struct texts *texts, struct sl_span *span,
		 struct fact *fact);
/* The links of a record that was not shortened. */
struct sl_slice fact_links(struct sl_slice record);
/* The first of the links, which is taken off. */
struct packed_link link_unpack(struct sl_slice *links);
extern const unsigned fact_needs; /* but for the name */

/* links.c: messages from trace to trace. */
struct links {
	struct sl_gatherer *gatherer;
	unsigned char *linked; /* a bit for each hash of a span that is linked */
	bool any;
};

/* What stands at either end of a link. */
struct link_end {
	uint64_t start_ns, end_ns;
	int64_t self_ns;
	uint64_t critical_ns;
	uint64_t trace;
	uint32_t node, peer; /* names; the peer may be NO_NAME */
	uint8_t kind;
	bool is_target, failed, chosen;
	bool sends; /* and nobody answered: it tells of its destination */
};

SL_MUST_USE enum sl_status links_open(struct links *links, const struct sl_gather_options *options,
				      struct sl_error *err);
/* A link to that span is going to come. */
void links_expect(struct links *links, struct sl_slice span_id);
bool links_are_expected(const struct links *links, struct sl_slice span_id);
/* That is the span of the ids, or one that links to it. */
SL_MUST_USE enum sl_status links_add(struct links *links, const struct packed_link *ids,
				     const struct link_end *end, struct sl_error *err);
void links_close(struct links *links);

/* An operation that was named before. */
struct operation {
	uint32_t service, name; /* texts */
	uint32_t number;	/* its name's, from 1; 0: none is known */
};
enum { OPERATIONS_BITS = 12 };

struct counting {
	struct sl_graphing *graphing;
	struct texts texts;
	struct names names;
	struct operation operations[1 << OPERATIONS_BITS]; /* by their hash, the last of each */
	struct edges edges;
	struct claims claims;
	struct links links;
	struct sl_graph_unknown unknown;
	uint64_t number; /* of the trace, from 1 */
	uint64_t traces, spans;
	struct sl_sum critical;
	/* of one trace */
	struct sl_arena arena;
	struct sl_span *spans_of; /* with ids, kind, status and times */
	struct fact *facts;
	const struct sl_span **pointers;
	size_t count, span_capacity, fact_capacity, pointer_capacity;
};

/* One trace while it is counted; by its nodes, in the arena. */
struct looking {
	struct counting *counting;
	const struct sl_trace *trace;
	struct sl_path path;
	uint64_t *critical_below; /* by preorder numbers: of all nodes before */
	uint32_t *entry;	  /* where its service was entered */
	uint32_t *request;	  /* the call of its service that it is part of, or SL_NO_SPAN */
	uint32_t *name;		  /* its service's or operation's */
	bool is_wanted;		  /* something of it */
	bool *told;		  /* of a call: who answered tells of it */
	bool *called;		  /* its caller is known */
};

static inline bool is_call(uint8_t kind)
{
	return kind == SL_KIND_CLIENT || kind == SL_KIND_PRODUCER;
}

static inline bool is_answer(uint8_t kind)
{
	return kind == SL_KIND_SERVER || kind == SL_KIND_CONSUMER;
}

static inline uint64_t critical_of(const struct looking *look, uint32_t at)
{
	const struct sl_trace_node *node = &look->trace->nodes[at];

	return look->critical_below[node->exit] - look->critical_below[node->enter];
}

/* A server that says who called it, of which there is no span. */
static inline bool names_caller(const struct fact *fact)
{
	return fact->kind == SL_KIND_SERVER && fact->peer_kind == SL_NODE_SERVICE &&
	       fact->peer.len != 0;
}

/* A producer, or what sends to a broker as its client. */
static inline bool is_sender(const struct fact *fact)
{
	return fact->kind == SL_KIND_PRODUCER ||
	       (fact->kind == SL_KIND_CLIENT && fact->peer_kind == SL_NODE_MESSAGING &&
		fact->peer.len != 0);
}

/* calls.c: calls within the trace, told by both sides. */
SL_MUST_USE enum sl_status count_calls(struct looking *look, struct sl_error *err);
/* leaves.c: what only one side tells. */
SL_MUST_USE enum sl_status count_leaves(struct looking *look, struct sl_error *err);
/* named.c: the number of the service's name, of the operation's, and of what the span says of the
 * other side; NO_NAME: there are too many, or it says nothing. */
SL_MUST_USE enum sl_status service_name(struct counting *counting, const struct fact *fact,
					uint32_t *number, struct sl_error *err);
SL_MUST_USE enum sl_status operation_name(struct counting *counting, const struct fact *fact,
					  uint32_t *number, struct sl_error *err);
SL_MUST_USE enum sl_status peer_name(struct counting *counting, const struct fact *fact,
				     uint32_t *number, struct sl_error *err);

/* one.c: all that is told of the trace in counting->spans_of. */
SL_MUST_USE enum sl_status count_trace(struct counting *counting, struct sl_error *err);
/* links.c: what the links tell, when all traces were counted. */
SL_MUST_USE enum sl_status count_links(struct counting *counting, struct sl_error *err);
/* resolve.c: addresses that are those of services. */
SL_MUST_USE enum sl_status resolve_peers(struct counting *counting, struct sl_error *err);
/* result.c */
SL_MUST_USE enum sl_status make_graph(struct counting *counting, struct sl_graph *graph,
				      struct sl_error *err);

#endif
