/* Gathering: random streams against the plainest way, under limits from nothing to plenty. */
#include "random.h"
#include "scratch.h"
#include "spanline/trace.h"
#include "tap.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

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
	static const size_t odd[] = { 1, 3, 15, 17, 40 };
	size_t len = number == 0 ? 0 : number % 8 == 7 ? odd[number % 5] : 16;

	return (struct sl_slice){ id_bytes[number], len };
}

static void make_ids(void)
{
	for (size_t i = 0; i < MOST_IDS; i++) {
		memset(id_bytes[i], 'x', sizeof(id_bytes[i]));
		memcpy(id_bytes[i], &(uint16_t){ (uint16_t)i }, 2);
		if (id_of(i).len == 1)
			id_bytes[i][0] = (char)(i * 31 / 40);
	}
}

/* Equal bytes are one id, whatever its number. */
static uint16_t pick_id(uint64_t *state, size_t id_count)
{
	uint16_t id = (uint16_t)(next_random(state) % id_count);

	return id_of(id).len == 1 ? 0 : id;
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

static void show_trace(struct sl_buffer *out, struct sl_slice id)
{
	sl_buffer_printf(out, "trace %zu:", id.len);
	sl_buffer_add_slice(out, id);
}

static void show_record(struct sl_buffer *out, struct sl_slice record)
{
	sl_buffer_printf(out, " %zu:", record.len);
	sl_buffer_add_slice(out, record);
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
		stream->ids[i] = pick_id(state, id_count);
		if (i > 0 && next_random(state) % 3 != 0)
			stream->ids[i] =
				stream->ids[i - 1 - next_random(state) % (i < 30 ? i : 30)];
		now += next_random(state) % 20;
		stream->times[i] = next_random(state) % 50 == 0 ? now : 0;
	}
}

