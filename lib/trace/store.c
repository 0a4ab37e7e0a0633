/* Chunks of records: filled one after the other, freed when none of their records is left. */
#include "store.h"
#include <stdlib.h>

static size_t record_size(size_t len)
{
	return (sizeof(struct record) + len + 7) & ~(size_t)7;
}

static size_t new_capacity(const struct store *store, size_t size)
{
	return size > store->chunk_bytes ? size : store->chunk_bytes;
}

static bool fits(const struct store *store, size_t size)
{
	const struct chunk *newest = store->chunks;

	return newest != NULL && newest->capacity - newest->used >= size;
}

size_t store_growth(const struct store *store, size_t len)
{
	size_t size = record_size(len);

	if (fits(store, size))
		return 0;
	return sizeof(struct chunk) + new_capacity(store, size) + SL_PADDING;
}

static bool add_chunk(struct store *store, size_t size)
{
	size_t capacity = new_capacity(store, size);
	size_t bytes = sizeof(struct chunk) + capacity + SL_PADDING;
	/* the first is all that little input needs */
	bool large = bytes == SL_LARGE_BYTES && store->chunks != NULL;
	struct chunk *chunk = large ? sl_alloc_large() : malloc(bytes);

	if (chunk == NULL)
		return false;
	*chunk = (struct chunk){ .older = store->chunks, .capacity = capacity };
	if (store->chunks != NULL)
		store->chunks->newer = chunk;
	store->chunks = chunk;
	store->total_bytes += bytes;
	memset(chunk->bytes + capacity, 0, SL_PADDING);
	return true;
}

struct record *store_add(struct store *store, struct sl_slice bytes)
{
	size_t size = record_size(bytes.len);
	struct record *record;
	struct chunk *chunk;

	if (size < bytes.len || (!fits(store, size) && !add_chunk(store, size)))
		return NULL;
	chunk = store->chunks;
	record = (struct record *)(void *)(chunk->bytes + chunk->used);
	chunk->used += size;
	chunk->live++;
	record->before = NULL;
	record->chunk = chunk;
	record->len = bytes.len;
	if (bytes.len > 0)
		memcpy(record->bytes, bytes.data, bytes.len);
	return record;
}

static void remove_chunk(struct store *store, struct chunk *chunk)
{
	if (chunk->older != NULL)
		chunk->older->newer = chunk->newer;
	if (chunk->newer != NULL)
		chunk->newer->older = chunk->older;
	else
		store->chunks = chunk->older;
	store->total_bytes -= sizeof(*chunk) + chunk->capacity + SL_PADDING;
	free(chunk);
}

void store_release(struct store *store, struct record *record)
{
	struct chunk *chunk = record->chunk;

	if (--chunk->live > 0)
		return;
	/* the one that is being filled is begun again, unless it was made for one large record */
	if (chunk->newer == NULL && chunk->capacity == store->chunk_bytes)
		chunk->used = 0;
	else
		remove_chunk(store, chunk);
}

void store_clear(struct store *store)
{
	for (struct chunk *chunk = store->chunks, *older; chunk != NULL; chunk = older) {
		older = chunk->older;
		free(chunk);
	}
	store->chunks = NULL;
	store->total_bytes = 0;
}
