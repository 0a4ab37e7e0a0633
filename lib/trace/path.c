/* The critical path: from the root's end backwards, each moment to the span that was waited for. */
#include "spanline/trace.h"
#include <stdlib.h>

enum { NS_PER_MS = 1000000, NS_PER_US = 1000 };

/* A child of a span that was entered, and its end within that span. */
struct candidate {
	uint64_t end_ns;
	const struct sl_trace_node *node;
};

/* A span that was entered, down from the root: its candidates stand from `base` on. */
struct frame {
	uint32_t node;
	uint32_t base;
	uint64_t start_ns; /* within all that it stands in */
};

struct walk {
	const struct sl_trace *trace;
	struct candidate *candidates; /* at most all spans: each has one parent */
	uint32_t height;
	struct frame *frames;
	uint32_t depth;
	struct sl_path_part *parts; /* backwards in time */
	size_t count;
	uint64_t now_ns; /* all behind it is attributed */
};

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* What is to be waited for first stands last: the latest end, the longest, the latest start, the
 * least id, the first in the input. */
static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *one = a, *two = b;
	const struct sl_span *x = one->node->span, *y = two->node->span;
	int64_t longer = sl_span_duration_ns(x), than = sl_span_duration_ns(y);
	int order = compare_u64(one->end_ns, two->end_ns);

	if (order == 0 && longer != than)
		order = longer < than ? -1 : 1;
	if (order == 0)
		order = compare_u64(x->start_unix_nano, y->start_unix_nano);
	if (order == 0)
		order = sl_slice_compare(y->span_id, x->span_id);
	if (order == 0)
		order = one->node < two->node ? 1 : -1;
	return order;
}

static bool is_waited_for(const struct sl_trace_node *parent, const struct sl_trace_node *child)
{
	return parent->span->kind != SL_KIND_PRODUCER || child->span->kind != SL_KIND_CONSUMER;
}

/* What of the span lies in [start, end) is to be divided among it and its children. */
static void enter(struct walk *walk, uint32_t index, uint64_t start_ns, uint64_t end_ns)
{
	const struct sl_trace_node *nodes = walk->trace->nodes, *node = &nodes[index];
	uint32_t base = walk->height;

	walk->frames[walk->depth++] = (struct frame){ index, base, start_ns };
	walk->now_ns = end_ns;
	for (uint32_t at = node->first_child; at != SL_NO_SPAN; at = nodes[at].next_sibling) {
		uint64_t from = nodes[at].span->start_unix_nano;
		uint64_t to = nodes[at].span->end_unix_nano;

		if (from < end_ns && to > start_ns && to > from && is_waited_for(node, &nodes[at]))
			walk->candidates[walk->height++] =
				(struct candidate){ to < end_ns ? to : end_ns, &nodes[at] };
	}
	if (walk->height - base > 1)
		qsort(walk->candidates + base, walk->height - base, sizeof(*walk->candidates),
		      compare_candidates);
}

/* By how much what began now may have begun later: clocks are read in ms, us or ns. */
static uint64_t rounding(uint64_t start_ns)
{
	if (start_ns % NS_PER_MS == 0)
		return NS_PER_MS;
	return start_ns % NS_PER_US == 0 ? NS_PER_US : 0;
}

/* What the innermost span waited for last before now; NULL: it was busy itself from its start. */
static const struct candidate *next_candidate(struct walk *walk, uint64_t start_ns, uint32_t base)
{
	uint64_t now = walk->now_ns;

	while (walk->height > base) {
		struct candidate *candidate = &walk->candidates[--walk->height];

		if (candidate->end_ns > now && candidate->end_ns - now < rounding(now))
			candidate->end_ns = now;
		if (candidate->end_ns <= now && candidate->end_ns > start_ns &&
		    candidate->node->span->start_unix_nano < candidate->end_ns)
			return candidate;
	}
	return NULL;
}

/* The time from `from_ns` to now is the span's own. */
static void attribute(struct walk *walk, uint32_t node, uint64_t from_ns)
{
	if (from_ns < walk->now_ns)
		walk->parts[walk->count++] = (struct sl_path_part){ node, from_ns, walk->now_ns };
	walk->now_ns = from_ns;
}

static void walk_back(struct walk *walk)
{
	while (walk->depth > 0) {
		struct frame frame = walk->frames[walk->depth - 1];
		const struct candidate *candidate =
			next_candidate(walk, frame.start_ns, frame.base);
		uint64_t start_ns;

		if (candidate == NULL) {
			attribute(walk, frame.node, frame.start_ns);
			walk->depth--;
			continue;
		}
		attribute(walk, frame.node, candidate->end_ns);
		start_ns = candidate->node->span->start_unix_nano;
		if (start_ns < frame.start_ns)
			start_ns = frame.start_ns;
		enter(walk, (uint32_t)(candidate->node - walk->trace->nodes), start_ns,
		      walk->now_ns);
	}
}

/*
 * Memory for the walk alone, which is given back at once, and for what stays: in one block each, so
 * that nothing lies fallow between them.
 */
static bool prepare(struct walk *walk, struct sl_path *path, struct sl_arena *scratch,
		    struct sl_arena *arena)
{
	size_t count = walk->trace->count;

	walk->candidates = sl_arena_alloc(
		scratch, count * (sizeof(*walk->candidates) + sizeof(*walk->frames)));
	path->on_path_ns = sl_arena_alloc(
		arena, count * (sizeof(*path->on_path_ns) + 2 * sizeof(*walk->parts)));
	if (walk->candidates == NULL || path->on_path_ns == NULL)
		return false;
	walk->frames = (struct frame *)(void *)(walk->candidates + count);
	walk->parts = (struct sl_path_part *)(void *)(path->on_path_ns + count);
	memset(path->on_path_ns, 0, count * sizeof(*path->on_path_ns));
	return true;
}

/* What was found, the right way round. */
static void settle(const struct walk *walk, struct sl_path *path, struct sl_arena *arena)
{
	path->parts = walk->parts;
	path->count = walk->count;
	for (size_t i = 0, j = walk->count - 1; i < j; i++, j--) {
		struct sl_path_part part = walk->parts[i];

		walk->parts[i] = walk->parts[j];
		walk->parts[j] = part;
	}
	for (size_t i = 0; i < walk->count; i++)
		path->on_path_ns[path->parts[i].node] +=
			path->parts[i].end_ns - path->parts[i].start_ns;
	sl_arena_trim(arena, (char *)(walk->parts + walk->count));
}

enum sl_status sl_trace_path(struct sl_path *path, const struct sl_trace *trace,
			     struct sl_arena *arena, struct sl_error *err)
{
	const struct sl_span *root = trace->nodes[trace->root].span;
	uint64_t start = root->start_unix_nano, end = root->end_unix_nano;
	struct walk walk = { .trace = trace };
	struct sl_arena scratch = { 0 };
	bool prepared = prepare(&walk, path, &scratch, arena);

	if (end < start)
		end = start;
	if (prepared) {
		enter(&walk, trace->root, start, end);
		walk_back(&walk);
		if (walk.count == 0)
			walk.parts[walk.count++] =
				(struct sl_path_part){ trace->root, start, start };
		path->total_ns = end - start;
		settle(&walk, path, arena);
	}
	sl_arena_free(&scratch);
	return prepared ? SL_OK : sl_fail_memory(err);
}
