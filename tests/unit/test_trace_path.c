/*
 * Critical paths, self time, clock skew.  A span is written "id parent start end", ids are letters
 * ('.': none), a kind may stand behind as c, s, p or q (client, server, producer, consumer), then a
 * service in capitals, and '!' for an error; a path "id start end".
 */
#include "made_trace.h"
#include "random.h"
#include "tap.h"

/* One ns past what is round in any unit. */
enum { BASE = 1, HALF_MS = 500000 };

static int32_t kind_of(char letter)
{
	static const char letters[] = "_isc";

	if (letter == 'p')
		return SL_KIND_PRODUCER;
	if (letter == 'q')
		return SL_KIND_CONSUMER;
	for (int32_t kind = 0; letters[kind] != '\0'; kind++)
		if (letters[kind] == letter)
			return kind;
	return SL_KIND_INTERNAL;
}

static void make(struct made *made, const char *text, uint64_t base, uint64_t unit)
{
	static const char *const services[] = { "alpha", "beta", "gamma" };
	char id, parent;
	unsigned start, end;
	int used;

	while (sscanf(text, " %c%c %u %u%n", &id, &parent, &start, &end, &used) == 4) {
		struct made_span *item =
			made_add(made, (uint64_t)id, parent == '.' ? 0 : (uint64_t)parent,
				 base + start * unit, base + end * unit);
		for (text += used; *text != '\0' && *text != ','; text++) {
			if (*text >= 'A' && *text <= 'C')
				made_serve(item, services[*text - 'A']);
			else if (*text == '!')
				item->span.status_code = SL_STATUS_ERROR;
			else if (*text != ' ')
				item->span.kind = kind_of(*text);
		}
		text += *text == ',';
	}
	made_build(made);
}

static void find_path(struct made *made, struct sl_path *path)
{
	struct sl_error err;

	if (sl_trace_path(path, &made->trace, &made->arena, &err) != SL_OK)
		abort();
}

static const struct {
	const char *what;
	const char *spans;
	const char *path;
	uint64_t unit; /* half ms: even times are whole ms */
} path_rows[] = {
	{ "one span", "a. 0 9", "a 0 9", 1 },
	{ "a span of no time", "a. 5 5", "a 5 5", 1 },
	{ "a span that ends before it starts", "a. 5 2", "a 5 5", 1 },
	{ "a child", "a. 0 9, ba 2 5", "a 0 2, b 2 5, a 5 9", 1 },
	{ "a child of all of it", "a. 0 9, ba 0 9", "b 0 9", 1 },
	{ "one after another", "a. 0 9, ba 1 3, ca 5 8", "a 0 1, b 1 3, a 3 5, c 5 8, a 8 9", 1 },
	{ "back to back", "a. 0 9, ba 0 4, ca 4 9", "b 0 4, c 4 9", 1 },
	{ "the later of two at once", "a. 0 9, ba 1 5, ca 1 7", "a 0 1, c 1 7, a 7 9", 1 },
	{ "one that still ran was not waited for", "a. 0 9, ba 1 5, ca 4 8", "a 0 4, c 4 8, a 8 9",
	  1 },
	{ "... but what ended before", "a. 0 9, ba 1 5, ca 4 8, da 1 3",
	  "a 0 1, d 1 3, a 3 4, c 4 8, a 8 9", 1 },
	{ "grandchildren", "a. 0 9, ba 1 8, cb 2 7, dc 3 6",
	  "a 0 1, b 1 2, c 2 3, d 3 6, c 6 7, b 7 8, a 8 9", 1 },
	{ "a child that runs on is cut off", "a. 0 9, ba 5 20, cb 8 15", "a 0 5, b 5 8, c 8 9", 1 },
	{ "a child that begins too early is cut off", "a. 5 9, ba 0 7, cb 1 6",
	  "c 5 6, b 6 7, a 7 9", 1 },
	{ "a child outside does not count", "a. 5 9, ba 0 3, ca 10 12", "a 5 9", 1 },
	{ "nor one that only touches", "a. 5 9, ba 0 5, ca 9 12", "a 5 9", 1 },
	{ "nor one of no time", "a. 0 9, ba 4 4", "a 0 9", 1 },
	{ "nor one that ends before it starts", "a. 0 9, ba 6 4", "a 0 9", 1 },
	{ "a consumer below its producer", "a. 0 9, ba 1 8 p, cb 2 7 q", "a 0 1, b 1 8, a 8 9", 1 },
	{ "a consumer below another", "a. 0 9, ba 2 7 q", "a 0 2, b 2 7, a 7 9", 1 },
	{ "equal ends: the longer one", "a. 0 9, ba 3 8, ca 2 8", "a 0 2, c 2 8, a 8 9", 1 },
	{ "equal times: the lesser id", "a. 0 9, ca 3 8, ba 3 8", "a 0 3, b 3 8, a 8 9", 1 },
	{ "equal ends by being cut off: the longer one", "a. 0 9, ba 1 12, ca 3 30", "a 0 3, c 3 9",
	  1 },
	{ "another tree is not on it", "a. 0 9, b. 1 5, cx 2 6", "a 0 9", 1 },
	{ "starts rounded to ms do not overlap", "a. 0 19, ba 2 5, ca 4 16",
	  "a 0 2, b 2 4, c 4 16, a 16 19", HALF_MS },
	{ "... but by a ms they do", "a. 0 19, ba 2 6, ca 4 16", "a 0 4, c 4 16, a 16 19",
	  HALF_MS },
	{ "... and where they are not whole", "a. 0 19, ba 2 6, ca 5 16", "a 0 5, c 5 16, a 16 19",
	  HALF_MS },
};

