/*
 * The walk over one ResourceSpans or ResourceLogs: its records, each with its scope and resource.
 *
 * Keys come in any order, so what a record belongs to may stand behind it.  Records are queued
 * until the object has ended; when there are too many of them, the walk looks ahead for the rest of
 * scope and resource, comes back, and from then on hands out what it has.
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
	bool logs; /* the records are those of logs */
	struct sl_arena resource_arena, scope_arena, record_arena;
	struct sl_resource resource;
	struct sl_slice resource_text;	  /* its JSON, where reading it again would give the same */
	struct sl_resource last_resource; /* of the object before */
	struct sl_slice last_resource_text;
	struct sl_scope *scope; /* in the scope arena */
	uint64_t last_serial;
	enum walk_depth depth;
	struct members levels[WALK_DEPTHS];
	const char *start;  /* of the object */
	const char *record; /* the one that is being read, or NULL */
	/* from looking ahead: where the object and the ScopeSpans end; NULL: not known */
	const char *resource_end, *scope_end;
	bool looking_ahead;
	union record *queue; /* owned */
	size_t count, capacity;
	size_t ready; /* of count, may be handed out */
	size_t handed;
};

void walk_init(struct walk *walk, const struct sl_decode_options *options, struct sl_notes *notes);
void walk_free(struct walk *walk);

/* Before the cursor goes to other bytes. */
void walk_forget(struct walk *walk);
/* The cursor is at the object; nothing that was handed out is in use any more. */
void walk_begin(struct walk *walk);
/*
 * On, until records are ready or the object has ended (depth is WALK_OUTSIDE then); only when all
 * that was ready has been handed out.  False: the cursor has a fault; `record` tells whether
 * only a record is at stake.
 */
bool walk_on(struct walk *walk);
/* Drops the object with all that has not been handed out; the cursor stays where it is. */
void walk_abandon(struct walk *walk);

/* What the cursor and lists allocate from now on. */
void walk_use_arena(struct walk *walk, struct sl_arena *arena);

#endif
