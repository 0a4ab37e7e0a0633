/*
 * Sorting more entries than memory holds.  A run is a stretch of one file; of more runs than can be
 * read at once, so many at a time are merged into a new file until few enough are left.
 */
#include "spanline/io.h"
#include <stdlib.h>

enum {
	MERGE_WIDTH = 64,
	WINDOW_LEAST_BYTES = 1024,
	WINDOW_MOST_BYTES = 256 * 1024,
};

struct run {
	uint64_t offset;
	uint64_t end;
};

/* Reads one run. */
struct cursor {
	struct run rest; /* not in the window yet */
	char *window;
	size_t capacity;
	size_t filled;
	size_t at; /* of the entry that is next */
};

struct sl_sorter {
	struct sl_sorter_options options;
	struct sl_arena arena;
	void **entries;
	size_t count;
	size_t capacity;
	size_t given; /* of `entries`, where there are no runs */
	struct sl_spill *file;
	struct run *runs;
	size_t run_count;
	size_t run_capacity;
	struct cursor cursors[MERGE_WIDTH];
	unsigned heap[MERGE_WIDTH]; /* cursors, the one with the least entry first */
	unsigned height;
	bool taken; /* the entry of the heap's first was given */
};

enum sl_status sl_sorter_open(struct sl_sorter **sorter, const struct sl_sorter_options *options,
			      struct sl_error *err)
{
	struct sl_sorter *made = calloc(1, sizeof(*made));

	*sorter = made;
	if (made == NULL)
		return sl_fail_memory(err);
	made->options = *options;
	return SL_OK;
}

void sl_sorter_close(struct sl_sorter *sorter)
{
	if (sorter == NULL)
		return;
	for (size_t i = 0; i < MERGE_WIDTH; i++)
		free(sorter->cursors[i].window);
	sl_arena_free(&sorter->arena);
	sl_spill_close(sorter->file);
	free(sorter->entries);
	free(sorter->runs);
	free(sorter);
}

/* What was written from `offset` on is a run. */
static enum sl_status add_run(struct sl_sorter *sorter, uint64_t offset, struct sl_error *err)
{
	void *runs = sorter->runs;

	if (!sl_array_reserve(&runs, &sorter->run_capacity, sorter->run_count + 1,
			      sizeof(*sorter->runs)))
		return sl_fail_memory(err);
	sorter->runs = runs;
	sorter->runs[sorter->run_count++] = (struct run){ offset, sl_spill_size(sorter->file) };
	return SL_OK;
}

static enum sl_status write_entry(const struct sl_sorter *sorter, struct sl_spill *file,
				  const void *entry, struct sl_error *err)
{
	struct sl_slice bytes = { entry, sorter->options.len(entry) };

	return sl_spill_write(file, bytes, err);
}

static void sort_entries(struct sl_sorter *sorter)
{
	if (sorter->count > 1)
		qsort(sorter->entries, sorter->count, sizeof(*sorter->entries),
		      sorter->options.compare);
}

/* What is in memory becomes a run. */
static enum sl_status write_run(struct sl_sorter *sorter, struct sl_error *err)
{
	enum sl_status status = SL_OK;
	uint64_t offset;

	if (sorter->file == NULL)
		status = sl_spill_open(&sorter->file, sorter->options.directory, err);
	if (status != SL_OK)
		return status;
	offset = sl_spill_size(sorter->file);
	sort_entries(sorter);
	for (size_t i = 0; i < sorter->count && status == SL_OK; i++)
		status = write_entry(sorter, sorter->file, sorter->entries[i], err);
	sorter->count = 0;
	sl_arena_reset(&sorter->arena);
	return status == SL_OK ? add_run(sorter, offset, err) : status;
}

static bool is_full(const struct sl_sorter *sorter, size_t more)
{
	size_t used = sorter->arena.total_bytes + sorter->capacity * sizeof(*sorter->entries);

	/* the arena about doubles when it grows; what it has may as well be filled */
	return sorter->count > 0 && used + more > sorter->options.limit_bytes / 2 &&
	       (size_t)(sorter->arena.end - sorter->arena.at) <= more;
}

