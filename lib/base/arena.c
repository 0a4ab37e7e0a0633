/* Arenas: a chain of blocks, the newest in use. */
#include "spanline/base.h"
#include <stdlib.h>

enum { FIRST_BLOCK_BYTES = 16 * 1024, LARGEST_STEP_BYTES = 4 * 1024 * 1024 };

struct sl_arena_block {
	struct sl_arena_block *next;
	size_t bytes; /* behind this header */
};

static char *block_start(struct sl_arena_block *block)
{
	return (char *)(block + 1);
}

/* What the limit still allows. */
static size_t bytes_left(const struct sl_arena *arena)
{
	size_t limit = arena->limit_bytes != 0 ? arena->limit_bytes : SIZE_MAX / 2;

	return arena->total_bytes < limit ? limit - arena->total_bytes : 0;
}

void *sl_arena_grow(struct sl_arena *arena, size_t size)
{
	size_t rounded = (size + 7) & ~(size_t)7;
	size_t bytes = arena->blocks == NULL ? FIRST_BLOCK_BYTES : arena->blocks->bytes * 2;
	size_t left = bytes_left(arena);
	struct sl_arena_block *block;

	if (rounded < size || rounded > left)
		return NULL;
	if (bytes > LARGEST_STEP_BYTES)
		bytes = LARGEST_STEP_BYTES;
	if (bytes > left)
		bytes = left & ~(size_t)7;
	if (bytes < rounded)
		bytes = rounded;
	block = malloc(sizeof(*block) + bytes);
	if (block == NULL)
		return NULL;
	block->next = arena->blocks;
	block->bytes = bytes;
	arena->blocks = block;
	arena->total_bytes += bytes;
	arena->at = block_start(block) + rounded;
	arena->end = block_start(block) + bytes;
	return block_start(block);
}

void sl_arena_trim(struct sl_arena *arena, char *end)
{
	uintptr_t start = (uintptr_t)block_start(arena->blocks);
	size_t used = ((size_t)((uintptr_t)end - start) + 7) & ~(size_t)7;

	if ((uintptr_t)end >= start && used <= arena->blocks->bytes)
		arena->at = block_start(arena->blocks) + used;
}

struct sl_slice sl_arena_copy(struct sl_arena *arena, struct sl_slice from)
{
	char *at;

	if (from.len == 0)
		return (struct sl_slice){ "", 0 };
	at = sl_arena_alloc(arena, from.len);
	if (at == NULL)
		return (struct sl_slice){ NULL, 0 };
	memcpy(at, from.data, from.len);
	return (struct sl_slice){ at, from.len };
}

/* Frees every block behind `keep`. */
static void free_older(struct sl_arena *arena, struct sl_arena_block *block)
{
	while (block != NULL) {
		struct sl_arena_block *next = block->next;

		arena->total_bytes -= block->bytes;
		free(block);
		block = next;
	}
}

void sl_arena_reset(struct sl_arena *arena)
{
	struct sl_arena_block *block = arena->blocks;

	if (block == NULL)
		return;
	/* an unusually large block is not kept for ever */
	if (block->bytes > LARGEST_STEP_BYTES) {
		sl_arena_free(arena);
		return;
	}
	if (block->next != NULL) {
		free_older(arena, block->next);
		block->next = NULL;
	}
	arena->at = block_start(block);
	arena->end = block_start(block) + block->bytes;
}

void sl_arena_free(struct sl_arena *arena)
{
	free_older(arena, arena->blocks);
	arena->blocks = NULL;
	arena->at = NULL;
	arena->end = NULL;
}
