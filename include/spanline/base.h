/*
 * What every other room stands on: outcomes, errors, borrowed bytes, arenas, buffers, hashing.
 *
 * Three words are used in all headers exactly so: *owned* (you free it), *borrowed* (until when
 * is said), *in the arena* (until sl_arena_reset or sl_arena_free).
 */
#ifndef SPANLINE_BASE_H
#define SPANLINE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SL_MUST_USE	       __attribute__((warn_unused_result))
#define SL_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#define SL_LIKELY(claim)       __builtin_expect(!!(claim), 1)
#define SL_UNLIKELY(claim)     __builtin_expect(!!(claim), 0)
#define SL_COUNT(array)	       (sizeof(array) / sizeof((array)[0]))

/* Bytes handed to a scanner are followed by this many that may be read, whatever they hold. */
#define SL_PADDING 64

/* What a caller may do next. */
enum sl_status {
	SL_OK,
	SL_END,	       /* nothing more, and nothing wrong */
	SL_BAD_RECORD, /* this one is lost; go on with the next */
	SL_FAILED,     /* stop */
};

/* Why something was lost: the keys of "skipped" in a summary. */
enum sl_reason {
	SL_MALFORMED,	/* not what the format says */
	SL_TRUNCATED,	/* ended too early */
	SL_OVERSIZE,	/* over a stated limit */
	SL_UNSUPPORTED, /* recognised, but not read by this program */
	SL_SYSTEM,	/* memory, files, devices */
	SL_REASON_COUNT
};

#define SL_NOWHERE SIZE_MAX

/* `text` is one line without a full stop; `offset` is in bytes from the start of what was given
 * to the function that failed, or SL_NOWHERE. */
struct sl_error {
	enum sl_reason reason;
	size_t offset;
	char text[480];
};

const char *sl_reason_name(enum sl_reason reason);

/* Both fill *err and return their outcome: SL_BAD_RECORD and SL_FAILED. */
SL_PRINTF(4, 5)
enum sl_status sl_reject(struct sl_error *err, enum sl_reason reason, size_t offset,
			 const char *format, ...);
SL_PRINTF(2, 3)
enum sl_status sl_fail(struct sl_error *err, const char *format, ...);
enum sl_status sl_fail_memory(struct sl_error *err);

/* Borrowed bytes, not terminated; data may be NULL only where len is 0. */
struct sl_slice {
	const char *data;
	size_t len;
};

#define SL_SLICE(literal) ((struct sl_slice){ (literal), sizeof(literal) - 1 })

