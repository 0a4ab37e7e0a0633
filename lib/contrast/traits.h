/* What traces have, by name: operations, and traits that are there or not. */
#ifndef CONTRAST_TRAITS_H
#define CONTRAST_TRAITS_H

#include "spanline/contrast.h"

enum {
	OPERATION_LIMIT = 20000,
	KEY_LIMIT = 10000,
	VALUES_OF_KEY = 1000,
	TRAIT_LIMIT = 300000, /* of all kinds */
	VALUE_BYTES = 256,    /* are kept of a value's text */
};

#define NO_ITEM UINT32_MAX

/* The figures of one operation in one set. */
struct operation_sums {
	uint64_t calls, errors;
	struct sl_sum self, critical;
};

struct operation {
	struct sl_operation_name name;
	uint64_t hash;
	uint64_t seen; /* while traces are collected: the number of the last one */
	uint32_t slot; /* and where it stands in that */
	uint32_t trait, errors_trait;
	bool matched; /* what a split asked for was found in such a span */
	bool repeats; /* more than once in some trace */
	struct operation_sums sums[SL_SET_COUNT];
};

struct attribute_key {
	struct sl_slice name; /* "span.http.route" */
	uint64_t hash;
	uint32_t trait;
	uint32_t value_count;
	bool dropped; /* there are too many, or they are times */
	bool asked;   /* a split is about it */
};

struct trait {
	enum sl_difference_kind kind;
	uint32_t of;	       /* the operation, or the key */
	uint32_t to;	       /* of an edge: the callee */
	uint64_t hash;	       /* of all that makes it */
	struct sl_slice value; /* of an attribute: plain JSON, its start */
	uint64_t seen;	       /* as of an operation */
	uint64_t traces[SL_SET_COUNT];
	uint64_t signature; /* of the set of all its traces */
	struct sl_trace_label examples[SL_SET_COUNT][SL_EXAMPLES]; /* with the least hashes */
};

struct traits {
	struct sl_arena arena; /* of texts */
	struct operation *operations;
	struct attribute_key *keys;
	struct trait *items;
	size_t operation_count, operation_capacity;
	size_t key_count, key_capacity;
	size_t count, capacity;
	uint32_t *operation_slots, *key_slots, *slots; /* 1 more than the index; 0: free */
	size_t operation_slot_count, key_slot_count, slot_count;
	uint64_t crowded; /* what was not kept */
};

/* The operation of that name, or what stands for all that are too many; NO_ITEM: no memory. */
uint32_t contrast_operation(struct traits *traits, struct sl_operation_name name);
/* The key in that scope; NO_ITEM: too many. *failed: no memory. */
uint32_t contrast_key(struct traits *traits, struct sl_slice scope, struct sl_slice key,
		      bool *failed);
/* What identifies a trait; `text` is called for only where it is new. */
struct trait_id {
	enum sl_difference_kind kind;
	uint32_t of, to;
	uint64_t value; /* a hash */
};
/* The trait, made where it was not there (*is_new); NO_ITEM: too many, or *failed: no memory. */
uint32_t contrast_trait(struct traits *traits, const struct trait_id *id, bool *is_new,
			bool *failed);
void contrast_traits_free(struct traits *traits);

#endif
