/*
 * The walk over one ResourceSpans or ResourceLogs: its records, each with its scope and resource.
 *
 * Keys come in any order, so what a record belongs to may stand behind it.  Records are queued
 * until the object has ended; when there are too many of them, the walk looks ahead for the rest of
 * scope and resource, comes back, and from then on hands out what it has.  Where damage bars the
 * view, records go with what is known before it.
 */
#ifndef JSON_OTLP_WALK_H
#define JSON_OTLP_WALK_H

#include "otlp_record.h"

/* Where the walk stands: how many levels of the object are open. */
enum walk_depth {
	WALK_OUTSIDE,
	WALK_IN_RESOURCE, /* { ResourceSpans } */
	WALK_IN_SCOPES,	  /* [ scopeSpans ] */
	WALK_IN_SCOPE,	  /* { ScopeSpans } */
	WALK_IN_RECORDS,  /* [ spans ] */
	WALK_DEPTHS
};

struct walk {
	struct decoder decoder;
	struct sl_arena resource_arena, scope_arena, record_arena;
	struct sl_resource resource;
	struct sl_slice resource_text;	  /* its JSON, where reading it again would give the same */
	struct sl_resource last_resource; /* of the object before */
	struct sl_slice last_resource_text;
	struct sl_scope *scope; /* in the scope arena */
	uint64_t last_serial;
	enum walk_depth depth;
	struct members levels[WALK_DEPTHS];
	const char *start; /* of the object */
	const char *ended; /* where it did; NULL: not yet, or not by a bracket of its own */
	/* for getting over a fault: the value that is read as one (a record, a resource, a scope),
	 * or NULL; where the element that was begun last stands; where the last step began */
	const char *part, *tried, *step;
	/* from looking ahead: where the object and the ScopeSpans end; NULL: not known */
	const char *resource_end, *scope_end;
	const char *blind;   /* up to here there is no looking ahead: a fault is in the way */
	union record *queue; /* owned */
	size_t count, capacity;
	size_t ready; /* of count, may be handed out */
	size_t handed;
	bool logs;	 /* the records are those of logs */
	bool at_element; /* the cursor is at one, its separator is passed */
	bool looking_ahead;
};

extern const struct message resource_spans_message, scope_spans_message;
extern const struct message resource_logs_message, scope_logs_message;

void walk_init(struct walk *walk, const struct sl_decode_options *options, struct sl_notes *notes);
void walk_free(struct walk *walk);

/* Before the cursor goes to other bytes. */
void walk_forget(struct walk *walk);
/* The cursor is at the object; nothing that was handed out is in use any more. */
void walk_begin(struct walk *walk);
/*
 * On, until records are ready or the object has ended (depth is WALK_OUTSIDE then); only when all
 * that was ready has been handed out.  False: the cursor has a fault; what is queued stays, a
 * resource or scope that was begun is absent.
 */
bool walk_on(struct walk *walk);
/* Drops the object with all that has not been handed out; the cursor stays where it is. */
void walk_abandon(struct walk *walk);
/*
 * Goes on after a fault with what the cursor is at: a ScopeSpans (WALK_IN_SCOPES), a record
 * (WALK_IN_RECORDS), the value of resource (WALK_IN_RESOURCE) or scope (WALK_IN_SCOPE).  False: out
 * of memory.
 */
bool walk_resume(struct walk *walk, enum walk_depth depth);
/* What has ended last, a ScopeSpans (WALK_IN_SCOPE) or all of the object (WALK_IN_RESOURCE), has
 * not. */
void walk_reopen(struct walk *walk, enum walk_depth depth);
/* As if the object ended here: what is queued is ready. */
void walk_finish(struct walk *walk);

/* What the cursor and lists allocate from now on. */
void walk_use_arena(struct walk *walk, struct sl_arena *arena);

#endif
