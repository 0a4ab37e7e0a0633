/*
 * Sorting what is planned: runs that fit into memory, all of them merged at once.  Their windows
 * take memory of their own, a KiB for each limit's worth of items at least.
 */
#include "schedule.h"
#include <stdlib.h>

enum { WINDOW_LEAST = 42, WINDOW_MOST = 4096 /* items */ };

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
	const struct planned *one = a, *two = b;
	int order = compare_numbers(one->end_ns, two->end_ns);

	if (order == 0)
		order = compare_numbers(one->group, two->group);
	return order != 0 ? order : compare_numbers(one->offset, two->offset);
}

static void sort_items(struct schedule *schedule)
{
	if (schedule->count > 1)
		qsort(schedule->items, schedule->count, sizeof(*schedule->items), compare);
}

/* What is in memory becomes a run. */
static enum sl_status write_run(struct schedule *schedule, struct sl_error *err)
{
	size_t size = schedule->count * sizeof(*schedule->items);
	void *runs = schedule->runs;
	enum sl_status status = SL_OK;
	uint64_t begin;

	if (!sl_array_reserve(&runs, &schedule->run_capacity, schedule->run_count + 1,
			      sizeof(*schedule->runs)))
		return sl_fail_memory(err);
	schedule->runs = runs;
	if (schedule->file == NULL)
		status = sl_spill_open(&schedule->file, schedule->directory, err);
	if (status != SL_OK)
		return status;
	sort_items(schedule);
	begin = sl_spill_size(schedule->file);
	schedule->runs[schedule->run_count++] = (struct planned_run){ begin, begin + size };
	schedule->count = 0;
	return sl_spill_write(schedule->file,
			      (struct sl_slice){ (const char *)schedule->items, size }, err);
}

enum sl_status schedule_add(struct schedule *schedule, const struct planned *item,
			    struct sl_error *err)
{
	/* the array doubles: half of the limit is as far as it grows */
	size_t most = schedule->limit_bytes / 2 / sizeof(*item);
	void *items;

	if (schedule->count >= most && write_run(schedule, err) != SL_OK)
		return SL_FAILED;
	items = schedule->items;
	if (!sl_array_reserve(&items, &schedule->capacity, schedule->count + 1, sizeof(*item)))
		return sl_fail_memory(err);
	schedule->items = items;
	schedule->items[schedule->count++] = *item;
	return SL_OK;
}

/* More of the run; SL_END: there is no more. */
static enum sl_status fill(struct schedule *schedule, struct planned_cursor *cursor, size_t room,
			   struct sl_error *err)
{
	uint64_t left = cursor->end - cursor->offset;
	size_t size = room * sizeof(*cursor->window);

	if (left == 0)
		return SL_END;
	if (size > left)
		size = (size_t)left;
	if (sl_spill_read(schedule->file, cursor->offset, (char *)cursor->window, size, err) !=
	    SL_OK)
		return SL_FAILED;
	cursor->offset += size;
	cursor->at = 0;
	cursor->filled = size / sizeof(*cursor->window);
	return SL_OK;
}

static const struct planned *item_of(const struct schedule *schedule, size_t cursor)
{
	return &schedule->cursors[cursor].window[schedule->cursors[cursor].at];
}

static void sift_down(struct schedule *schedule, size_t at)
{
	size_t *heap = schedule->heap;

	for (;;) {
		size_t child = 2 * at + 1, moved = heap[at];

		if (child >= schedule->height)
			return;
		if (child + 1 < schedule->height &&
		    compare(item_of(schedule, heap[child + 1]), item_of(schedule, heap[child])) < 0)
			child++;
		if (compare(item_of(schedule, moved), item_of(schedule, heap[child])) <= 0)
			return;
		heap[at] = heap[child];
		heap[child] = moved;
		at = child;
	}
}

/* Items of a window, all windows within the limit where that can be. */
static size_t window_room(const struct schedule *schedule)
{
	size_t room = schedule->limit_bytes / 2 / sizeof(struct planned) / schedule->run_count;

	if (room > WINDOW_MOST)
		return WINDOW_MOST;
	return room < WINDOW_LEAST ? WINDOW_LEAST : room;
}

/* No more is added: what is in memory is a run as the others. */
static enum sl_status end_runs(struct schedule *schedule, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (schedule->cursors != NULL)
		return SL_OK;
	if (schedule->count != 0)
		status = write_run(schedule, err);
	if (status != SL_OK)
		return status;
	free(schedule->items);
	schedule->items = NULL;
	schedule->capacity = 0;
	schedule->cursors = calloc(schedule->run_count, sizeof(*schedule->cursors));
	schedule->heap = calloc(schedule->run_count, sizeof(*schedule->heap));
	schedule->windows =
		calloc(schedule->run_count * window_room(schedule), sizeof(*schedule->windows));
	if (schedule->cursors == NULL || schedule->heap == NULL || schedule->windows == NULL)
		return sl_fail_memory(err);
	return SL_OK;
}

enum sl_status schedule_start(struct schedule *schedule, struct sl_error *err)
{
	size_t room;

	if (schedule->run_count == 0) {
		sort_items(schedule);
		schedule->given = 0;
		return SL_OK;
	}
	if (end_runs(schedule, err) != SL_OK)
		return SL_FAILED;
	room = window_room(schedule);
	schedule->height = schedule->run_count;
	for (size_t i = 0; i < schedule->run_count; i++) {
		schedule->cursors[i] = (struct planned_cursor){
			.offset = schedule->runs[i].begin,
			.end = schedule->runs[i].end,
			.window = schedule->windows + i * room,
		};
		schedule->heap[i] = i;
		if (fill(schedule, &schedule->cursors[i], room, err) != SL_OK)
			return SL_FAILED; /* no run is empty */
	}
	for (size_t i = schedule->height / 2; i-- > 0;)
		sift_down(schedule, i);
	return SL_OK;
}

enum sl_status schedule_next(struct schedule *schedule, struct planned *item, struct sl_error *err)
{
	struct planned_cursor *cursor;
	enum sl_status status = SL_OK;

	if (schedule->run_count == 0) {
		if (schedule->given == schedule->count)
			return SL_END;
		*item = schedule->items[schedule->given++];
		return SL_OK;
	}
	if (schedule->height == 0)
		return SL_END;
	cursor = &schedule->cursors[schedule->heap[0]];
	*item = cursor->window[cursor->at++];
	if (cursor->at == cursor->filled)
		status = fill(schedule, cursor, window_room(schedule), err);
	if (status == SL_FAILED)
		return status;
	if (status == SL_END)
		schedule->heap[0] = schedule->heap[--schedule->height];
	sift_down(schedule, 0);
	return SL_OK;
}

void schedule_free(struct schedule *schedule)
{
	sl_spill_close(schedule->file);
	free(schedule->items);
	free(schedule->runs);
	free(schedule->cursors);
	free(schedule->heap);
	free(schedule->windows);
}
