/*
 * What workers tell of spans to the one that gathers them, who knows nothing else.  Each worker
 * numbers what it meets: operations, keys, values, and lists of these.  It tells each of them once
 * in full, before the first span that has it, and names it by its number from then on; when they
 * are too many it forgets all and begins again.  What is kept is for the one that gathers to say,
 * to whom all comes in the order of the input: so that answers do not depend on the workers.
 */
#ifndef CONTRAST_TOLD_H
#define CONTRAST_TOLD_H

#include "traits.h"

/* A worker's side: it remembers hashes, and no texts. */
enum { ORIGIN_COUNT = 256, REMEMBERED_COUNT = 16 };

/* Texts of scopes or resources that were met lately, as lines have them. */
struct memory {
	struct remembered {
		struct sl_buffer text; /* behind its service, if it is a resource's */
		size_t service_len;
		uint32_t list; /* NO_ITEM: it has nothing that is told */
	} items[REMEMBERED_COUNT];
	unsigned last, next;
};
struct teller {
	uint32_t worker;     /* its own number */
	struct known *known; /* by hash; owned */
	size_t capacity;     /* a power of two, or 0 */
	uint32_t count;	     /* what was told: also the number of the next */
	struct undo *undo;   /* what was added for the span at hand; owned */
	size_t undo_count, undo_capacity;
	bool grown;		      /* the table, for this span: nothing can be undone */
	const struct sl_notes *notes; /* of the worker's reader, or NULL */
	/* the lists of resources and scopes that were met lately, by serial */
	struct origin {
		uint64_t serial;
		uint32_t list;
	} origins[ORIGIN_COUNT];
	struct memory resources, scopes; /* of lazy spans */
	uint32_t *words;		 /* of the span at hand; owned */
	size_t word_count, word_capacity;
	struct sl_buffer text; /* of a value */
	struct sl_buffer *out;
	bool failed; /* no memory */
};

/* What has to be filled in of a span. */
extern const unsigned told_needs;
/* Appends what is to be told of the span, and nothing of one that turns out to be damaged;
 * `matched`: it is what a split asks for.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status teller_tell(struct teller *teller, const struct sl_span *span,
				       bool matched, struct sl_buffer *out, struct sl_error *err);
void teller_free(struct teller *teller);

/* tell.c, for tell_lazily.c.  `in_event`: it is an event's. */
void tell_attribute_of(struct teller *teller, bool in_event, struct sl_slice key,
		       const struct sl_value *value);
void tell_event(struct teller *teller, struct sl_slice name);
/* The word for all that it has, which the span has then; NO_ITEM: nothing, or too many words. */
uint32_t tell_resource(struct teller *teller, const struct sl_resource *resource);
uint32_t tell_scope(struct teller *teller, const struct sl_scope *scope);
void tell_word(struct teller *teller, uint32_t word);
/* tell_lazily.c: attributes, events, scope and resource of a lazy span.  False: it is damaged, or
 * there is no memory. */
SL_MUST_USE bool tell_lazily(struct teller *teller, const struct sl_span *span);
/* tell.c: the same of one with everything filled in. */
void tell_whole(struct teller *teller, const struct sl_span *span);
void memory_forget(struct memory *memory);
void memory_free(struct memory *memory);

/* The other side: what the numbers of each worker mean. */
struct listener {
	struct traits *traits;
	struct voice {
		uint32_t *meant; /* by number; owned */
		size_t count, capacity;
		struct word_lists lists; /* that the traits have no room for */
	} * voices;			 /* by worker; owned */
	size_t voice_count, voice_capacity;
	struct sl_buffer fact;
};

/* Takes pieces off *told up to the next span and with it; *fact is borrowed until the next call.
 * SL_END: there is none.  SL_FAILED: no memory. */
SL_MUST_USE enum sl_status listener_next(struct listener *listener, struct sl_slice *told,
					 struct sl_slice *trace_id, struct sl_slice *fact,
					 struct sl_error *err);
void listener_free(struct listener *listener);

/* A span as it waits for its trace: its words (traits, or lists) and then its ids stand behind it;
 * as bytes that stand anywhere. */
struct fact {
	uint64_t start_ns, end_ns;
	uint32_t operation;
	uint32_t word_count;
	uint32_t id_len, parent_len;
	uint32_t crowded;
	int32_t kind; /* SL_KIND_* */
	bool failed, matched;
};
/* Set in words; traits are fewer. */
#define WORD_OF_LIST	(UINT32_C(1) << 31)
#define WORD_IS_CROWDED (UINT32_C(1) << 30) /* stands for what was not kept; not in facts */
#define WORD_IN_FULL	(UINT32_C(1) << 29) /* of a list: that of a voice; not in facts */

static inline struct fact fact_of(struct sl_slice bytes)
{
	struct fact fact;

	memcpy(&fact, bytes.data, sizeof(fact));
	return fact;
}

static inline uint32_t fact_word(struct sl_slice bytes, uint32_t at)
{
	uint32_t word;

	memcpy(&word, bytes.data + sizeof(struct fact) + at * sizeof(word), sizeof(word));
	return word;
}

/* Before everything that is told. */
struct piece {
	uint32_t worker;
	enum piece_kind {
		PIECE_OPERATION, /* service and name */
		PIECE_KEY,	 /* "span.http.route" */
		PIECE_VALUE,	 /* plain JSON, its start */
		PIECE_LIST,	 /* of words */
		PIECE_SPAN,	 /* its trace id and its fact, in the worker's words */
		PIECE_FORGET,	 /* numbers begin at 0 again */
	} kind;
	size_t size;   /* of what follows */
	uint64_t hash; /* of a value */
	uint32_t key;  /* of a value: the word of its key */
	uint32_t head; /* bytes of what comes first: the service, the trace id */
	bool is_time;  /* a value that is one */
};

#endif