/* Appends what is complete. */
static bool take(struct sl_gatherer *gatherer, struct sl_buffer *out)
{
	struct sl_gathered trace;
	enum sl_status status;
	struct sl_error err;
	unsigned beyond = 0;

	while ((status = sl_gather_next(gatherer, &trace, &err)) == SL_OK) {
		show_trace(out, trace.trace_id);
		for (size_t i = 0; i < trace.count; i++) {
			show_record(out, trace.records[i]);
			/* the sanitizer sees whether they may be read */
			for (size_t j = 0; j < SL_PADDING; j++)
				beyond += trace.records[i].data[trace.records[i].len + j] == '\xfe';
		}
	}
	if (status == SL_FAILED)
		printf("# %s\n", err.text);
	return status == SL_END && beyond < UINT32_MAX;
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
	return run->out.len == stream->expected.len &&
	       memcmp(run->out.data, stream->expected.data, run->out.len) == 0 &&
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
	run.options.limit_bytes = 1 << 16;
	ok(run_stream(&run, &stream) && as_expected(&run, &stream),
	   "sorted, taken when complete: the same");
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

static struct sl_gatherer *open_gatherer(struct sl_gather_options options)
{
	struct sl_gatherer *gatherer;
	struct sl_error err;

	if (sl_gather_open(&gatherer, &options, &err) != SL_OK)
		abort();
	return gatherer;
}

static void add(struct sl_gatherer *gatherer, const char *id, const char *record)
{
	struct sl_error err;

	if (sl_gather_add(gatherer, (struct sl_slice){ id, strlen(id) },
			  (struct sl_slice){ record, strlen(record) }, &err) != SL_OK)
		abort();
}

static bool takes(struct sl_gatherer *gatherer, const char *expected)
{
	struct sl_buffer out = { 0 };
	bool same = take(gatherer, &out) && out.len == strlen(expected) &&
		    (out.len == 0 || memcmp(out.data, expected, out.len) == 0);

	if (!same)
		printf("# %.*s\n", (int)out.len, out.data);
	sl_buffer_free(&out);
	return same;
}

static bool idle(struct sl_gatherer *gatherer, uint64_t now, uint64_t ns)
{
	struct sl_error err;

	return sl_gather_idle(gatherer, now, ns, &err) == SL_OK;
}

static void test_idle_rules(void)
{
	struct sl_gatherer *gatherer = open_gatherer(
		(struct sl_gather_options){ 1 << 20, scratch_directory, false, true });

	add(gatherer, "b", "1");
	add(gatherer, "a", "2");
	ok(takes(gatherer, ""), "nothing is complete before its time");
	ok(idle(gatherer, 100, 10) && takes(gatherer, ""),
	   "a record comes when idle is next called");
	add(gatherer, "b", "3");
	ok(idle(gatherer, 109, 10) && takes(gatherer, ""), "not idle for long enough");
	ok(idle(gatherer, 110, 10) && takes(gatherer, "trace 1:a 1:2"), "idle for just so long");
	ok(idle(gatherer, 5, 1) && takes(gatherer, ""), "a clock that goes back completes nothing");
	add(gatherer, "a", "4");
	ok(idle(gatherer, 200, 10) && takes(gatherer, "trace 1:b 1:1 1:3"), "the other one");
	ok(sl_gather_counts(gatherer)->reopened == 1, "one came again");
	add(gatherer, "c", "5");
	ok(idle(gatherer, 300, 0) && takes(gatherer, "trace 1:a 1:4trace 1:c 1:5"),
	   "no patience, in the order of their first records");
	add(gatherer, "d", "6");
	sl_gather_end(gatherer);
	ok(takes(gatherer, "trace 1:d 1:6") && takes(gatherer, ""), "at the end all are");
	sl_gather_close(gatherer);
}

static void test_sorted_rules(void)
{
	struct sl_gatherer *gatherer =
		open_gatherer((struct sl_gather_options){ 1 << 20, scratch_directory, true, true });

	add(gatherer, "a", "1");
	add(gatherer, "a", "2");
	ok(takes(gatherer, ""), "sorted: a trace is open while nothing else comes");
	add(gatherer, "b", "3");
	ok(takes(gatherer, "trace 1:a 1:1 1:2"), "sorted: complete when another begins");
	ok(idle(gatherer, 10, 0) && takes(gatherer, "trace 1:b 1:3"), "sorted: or when idle");
	add(gatherer, "a", "4");
	sl_gather_end(gatherer);
	ok(takes(gatherer, "trace 1:a 1:4") && sl_gather_counts(gatherer)->reopened == 1,
	   "sorted: and when it comes again it is another");
	sl_gather_close(gatherer);
	gatherer = open_gatherer((struct sl_gather_options){ .directory = scratch_directory });
	sl_gather_end(gatherer);
	ok(takes(gatherer, ""), "no records, no traces");
	sl_gather_close(gatherer);
	sl_gather_close(NULL);
}

/* What is remembered of ids is bounded, and what was met lately is remembered. */
static void test_reopened(void)
{
	struct sl_gatherer *gatherer = open_gatherer(
		(struct sl_gather_options){ 1 << 20, scratch_directory, true, false });
	struct sl_buffer out = { 0 };
	char id[32];

	for (int i = 0; i < 40000; i++) {
		snprintf(id, sizeof(id), "%d", i);
		add(gatherer, id, "");
		out.len = 0;
		take(gatherer, &out);
	}
	ok(sl_gather_counts(gatherer)->reopened == 0, "40,000 different traces");
	ok(sl_gather_counts(gatherer)->peak_bytes < 1 << 18, "are not all remembered: %zu bytes",
	   sl_gather_counts(gatherer)->peak_bytes);
	for (int i = 39999 - 3000; i < 39999; i++) {
		snprintf(id, sizeof(id), "%d", i);
		add(gatherer, id, "");
	}
	ok(sl_gather_counts(gatherer)->reopened == 3000, "the last ones are");
	sl_buffer_free(&out);
	sl_gather_close(gatherer);
}

static enum sl_status add_until_failure(struct sl_gatherer *gatherer, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	for (int i = 0; i < 10000 && status == SL_OK; i++)
		status = sl_gather_add(gatherer, id_of((size_t)i % 50),
				       (struct sl_slice){ text, 1000 }, err);
	return status;
}

static void test_failures(void)
{
	const struct rlimit small = { 300000, RLIM_INFINITY };
	struct sl_gatherer *gatherer = open_gatherer(
		(struct sl_gather_options){ 65536, scratch_path("none"), false, false });
	struct sl_error err = { .text = "" };
	char expected[5000];

	snprintf(expected, sizeof(expected), "%s: cannot create a temporary file: %s",
		 scratch_path("none"), strerror(ENOENT));
	ok(add_until_failure(gatherer, &err) == SL_FAILED && strcmp(err.text, expected) == 0,
	   "no directory: %s", err.text);
	sl_gather_close(gatherer);
	gatherer =
		open_gatherer((struct sl_gather_options){ 65536, scratch_directory, false, false });
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	ok(add_until_failure(gatherer, &err) == SL_FAILED &&
		   strncmp(err.text, scratch_directory, strlen(scratch_directory)) == 0,
	   "a full disk: %s", err.text);
	sl_gather_close(gatherer);
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
	test_idle_rules();
	test_sorted_rules();
	test_reopened();
	test_failures();
	sl_buffer_free(&stream.expected);
	return done_testing();
}
