/* Gathering: random streams against the plainest way, under limits from nothing to plenty. */
#include "gathering.h"
#include "random.h"
#include "scratch.h"
#include "tap.h"

enum { MOST_RECORDS = 20000, MOST_IDS = 8192 };

/* What is added, and what is expected to come out. */
struct stream {
	size_t count;
	struct sl_slice records[MOST_RECORDS];
	uint16_t ids[MOST_RECORDS];
	uint32_t groups[MOST_RECORDS]; /* as the plain way finds */
	uint32_t group_count;
	uint64_t times[MOST_RECORDS]; /* of a call of idle behind the record; 0: none */
	uint64_t idle_ns;
	uint64_t reopened;
	struct sl_buffer expected;
};

static char id_bytes[MOST_IDS][40];

static struct sl_slice id_of(size_t number)
{
	static const size_t odd[] = { 3, 15, 17, 40, 2 };
	size_t len = number == 0 ? 0 : number % 8 == 7 ? odd[number % 5] : 16;

	return (struct sl_slice){ id_bytes[number], len };
}

static void make_ids(void)
{
	for (size_t i = 0; i < MOST_IDS; i++) {
		memset(id_bytes[i], 'x', sizeof(id_bytes[i]));
		memcpy(id_bytes[i], &(uint16_t){ (uint16_t)i }, 2);
	}
}

static char text[1 << 20];

static struct sl_slice make_record(uint64_t *state, size_t most)
{
	size_t len = next_random(state) % most;

	if (next_random(state) % 500 == 0)
		len *= 100;
	len = len < sizeof(text) ? len : sizeof(text) - 1;
	return (struct sl_slice){ text + next_random(state) % (sizeof(text) - len), len };
}

static void expect_group(struct stream *stream, uint32_t group, uint32_t *next,
			 const uint32_t *first)
{
	show_trace(&stream->expected, id_of(stream->ids[first[group]]));
	for (uint32_t i = first[group]; i != UINT32_MAX; i = next[i])
		show_record(&stream->expected, stream->records[i]);
}

/*
 * The plain way: groups in an array, a time for each, all of them looked at again and again.
 * `sorted` closes a group when another id comes.
 */
static void expect(struct stream *stream, bool sorted)
{
	static uint32_t first[MOST_RECORDS], last[MOST_RECORDS], next[MOST_RECORDS];
	static uint64_t seen[MOST_RECORDS]; /* 0: not told yet; UINT64_MAX: complete */
	static uint32_t open[MOST_IDS];	    /* group + 1 */
	static bool met[MOST_IDS];
	uint32_t count = 0;

	memset(open, 0, sizeof(open));
	memset(met, 0, sizeof(met));
	stream->expected.len = 0;
	stream->reopened = 0;
	for (uint32_t i = 0; i < stream->count; i++) {
		uint16_t id = stream->ids[i];

		if (sorted && i > 0 && stream->ids[i - 1] != id)
			open[stream->ids[i - 1]] = 0;
		next[i] = UINT32_MAX;
		if (open[id] == 0) {
			stream->reopened += met[id];
			met[id] = true;
			open[id] = ++count;
			first[count - 1] = i;
		} else {
			next[last[open[id] - 1]] = i;
		}
		last[open[id] - 1] = i;
		seen[open[id] - 1] = 0;
		for (uint32_t j = 0; j < count && stream->times[i] != 0; j++) {
			uint64_t now = stream->times[i];

			if (seen[j] == 0)
				seen[j] = now;
			if (seen[j] == UINT64_MAX || now - seen[j] < stream->idle_ns)
				continue;
			expect_group(stream, j, next, first);
			seen[j] = UINT64_MAX;
			open[stream->ids[first[j]]] = 0;
		}
	}
	for (uint32_t j = 0; j < count; j++)
		if (seen[j] != UINT64_MAX)
			expect_group(stream, j, next, first);
	stream->group_count = count;
}

static void make_stream(struct stream *stream, uint64_t *state, size_t count, size_t id_count)
{
	uint64_t now = 1000;

	stream->count = count;
	stream->idle_ns = 1 + next_random(state) % 200;
	for (size_t i = 0; i < count; i++) {
		stream->records[i] = make_record(state, 200);
		/* some near each other, as in life, some anywhere */
		stream->ids[i] = (uint16_t)(next_random(state) % id_count);
		if (i > 0 && next_random(state) % 3 != 0)
			stream->ids[i] =
				stream->ids[i - 1 - next_random(state) % (i < 30 ? i : 30)];
		now += next_random(state) % 20;
		stream->times[i] = next_random(state) % 50 == 0 ? now : 0;
	}
}

struct run {
	struct sl_gather_options options;
	size_t take_every; /* records; 0: at the end only */
	struct sl_gather_counts counts;
	struct sl_buffer out;
};