static void test_paths(void)
{
	for (size_t i = 0; i < SL_COUNT(path_rows); i++) {
		uint64_t unit = path_rows[i].unit, base = unit == HALF_MS ? 2 * HALF_MS : BASE;
		struct sl_buffer shown = { 0 };
		struct made made = { 0 };
		struct sl_path path;

		make(&made, path_rows[i].spans, base, unit);
		find_path(&made, &path);
		for (size_t k = 0; k < path.count; k++)
			sl_buffer_printf(&shown, "%s%c %u %u", k > 0 ? ", " : "",
					 made.trace.nodes[path.parts[k].node].span->span_id.data[7],
					 (unsigned)((path.parts[k].start_ns - base) / unit),
					 (unsigned)((path.parts[k].end_ns - base) / unit));
		sl_buffer_add_byte(&shown, '\0');
		ok(strcmp(shown.data, path_rows[i].path) == 0, "%s: %s, expected %s",
		   path_rows[i].what, shown.data, path_rows[i].path);
		sl_buffer_free(&shown);
		made_free(&made);
	}
}

static void make_random(struct made *made, uint64_t *state)
{
	static const char *const services[] = { "alpha", "beta", "gamma" };
	size_t count = 1 + next_random(state) % 24;
	/* a small range makes ties, a round one rounded clocks */
	uint64_t range = 1 + next_random(state) % 40;
	uint64_t unit = next_random(state) % 3 == 0 ? HALF_MS : 1;

	for (size_t i = 0; i < count; i++) {
		uint64_t start = next_random(state) % range,
			 end = start + next_random(state) % range;
		/* parents that are not there, later ones, the span itself: orphans and cycles */
		uint64_t parent = i == 0 && next_random(state) % 4 != 0
					  ? 0
					  : next_random(state) % (count + 2);
		struct made_span *item;

		if (next_random(state) % 16 == 0)
			end = next_random(state) % range;
		item = made_add(made, 1 + next_random(state) % (i % 8 == 7 ? count : i + 1), parent,
				(unit == 1) * (uint64_t)BASE + start * unit,
				(unit == 1) * (uint64_t)BASE + end * unit);
		if (next_random(state) % 8 != 0)
			made_id(item->id, i + 1);
		item->span.kind = (int32_t)(next_random(state) % SL_KIND_COUNT);
		item->span.status_code = (int32_t)(next_random(state) % SL_STATUS_COUNT);
		made_serve(item, services[next_random(state) % SL_COUNT(services)]);
	}
	made_build(made);
}

/* When a span and all that it stands in below the root run; in another tree, never. */
struct frame {
	uint64_t from, to;
	bool known, is_below_root;
};

static struct frame frame_within(const struct sl_trace *trace, const struct frame *frames,
				 uint32_t node)
{
	const struct sl_span *span = trace->nodes[node].span;
	uint32_t parent = trace->nodes[node].parent;
	struct frame frame = { 0, UINT64_MAX, true, node == trace->root };

	if (node == trace->root)
		return frame;
	if (parent == SL_NO_SPAN)
		return (struct frame){ .known = true };
	frame = frames[parent];
	if (span->start_unix_nano > frame.from)
		frame.from = span->start_unix_nano;
	if (span->end_unix_nano < frame.to)
		frame.to = span->end_unix_nano;
	return frame;
}