enum sl_status sl_sorter_add(struct sl_sorter *sorter, const void *entry, struct sl_error *err)
{
	size_t size = sorter->options.len(entry);
	void *entries, *copy;

	if (is_full(sorter, size) && write_run(sorter, err) != SL_OK)
		return SL_FAILED;
	entries = sorter->entries;
	if (!sl_array_reserve(&entries, &sorter->capacity, sorter->count + 1,
			      sizeof(*sorter->entries)))
		return sl_fail_memory(err);
	sorter->entries = entries;
	copy = sl_arena_alloc(&sorter->arena, size);
	if (copy == NULL)
		return sl_fail_memory(err);
	memcpy(copy, entry, size);
	sorter->entries[sorter->count++] = copy;
	return SL_OK;
}

static void *entry_of(const struct cursor *cursor)
{
	return cursor->window + cursor->at;
}

/* Bytes that the next entry needs in the window, as far as they tell. */
static size_t next_size(const struct sl_sorter *sorter, const struct cursor *cursor)
{
	if (cursor->filled - cursor->at < sorter->options.head_bytes)
		return sorter->options.head_bytes;
	return sorter->options.len(entry_of(cursor));
}

/* Moves what is left to the front and reads more behind it. */
static enum sl_status fill(struct sl_sorter *sorter, struct cursor *cursor, struct sl_error *err)
{
	size_t least = next_size(sorter, cursor);
	uint64_t left = cursor->rest.end - cursor->rest.offset;
	size_t room;

	cursor->filled -= cursor->at;
	if (cursor->window != NULL)
		memmove(cursor->window, cursor->window + cursor->at, cursor->filled);
	cursor->at = 0;
	if (least < WINDOW_LEAST_BYTES)
		least = WINDOW_LEAST_BYTES;
	if (cursor->capacity < least) {
		size_t size = sorter->options.limit_bytes / MERGE_WIDTH;
		char *window;

		if (size > WINDOW_MOST_BYTES)
			size = WINDOW_MOST_BYTES;
		if (size < least)
			size = least;
		window = realloc(cursor->window, size);
		if (window == NULL)
			return sl_fail_memory(err);
		cursor->window = window;
		cursor->capacity = size;
	}
	room = cursor->capacity - cursor->filled;
	if (room > left)
		room = (size_t)left;
	if (sl_spill_read(sorter->file, cursor->rest.offset, cursor->window + cursor->filled, room,
			  err) != SL_OK)
		return SL_FAILED;
	cursor->filled += room;
	cursor->rest.offset += room;
	return SL_OK;
}

/* Makes the next entry whole in the window.  SL_END: the run has no more. */
static enum sl_status settle(struct sl_sorter *sorter, struct cursor *cursor, struct sl_error *err)
{
	while (cursor->filled - cursor->at < next_size(sorter, cursor)) {
		if (cursor->rest.offset == cursor->rest.end)
			return SL_END;
		if (fill(sorter, cursor, err) != SL_OK)
			return SL_FAILED;
	}
	return SL_OK;
}

static bool is_less(const struct sl_sorter *sorter, unsigned a, unsigned b)
{
	const void *one = entry_of(&sorter->cursors[a]);
	const void *two = entry_of(&sorter->cursors[b]);

	return sorter->options.compare(&one, &two) < 0;
}

static void sift_down(struct sl_sorter *sorter, unsigned at)
{
	unsigned *heap = sorter->heap;

	for (;;) {
		unsigned child = 2 * at + 1, moved = heap[at];

		if (child >= sorter->height)
			return;
		if (child + 1 < sorter->height && is_less(sorter, heap[child + 1], heap[child]))
			child++;
		if (!is_less(sorter, heap[child], moved))
			return;
		heap[at] = heap[child];
		heap[child] = moved;
		at = child;
	}
}

