/* What the files of this room share: fields to group by, their values of a span, groups by them. */
#ifndef STATS_GROUPS_H
#define STATS_GROUPS_H

#include "spanline/stats.h"

struct field {
	struct sl_slice name;	/* as the user wrote it; in the arena */
	struct sl_query *query; /* NULL: the window */
};

struct sl_grouping {
	struct sl_arena arena;
	struct field *fields;
	size_t count, capacity;
	unsigned needs;
	bool needs_traces;
	uint64_t window_ns; /* 0: none; else the first field */
	bool is_usual;	    /* service and name, which every span has at hand */
};

/* Groups by their values; a zeroed table with `fields` set is empty. */
struct group_table {
	struct sl_group *groups;
	size_t count, capacity;
	struct sl_index index;
	size_t fields;	       /* values of a group */
	bool with_traces;      /* each duration has its trace */
	double error;	       /* of quantiles; 0: durations are kept */
	struct sl_arena arena; /* these */
	uint64_t start_ns, end_ns, backwards;
	struct sl_sum waited; /* on critical paths */
};

static inline void sum_merge(struct sl_sum *sum, struct sl_sum other)
{
	sum->low += other.low;
	sum->high = (int64_t)((uint64_t)sum->high + (uint64_t)other.high + (sum->low < other.low));
}

/* The group of these values, a new one where there is none; NULL: no memory. */
struct sl_group *group_table_find(struct group_table *table, const struct sl_group_value *by,
				  uint64_t hash);
/* Moves all of `from` into the other; what is left of it is to be freed. */
SL_MUST_USE bool group_table_merge(struct group_table *into, struct group_table *from);
/* What is known of the groups once all is read; borrowed until the table is freed. */
void group_table_add_up(struct group_table *table, const struct sl_grouping *grouping,
			struct sl_groups *groups);
void group_table_free(struct group_table *table);

/* Where durations are not kept. */
SL_MUST_USE bool group_add_roughly(struct sl_group *group, int64_t duration);

/* adjusted.c */
SL_MUST_USE bool adjusted_add(struct sl_adjusted *adjusted, const struct sl_span *span);
SL_MUST_USE bool adjusted_merge(struct sl_adjusted *into, const struct sl_adjusted *from);
void adjusted_gather(struct sl_adjusted *adjusted);

/* key.c */
uint64_t key_hash(const struct sl_group_value *by, size_t count);
bool key_equal(const struct sl_group_value *a, const struct sl_group_value *b, size_t count);
int key_compare(const struct sl_group_value *a, const struct sl_group_value *b, size_t count);
/* The values as bytes, for this process alone; their texts are borrowed from these. */
void key_pack(const struct sl_group_value *by, size_t count, struct sl_buffer *out);
void key_unpack(struct sl_slice packed, struct sl_group_value *by, size_t count);
/* Their texts are in the arena too.  NULL: no memory. */
const struct sl_group_value *key_copy(struct sl_arena *arena, const struct sl_group_value *by,
				      size_t count);

/* Words of a text: the last one overlaps the one before it, or has fewer bytes. */
static inline uint64_t first_word(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint64_t short_word(struct sl_slice text)
{
	uint32_t low, high;

	if (text.len >= 4) {
		memcpy(&low, text.data, 4);
		memcpy(&high, text.data + text.len - 4, 4);
		return (uint64_t)high << 32 | low;
	}
	if (text.len == 0)
		return 0;
	low = (unsigned char)text.data[0] | (unsigned)(unsigned char)text.data[text.len / 2] << 8;
	return low | (unsigned)(unsigned char)text.data[text.len - 1] << 16;
}

static inline uint64_t last_word(struct sl_slice text)
{
	return text.len >= 8 ? first_word(text.data + text.len - 8) : short_word(text);
}

/* One step of a hash that is good enough for a table, and cheap. */
static inline uint64_t stir(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static inline uint64_t hash_text(struct sl_slice text, uint64_t hash)
{
	const char *at = text.data, *last;

	hash += SL_TYPE_STRING + ((uint64_t)text.len << 8);
	if (text.len < 8)
		return stir(hash, short_word(text));
	last = at + text.len - 8;
	for (; at < last; at += 8)
		hash = stir(hash, first_word(at));
	return stir(hash, first_word(last));
}

static inline bool same_text(struct sl_slice a, struct sl_slice b)
{
	size_t at = 0;

	if (a.len != b.len)
		return false;
	if (a.len < 8)
		return short_word(a) == short_word(b);
	for (; at + 8 < a.len; at += 8)
		if (first_word(a.data + at) != first_word(b.data + at))
			return false;
	return first_word(a.data + a.len - 8) == first_word(b.data + a.len - 8);
}

/* Whether the bytes are the same but for the last eight: the last word tells of these. */
static inline bool same_start(const char *a, const char *b, size_t len)
{
	if (len <= 8)
		return true;
	if (first_word(a) != first_word(b))
		return false;
	for (size_t at = 8; at + 8 < len; at += 8)
		if (first_word(a + at) != first_word(b + at))
			return false;
	return true;
}

enum { RECENT_BITS = 12 };

/* A group by service and name, with what tells it from most others: texts of these lengths and ends
 * differ in their starts, or not at all. */
struct recent {
	struct sl_slice service, name;
	uint64_t service_end, name_end; /* last_word */
	uint32_t number;		/* of the group, from 1; 0: none */
};

/* One worker's way from spans to groups. */
struct grouper {
	const struct sl_grouping *grouping;
	struct sl_matcher **matchers; /* one a field */
	struct sl_group_value *by;
	struct sl_buffer lists; /* texts of arrays */
	bool adjusted;		/* counts by the threshold of sampling are wanted */
	bool is_plain;		/* grouper_start: the usual groups, and of them the usual things */
	/* For each place the group that was last there.  Texts that meet in it only cost time. */
	struct recent recent[1 << RECENT_BITS];
	struct group_table table;
};

SL_MUST_USE enum sl_status grouper_open(struct grouper *grouper, const struct sl_grouping *grouping,
					struct sl_error *err);
void grouper_close(struct grouper *grouper);
/* What is wanted besides is set. */
void grouper_start(struct grouper *grouper);
uint64_t grouper_limits_hit(const struct grouper *grouper);
/* Appends the values that the span, which stands alone, is grouped by: key_pack. */
SL_MUST_USE enum sl_status grouper_pack(struct grouper *grouper, const struct sl_span *span,
					struct sl_buffer *out, struct sl_error *err);
/* A span, and which node of the trace it is; `trace` is NULL where none is needed. */
struct placed {
	const struct sl_span *span;
	const struct sl_trace *trace;
	uint32_t index;
	struct sl_slice by; /* what grouper_pack gave; data NULL: the span is asked */
	/* Of whole traces, where they are wanted. */
	uint64_t trace_number; /* from 1; 0: they are not counted */
	const int64_t *self_ns, *critical_ns;
};
SL_MUST_USE enum sl_status grouper_add(struct grouper *grouper, const struct placed *placed,
				       struct sl_error *err);
/* The same of a plain grouper, quickly. */
SL_MUST_USE enum sl_status grouper_add_plain(struct grouper *grouper, const struct sl_span *span,
					     struct sl_error *err);

#endif