/* Of each span, once: deep trees would take the square of their depth otherwise. */
static struct frame *find_frames(const struct sl_trace *trace)
{
	struct frame *frames = made_room(calloc(trace->count, sizeof(*frames)));
	uint32_t *chain = made_room(calloc(trace->count, sizeof(*chain)));

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t len = 0, up = i;

		for (; up != SL_NO_SPAN && !frames[up].known; up = trace->nodes[up].parent)
			chain[len++] = up;
		while (len-- > 0)
			frames[chain[len]] = frame_within(trace, frames, chain[len]);
	}
	free(chain);
	return frames;
}

/* Each part begins where the one before it ended, within its span and all that the span stands
 * in. */
static bool is_seamless(const struct sl_trace *trace, const struct sl_path *path,
			const struct frame *frames)
{
	uint64_t at = trace->nodes[trace->root].span->start_unix_nano;

	for (size_t i = 0; i < path->count; i++) {
		const struct sl_path_part *part = &path->parts[i];
		const struct frame *frame = &frames[part->node];

		if (part->start_ns != at || part->end_ns < at ||
		    (part->end_ns == at && path->count > 1))
			return false;
		at = part->end_ns;
		if (path->total_ns > 0 && (!frame->is_below_root || frame->from > part->start_ns ||
					   frame->to < part->end_ns))
			return false;
	}
	return at - trace->nodes[trace->root].span->start_unix_nano == path->total_ns;
}

/* Each ns of the root once. */
static bool is_whole(const struct sl_trace *trace, const struct sl_path *path)
{
	int64_t duration = sl_span_duration_ns(trace->nodes[trace->root].span);
	struct frame *frames = find_frames(trace);
	bool seamless = is_seamless(trace, path, frames);
	uint64_t sum = 0;

	free(frames);
	for (uint32_t i = 0; i < trace->count; i++)
		sum += path->on_path_ns[i];
	return seamless && sum == path->total_ns && path->count <= 2 * (size_t)trace->count &&
	       (int64_t)path->total_ns == (duration > 0 ? duration : 0);
}

static int64_t slow_self(const struct sl_trace *trace, uint32_t node)
{
	const struct sl_span *span = trace->nodes[node].span;
	int64_t alone = 0;
	uint64_t unit = span->start_unix_nano % HALF_MS == 0 ? HALF_MS : 1;

	if (span->end_unix_nano <= span->start_unix_nano)
		return sl_span_duration_ns(span);
	for (uint64_t at = span->start_unix_nano; at < span->end_unix_nano; at += unit) {
		bool covered = false;

		for (uint32_t i = 0; i < trace->count; i++)
			covered |= trace->nodes[i].parent == node &&
				   trace->nodes[i].span->start_unix_nano <= at &&
				   trace->nodes[i].span->end_unix_nano > at;
		alone += covered ? 0 : (int64_t)unit;
	}
	return alone;
}

static void test_random(void)
{
	enum { ROUNDS = 20000 };
	uint64_t state = 4711;
	unsigned broken = 0, selfish = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct made made = { 0 };
		struct sl_path path;

		make_random(&made, &state);
		find_path(&made, &path);
		broken += !is_whole(&made.trace, &path);
		for (uint32_t i = 0; i < made.trace.count; i++)
			selfish += sl_trace_self_ns(&made.trace, i) != slow_self(&made.trace, i);
		made_free(&made);
	}
	ok(broken == 0, "random traces: the path is the root's time (%u are not)", broken);
	ok(selfish == 0, "random traces: self time ns by ns (%u are not)", selfish);
}