/* Sets cursors on `count` runs from the one at `first` on. */
static enum sl_status start_merge(struct sl_sorter *sorter, size_t first, size_t count,
				  struct sl_error *err)
{
	sorter->height = 0;
	sorter->taken = false;
	for (unsigned i = 0; i < count; i++) {
		struct cursor *cursor = &sorter->cursors[i];

		cursor->rest = sorter->runs[first + i];
		cursor->filled = 0;
		cursor->at = 0;
		if (settle(sorter, cursor, err) != SL_OK)
			return SL_FAILED; /* no run is empty */
		sorter->heap[sorter->height++] = i;
	}
	for (unsigned i = sorter->height / 2; i-- > 0;)
		sift_down(sorter, i);
	return SL_OK;
}

static enum sl_status next_merged(struct sl_sorter *sorter, void **entry, struct sl_error *err)
{
	if (sorter->taken) {
		struct cursor *cursor = &sorter->cursors[sorter->heap[0]];
		enum sl_status status;

		sorter->taken = false;
		cursor->at += next_size(sorter, cursor);
		status = settle(sorter, cursor, err);
		if (status == SL_FAILED)
			return status;
		if (status == SL_END)
			sorter->heap[0] = sorter->heap[--sorter->height];
		sift_down(sorter, 0);
	}
	if (sorter->height == 0)
		return SL_END;
	*entry = entry_of(&sorter->cursors[sorter->heap[0]]);
	sorter->taken = true;
	return SL_OK;
}

/* As many runs as can be, from `first` on, become one in `file`. */
static enum sl_status merge_runs(struct sl_sorter *sorter, size_t first, struct sl_spill *file,
				 struct run *into, struct sl_error *err)
{
	size_t left = sorter->run_count - first;
	enum sl_status status;
	void *entry;

	into->offset = sl_spill_size(file);
	status = start_merge(sorter, first, left < MERGE_WIDTH ? left : MERGE_WIDTH, err);
	while (status == SL_OK) {
		status = next_merged(sorter, &entry, err);
		if (status == SL_OK)
			status = write_entry(sorter, file, entry, err);
	}
	into->end = sl_spill_size(file);
	return status == SL_END ? SL_OK : status;
}

/* All runs, so many at a time, into a new file. */
static enum sl_status merge_pass(struct sl_sorter *sorter, struct sl_error *err)
{
	enum sl_status status;
	struct sl_spill *file;
	size_t merged = 0;

	status = sl_spill_open(&file, sorter->options.directory, err);
	if (status != SL_OK)
		return status;
	for (size_t i = 0; i < sorter->run_count && status == SL_OK; i += MERGE_WIDTH) {
		struct run run;

		status = merge_runs(sorter, i, file, &run, err);
		sorter->runs[merged++] = run;
	}
	sl_spill_close(sorter->file);
	sorter->file = file;
	sorter->run_count = merged;
	return status;
}

enum sl_status sl_sorter_start(struct sl_sorter *sorter, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	sorter->given = 0;
	if (sorter->run_count == 0) {
		sort_entries(sorter);
		return SL_OK;
	}
	if (sorter->count > 0)
		status = write_run(sorter, err);
	sl_arena_free(&sorter->arena);
	free(sorter->entries);
	sorter->entries = NULL;
	sorter->capacity = 0;
	while (status == SL_OK && sorter->run_count > MERGE_WIDTH)
		status = merge_pass(sorter, err);
	return status == SL_OK ? start_merge(sorter, 0, sorter->run_count, err) : status;
}

enum sl_status sl_sorter_next(struct sl_sorter *sorter, void **entry, struct sl_error *err)
{
	if (sorter->run_count > 0)
		return next_merged(sorter, entry, err);
	if (sorter->given == sorter->count)
		return SL_END;
	*entry = sorter->entries[sorter->given++];
	return SL_OK;
}
