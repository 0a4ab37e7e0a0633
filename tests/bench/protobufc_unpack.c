/*
 * What decoding is measured against: unpacks each message of a be32 file with protobuf-c, all
 * memory from an arena that is emptied between messages, and prints how many spans there were.
 */
#include "otlp.pb-c.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 1 << 20 };

struct block {
	struct block *next;
	size_t size, used;
	max_align_t data[];
};

/* Blocks are kept from message to message; `current` is the one that is being filled. */
struct arena {
	struct block *first, *current;
};

static void *arena_alloc(void *data, size_t size)
{
	struct arena *arena = data;
	struct block **next;

	size = (size + 15) & ~(size_t)15;
	while (arena->current != NULL && arena->current->size - arena->current->used < size &&
	       arena->current->next != NULL) {
		arena->current = arena->current->next;
		arena->current->used = 0;
	}
	if (arena->current == NULL || arena->current->size - arena->current->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		struct block *block = malloc(sizeof(*block) + room);

		if (block == NULL)
			return NULL;
		*block = (struct block){ .size = room };
		next = arena->current == NULL ? &arena->first : &arena->current->next;
		*next = arena->current = block;
	}
	arena->current->used += size;
	return (char *)arena->current->data + arena->current->used - size;
}

static void arena_release(void *data, void *pointer)
{
	(void)data, (void)pointer;
}

static void arena_reset(struct arena *arena)
{
	arena->current = arena->first;
	if (arena->current != NULL)
		arena->current->used = 0;
}

static void arena_free(struct arena *arena)
{
	while (arena->first != NULL) {
		struct block *next = arena->first->next;

		free(arena->first);
		arena->first = next;
	}
}

static size_t count_spans(const Spanline__ExportTraceServiceRequest *request)
{
	size_t count = 0;

	for (size_t i = 0; i < request->n_resource_spans; i++)
		for (size_t k = 0; k < request->resource_spans[i]->n_scope_spans; k++)
			count += request->resource_spans[i]->scope_spans[k]->n_spans;
	return count;
}

/* The next message's length; 0 at the end. */
static size_t read_length(FILE *file)
{
	unsigned char bytes[4];

	if (fread(bytes, 1, sizeof(bytes), file) != sizeof(bytes))
		return 0;
	return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	ProtobufCAllocator allocator = { arena_alloc, arena_release, &arena };
	FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
	uint8_t *message = NULL;
	size_t capacity = 0, spans = 0, len;

	if (file == NULL) {
		fputs("usage: protobufc_unpack FILE\n", stderr);
		return 2;
	}
	while ((len = read_length(file)) != 0) {
		const Spanline__ExportTraceServiceRequest *request;

		if (len > capacity) {
			free(message);
			message = malloc(capacity = 2 * len);
		}
		if (message == NULL || fread(message, 1, len, file) != len)
			return 2;
		request = spanline__export_trace_service_request__unpack(&allocator, len, message);
		if (request == NULL)
			return 2;
		spans += count_spans(request);
		arena_reset(&arena);
	}
	printf("%zu\n", spans);
	fclose(file);
	free(message);
	arena_free(&arena);
	return 0;
}
