/* What traces have, by name: operations, and traits that are there or not. */
#ifndef CONTRAST_TRAITS_H
#define CONTRAST_TRAITS_H

#include "spanline/contrast.h"

enum {
	OPERATION_LIMIT = 20000,
	KEY_LIMIT = 10000,
	VALUES_OF_KEY = 1000,
	TRAIT_LIMIT = 300000, /* of all kinds */
	LIST_LIMIT = 100000,
	VALUE_BYTES = 256, /* are kept of a value's text */
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
	uint32_t caller, edge; /* of the call that was found last; edge NO_ITEM: none was */
	bool is_root;	       /* of some trace */
	bool matched;	       /* what a split asked for was found in such a span */
	bool repeats;	       /* more than once in some trace */
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
	uint64_t traces[SL_SET_COUNT];
	uint64_t signature; /* of the set of all its traces */
	struct sl_trace_label examples[SL_SET_COUNT][SL_EXAMPLES]; /* with the least hashes */
};

/* Of a trait, apart from it as it is looked at for every span. */
struct mark {
	uint64_t seen;	  /* as of an operation */
	uint32_t implied; /* the trait that every trace with this one has, or NO_ITEM */
};

/* Traits that are told together. */
struct word_list {
	uint64_t seen;
	size_t first, count; /* in `words` */
	uint32_t crowded;    /* were left out */
};

struct word_lists {
	struct word_list *items; /* owned, as are the words */
	uint32_t *words;
	size_t count, capacity;
	size_t word_count, word_capacity;
};

struct traits {
	struct sl_arena arena; /* of texts */
	struct operation *operations;
	struct attribute_key *keys;
	struct trait *items;
	struct mark *marks;	 /* by trait */
	struct word_lists lists; /* at most LIST_LIMIT */
	size_t operation_count, operation_capacity;
	size_t key_count, key_capacity;
	size_t count, capacity, mark_capacity;
	struct sl_index operation_index, key_index, index; /* 1 more than the number */
	uint64_t crowded;				   /* what was not kept */
};

/* Stands for operations of which there are too many. */
extern const struct sl_operation_name other_operations;
bool is_other_operations(const struct sl_operation_name *name);
/* By service, then by name. */
int compare_operation_names(const struct sl_operation_name *a, const struct sl_operation_name *b);

/* The operation of that name; NO_ITEM: too many, or *failed: no memory. */
uint32_t contrast_operation(struct traits *traits, struct sl_operation_name name, bool *failed);
/* The key, "span.http.route"; NO_ITEM as above. */
uint32_t contrast_key(struct traits *traits, struct sl_slice name, bool *failed);
/* What identifies a trait. */
struct trait_id {
	enum sl_difference_kind kind;
	uint32_t of, to;
	uint64_t value;	  /* a hash */
	uint32_t implied; /* identifies nothing: see struct mark */
};
/* The trait, made where it was not there (*is_new); NO_ITEM: too many, or *failed: no memory. */
uint32_t contrast_trait(struct traits *traits, const struct trait_id *id, bool *is_new,
			bool *failed);
void contrast_traits_free(struct traits *traits);

#endif