/* Borrowed, without its end. */
static inline struct sl_slice sl_slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static inline bool sl_slice_equal(struct sl_slice a, struct sl_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline uint32_t sl_load_4(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint64_t sl_load_8(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* For the few bytes of a key or an id: without a call, unless they are many. */
static inline bool sl_same_bytes(const char *a, const char *b, size_t len)
{
	if (len < 8)
		return len < 4 ? memcmp(a, b, len) == 0
			       : sl_load_4(a) == sl_load_4(b) &&
					 sl_load_4(a + len - 4) == sl_load_4(b + len - 4);
	return sl_load_8(a) == sl_load_8(b) && sl_load_8(a + len - 8) == sl_load_8(b + len - 8) &&
	       (len <= 16 || memcmp(a, b, len) == 0);
}

/* Bytewise order, a prefix before what it is a prefix of. */
int sl_slice_compare(struct sl_slice a, struct sl_slice b);

/*
 * Memory that is given back all at once.  A zeroed struct with a limit is an empty arena.
 * Alignment is that of max_align_t's 8-byte members.
 */
struct sl_arena_block;
struct sl_arena {
	struct sl_arena_block *blocks; /* newest first */
	char *at, *end;
	size_t total_bytes; /* of all blocks */
	size_t limit_bytes; /* 0: none */
};

void *sl_arena_grow(struct sl_arena *arena, size_t size);

/* `size` bytes, not cleared, or NULL: out of memory or over the limit. */
static inline void *sl_arena_alloc(struct sl_arena *arena, size_t size)
{
	size_t rounded = (size + 7) & ~(size_t)7;

	/* ">=": also where there is no memory yet, for no bytes */
	if (SL_UNLIKELY(rounded >= (size_t)(arena->end - arena->at) || rounded < size))
		return sl_arena_grow(arena, size);
	void *at = arena->at;
	arena->at += rounded;
	return at;
}

/* Gives back what was allocated from `end` on, if that is in the newest block; else nothing. */
void sl_arena_trim(struct sl_arena *arena, char *end);

/* A copy of the bytes; data is NULL where there is no memory (and len was not 0). */
struct sl_slice sl_arena_copy(struct sl_arena *arena, struct sl_slice from);
/* Empties the arena and keeps one block for the next use. */
void sl_arena_reset(struct sl_arena *arena);
void sl_arena_free(struct sl_arena *arena);

/*
 * Bytes that grow.  A zeroed struct is an empty buffer; `limit` 0 means SIZE_MAX / 2.  Where
 * memory or the limit ends, `failed` is set and stays, and what is added is dropped: a writer
 * checks once, at the end.
 */
struct sl_buffer {
	char *data;
	size_t len;
	size_t capacity;
	size_t limit;
	bool failed;
};

bool sl_buffer_grow(struct sl_buffer *buffer, size_t room);

/* Room for `room` more bytes behind len: where to write them, or NULL (and failed is set).
 * The caller adds to len what it wrote. */
static inline char *sl_buffer_reserve(struct sl_buffer *buffer, size_t room)
{
	/* "<=": also where there is no memory yet, for no room */
	if (SL_UNLIKELY(buffer->capacity - buffer->len <= room || buffer->failed) &&
	    !sl_buffer_grow(buffer, room))
		return NULL;
	return buffer->data + buffer->len;
}

static inline void sl_buffer_add(struct sl_buffer *buffer, const void *data, size_t len)
{
	char *at = sl_buffer_reserve(buffer, len);

	if (SL_LIKELY(at != NULL) && len != 0) {
		memcpy(at, data, len);
		buffer->len += len;
	}
}

static inline void sl_buffer_add_slice(struct sl_buffer *buffer, struct sl_slice slice)
{
	sl_buffer_add(buffer, slice.data, slice.len);
}

static inline void sl_buffer_add_byte(struct sl_buffer *buffer, char byte)
{
	char *at = sl_buffer_reserve(buffer, 1);

	if (SL_LIKELY(at != NULL)) {
		*at = byte;
		buffer->len++;
	}
}

#define sl_buffer_add_literal(buffer, literal)                                                     \
	sl_buffer_add((buffer), (literal), sizeof(literal) - 1)

SL_PRINTF(2, 3) void sl_buffer_printf(struct sl_buffer *buffer, const char *format, ...);
static inline struct sl_slice sl_buffer_slice(const struct sl_buffer *buffer)
{
	return (struct sl_slice){ buffer->data, buffer->len };
}
void sl_buffer_free(struct sl_buffer *buffer);

/* What an operator of comparison takes: some of the orders in which two things may stand, of which
 * `order` is one: below 0, 0, above 0. */
enum sl_order { SL_ORDER_LESS = 1, SL_ORDER_EQUAL = 2, SL_ORDER_GREATER = 4 };

static inline bool sl_order_is(unsigned orders, int order)
{
	return (orders >> (1 + (order > 0) - (order < 0)) & 1) != 0;
}

/*
 * A block of SL_LARGE_BYTES for much that is written from its begin to its end, or NULL: no memory.
 * Where the system has pages of that size it is one, of which the first byte takes all.  For free.
 */
#define SL_LARGE_BYTES ((size_t)2 * 1024 * 1024)
SL_MUST_USE void *sl_alloc_large(void);

/*
 * Makes room for `need` items of `item_size` bytes in the owned array *items: true, or false where
 * there is no memory (the array is as it was).  The capacity at least doubles.
 */
SL_MUST_USE bool sl_array_reserve(void **items, size_t *capacity, size_t need, size_t item_size);

/* Of `count` items in the order of the uint64_t that each begins with: the first that has `key`,
 * and in *found how many have it. */
size_t sl_array_find(const void *items, size_t count, size_t item_size, uint64_t key,
		     size_t *found);

/* A good 64-bit hash; the same for the same seed on every machine of one byte order. */
uint64_t sl_hash64(const void *data, size_t len, uint64_t seed);

/* The finaliser of MurmurHash3 (public domain constants): every input bit reaches every output
 * bit. */
static inline uint64_t sl_hash_mix(uint64_t bits)
{
	bits ^= bits >> 33;
	bits *= UINT64_C(0xff51afd7ed558ccd);
	bits ^= bits >> 33;
	bits *= UINT64_C(0xc4ceb9fe1a85ec53);
	bits ^= bits >> 33;
	return bits;
}

/* The same for tables of texts: less good, and two to three times as fast. */
uint64_t sl_text_hash(struct sl_slice text, uint64_t seed);

/* For tables of ids, most of which have 8 or 16 bytes: another hash, and whether two are one. */
static inline uint64_t sl_id_hash(struct sl_slice id, uint64_t seed)
{
	uint64_t words[2] = { 0, 0 };

	if (SL_UNLIKELY(id.len != 8 && id.len != 16))
		return sl_hash64(id.data, id.len, seed);
	memcpy(words, id.data, 8);
	if (id.len == 16)
		memcpy(words + 1, id.data + 8, 8);
	seed = sl_hash_mix(words[0] ^ seed);
	return id.len == 8 ? seed : sl_hash_mix(words[1] ^ seed);
}

static inline bool sl_id_equal(struct sl_slice a, struct sl_slice b)
{
	return a.len == b.len && (a.len == 0 || sl_same_bytes(a.data, b.data, a.len));
}

/* FNV-1a of 64 bits (offset basis 0xcbf29ce484222325, prime 0x100000001b3): for what is written
 * down or shared between programs.  It never changes. */
static inline uint64_t sl_fnv1a(struct sl_slice bytes)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ (unsigned char)bytes.data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* SHA-256 (FIPS 180-4), for the content security policies of pages. */
void sl_sha256(struct sl_slice text, unsigned char digest[32]);

/*
 * Numbers of things, from 1, by a hash of what they are found by: 16 bytes each and a third more.
 * A zeroed struct is empty.
 *
 *	for (size_t at = 0; (number = sl_index_next(&index, hash, &at)) != 0;)
 *		if (this is what was looked for)
 *			...
 */
struct sl_index {
	struct sl_index_slot {
		uint32_t hash, number; /* 0: it is free */
	} * slots;		       /* owned */
	size_t count, capacity;	       /* a power of two, or 0 */
};

/* The number must not be 0.  False: no memory. */
SL_MUST_USE bool sl_index_add(struct sl_index *index, uint64_t hash, uint32_t number);
/* Empty again, but for its memory. */
void sl_index_clear(struct sl_index *index);
void sl_index_free(struct sl_index *index);

static inline uint32_t sl_index_fold(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32);
}

/* The next number of that hash, or 0; *at is 0 first. */
static inline uint32_t sl_index_next(const struct sl_index *index, uint64_t hash, size_t *at)
{
	uint32_t wanted = sl_index_fold(hash);

	while (*at < index->capacity) {
		const struct sl_index_slot *slot =
			&index->slots[(wanted + (*at)++) & (index->capacity - 1)];

		if (slot->number == 0)
			return 0;
		if (slot->hash == wanted)
			return slot->number;
	}
	return 0;
}

/* How many different byte strings were added, by 128-bit hash: 16 bytes each and a third more. */
struct sl_distinct {
	uint64_t (*slots)[2];
	size_t count;
	size_t capacity; /* a power of two, or 0 */
};

SL_MUST_USE bool sl_distinct_add(struct sl_distinct *set, struct sl_slice item);
bool sl_distinct_has(const struct sl_distinct *set, struct sl_slice item);
SL_MUST_USE bool sl_distinct_merge(struct sl_distinct *into, const struct sl_distinct *from);
void sl_distinct_free(struct sl_distinct *set);

#endif