static bool run_stream(struct run *run, const struct stream *stream)
{
	struct sl_gatherer *gatherer;
	struct sl_error err;
	bool good = true;

	run->out.len = 0;
	if (sl_gather_open(&gatherer, &run->options, &err) != SL_OK)
		return false;
	for (size_t i = 0; i < stream->count && good; i++) {
		/* whether and whenever that is said, it changes nothing */
		if (i % 3 != 0 && i + 20 < stream->count)
			sl_gather_fetch(gatherer, id_of(stream->ids[i + 20]));
		good = sl_gather_add(gatherer, id_of(stream->ids[i]), stream->records[i], &err) ==
		       SL_OK;
		if (good && run->options.live && stream->times[i] != 0)
			good = sl_gather_idle(gatherer, stream->times[i], stream->idle_ns, &err) ==
			       SL_OK;
		if (good && run->take_every != 0 && i % run->take_every == 0)
			good = take(gatherer, &run->out);
	}
	if (!good)
		printf("# %s\n", err.text);
	sl_gather_end(gatherer);
	good = good && take(gatherer, &run->out) && take(gatherer, &run->out);
	run->counts = *sl_gather_counts(gatherer);
	sl_gather_close(gatherer);
	return good;
}

static bool as_expected(const struct run *run, const struct stream *stream)
{
	return sl_slice_equal(sl_buffer_slice(&run->out), sl_buffer_slice(&stream->expected)) &&
	       run->counts.records == stream->count && run->counts.traces == stream->group_count;
}

static const size_t limits[] = { 0, 1, 10000, 65536, 200000, 1 << 20, 1 << 28 };

static void check_limits(const char *what, struct run *run, const struct stream *stream)
{
	/* of traces that were not taken */
	size_t stay = run->options.sorted || run->options.live ? 250 * stream->group_count : 0;

	for (size_t i = 0; i < SL_COUNT(limits); i++) {
		size_t limit = limits[i];
		bool good;

		run->options.limit_bytes = limit;
		good = run_stream(run, stream) && as_expected(run, stream);
		ok(good, "%s, limit %zu: the same comes out", what, limit);
		ok(limit > 10000 || run->counts.spilled_bytes > 0 || run->take_every != 0,
		   "... what does not fit goes to files: %llu bytes",
		   (unsigned long long)run->counts.spilled_bytes);
		ok(limit < 200000 || run->counts.peak_bytes <= limit + stay,
		   "... the limit is kept: %zu bytes", run->counts.peak_bytes);
	}
	ok(run->counts.spilled_bytes == 0, "... with plenty nothing goes to files");
	ok(scratch_count() == 0, "... and no file has a name");
}

static struct stream stream;

static void test_plain(void)
{
	static const size_t id_counts[] = { 1, 10, 700, MOST_IDS };
	struct run run = { .options = { .directory = scratch_directory } };
	uint64_t state = 5;

	for (size_t i = 0; i < SL_COUNT(id_counts); i++) {
		char what[64];

		make_stream(&stream, &state, i == 3 ? MOST_RECORDS : 5000, id_counts[i]);
		memset(stream.times, 0, sizeof(stream.times));
		expect(&stream, false);
		snprintf(what, sizeof(what), "%zu records of %u traces", stream.count,
			 stream.group_count);
		check_limits(what, &run, &stream);
		ok(run.counts.reopened == 0, "none comes again");
	}
	sl_buffer_free(&run.out);
}

static void test_sorted(void)
{
	struct run run = { .options = { .directory = scratch_directory, .sorted = true } };
	uint64_t state = 6;

	make_stream(&stream, &state, 5000, 300);
	memset(stream.times, 0, sizeof(stream.times));
	for (size_t i = 1; i < stream.count; i++)
		if (next_random(&state) % 8 != 0)
			stream.ids[i] = stream.ids[i - 1];
	expect(&stream, true);
	check_limits("sorted, taken at the end", &run, &stream);
	run.take_every = 1;
	run.options.limit_bytes = 1 << 18;
	ok(run_stream(&run, &stream) && as_expected(&run, &stream),
	   "sorted, taken when complete: the same");
	ok(run.counts.spilled_bytes == 0 && stream.expected.len > 1 << 19,
	   "in the memory of one at a time: %zu bytes", run.counts.peak_bytes);
	ok(run.counts.reopened == stream.reopened && stream.reopened > 100,
	   "%llu traces come again", (unsigned long long)run.counts.reopened);
	sl_buffer_free(&run.out);
}

static void test_live(void)
{
	struct run run = { .options = { .directory = scratch_directory, .live = true } };
	uint64_t state = 9;

	for (size_t round = 0; round < 3; round++) {
		static const size_t every[] = { 0, 1, 37 };

		make_stream(&stream, &state, 5000, 300);
		expect(&stream, false);
		run.take_every = every[round];
		check_limits("live", &run, &stream);
		ok(run.counts.reopened == stream.reopened && stream.reopened > 100,
		   "%llu traces come again", (unsigned long long)run.counts.reopened);
	}
	sl_buffer_free(&run.out);
}

int main(void)
{
	uint64_t state = 1;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)next_random(&state);
	scratch_make();
	make_ids();
	test_plain();
	test_sorted();
	test_live();
	sl_buffer_free(&stream.expected);
	return done_testing();
}