static const struct {
	const char *what;
	const char *spans;
	const char *shifts; /* of each span */
} skew_rows[] = {
	{ "no skew", "a. 0 90 cA, ba 10 80 sB", "0 0" },
	{ "too early", "a. 50 150 cA, ba 0 80 sB", "0 60" },
	{ "too late", "a. 0 100 cA, ba 200 280 sB", "0 -190" },
	{ "all below moves along", "a. 50 150 cA, ba 0 80 sB, cb 5 60 iB, dc 9 20 iB",
	  "0 60 60 60" },
	{ "a clock on a clock", "a. 50 150 cA, ba 0 80 cB, cb 180 220 sC", "0 50 -110" },
	{ "a little is rounding", "a. 5 90 cA, ba 2 80 sB", "0 0" },
	{ "the same service", "a. 50 150 cA, ba 0 80 sA", "0 0" },
	{ "no service", "a. 50 150 c, ba 0 80 sB", "0 0" },
	{ "a caller that gave up does not bound it", "a. 0 50 cA!, ba 20 90 sB", "0 0" },
	{ "... nor where the callee begins after it", "a. 0 50 cA!, ba 60 90 sB", "0 0" },
	{ "but causes come first", "a. 50 90 cA!, ba 20 90 sB", "0 30" },
	{ "a message may be late", "a. 0 50 pA, ba 80 90 qB", "0 0" },
	{ "but not early", "a. 50 60 pA, ba 20 30 qB", "0 30" },
	{ "a callee that runs on", "a. 0 50 cA, ba 20 60 sB", "0 0" },
	{ "longer than its caller", "a. 50 90 cA, ba 0 90 sB", "0 50" },
	{ "two calls bound it together",
	  "a. 100 400 iA, ba 110 210 cA, ca 220 320 cA, db 10 100 sB, ec 115 200 sB",
	  "0 0 0 107 107" },
	{ "two clocks of one service",
	  "a. 100 900 iA, ba 110 210 cA, ca 220 320 cA, db 10 100 sB, ec 500 580 sB",
	  "0 0 0 105 -270" },
};

static void test_skew(void)
{
	enum { TOLERANCE = 3 };

	for (size_t i = 0; i < SL_COUNT(skew_rows); i++) {
		struct sl_buffer shown = { 0 };
		struct made made = { 0 };
		struct sl_trace moved;
		struct sl_error err;
		uint32_t shifted, counted = 0;
		int64_t *shift;
		bool right = true;

		make(&made, skew_rows[i].spans, BASE, 1);
		if (sl_trace_skew(&made.trace, TOLERANCE, &shift, &shifted, &made.arena) != SL_OK ||
		    sl_trace_shift(&moved, &made.trace, shift, &made.arena, &err) != SL_OK)
			abort();
		for (uint32_t k = 0; k < made.trace.count; k++) {
			const struct sl_span *from = made.trace.nodes[k].span;
			const struct sl_span *to = moved.nodes[k].span;

			sl_buffer_printf(&shown, "%s%d", k > 0 ? " " : "", (int)shift[k]);
			counted += shift[k] != 0;
			right = right &&
				(int64_t)(to->start_unix_nano - from->start_unix_nano) ==
					shift[k] &&
				(int64_t)(to->end_unix_nano - from->end_unix_nano) == shift[k] &&
				sl_slice_equal(from->span_id, to->span_id);
		}
		sl_buffer_add_byte(&shown, '\0');
		ok(strcmp(shown.data, skew_rows[i].shifts) == 0 && counted == shifted && right,
		   "%s: moved by %s, expected %s", skew_rows[i].what, shown.data,
		   skew_rows[i].shifts);
		sl_buffer_free(&shown);
		made_free(&made);
	}
}

/* No recursion, and no more than n log n: or this would not end. */
static void test_large(void)
{
	enum { COUNT = 100000 };

	for (int shape = 0; shape < 3; shape++) {
		struct made made = { 0 };
		struct sl_path path;
		uint32_t shifted;
		int64_t *shift;
		size_t before;

		for (uint64_t i = 0; i < COUNT; i++) {
			/* a chain, siblings one after another, siblings at once */
			uint64_t start = shape == 2 ? BASE + i % 7 : BASE + i;
			uint64_t end = shape == 1 ? start + 1 : BASE + 2 * COUNT - i;
			uint64_t parent = i == 0 ? 0 : shape == 0 ? i : 1;

			made_serve(made_add(&made, i + 1, parent, i == 0 ? 0 : start,
					    i == 0 ? (uint64_t)3 * COUNT : end),
				   i % 2 ? "alpha" : "beta");
		}
		made_build(&made);
		before = made.arena.total_bytes;
		find_path(&made, &path);
		ok(is_whole(&made.trace, &path), "shape %d: whole", shape);
		if (sl_trace_skew(&made.trace, 0, &shift, &shifted, &made.arena) != SL_OK)
			abort();
		ok(made.arena.total_bytes - before <= (size_t)150 * COUNT,
		   "shape %d: %zu bytes a span", shape, (made.arena.total_bytes - before) / COUNT);
		made_free(&made);
	}
}

int main(void)
{
	test_paths();
	test_random();
	test_skew();
	test_large();
	return done_testing();
}
