/* Gathering: when a trace is complete, what comes again, how it fails. */
#include "gathering.h"
#include "scratch.h"
#include "tap.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

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

/* More runs of traces than are merged at once, and few files open all the same. */
static void test_many_runs(void)
{
	enum { TRACES = 20000 };
	const struct rlimit few = { 16, RLIM_INFINITY };
	struct rlimit before;
	struct sl_gatherer *gatherer =
		open_gatherer((struct sl_gather_options){ .directory = scratch_directory });
	struct sl_buffer out = { 0 }, expected = { 0 };
	char id[32], record[32];

	getrlimit(RLIMIT_NOFILE, &before);
	setrlimit(RLIMIT_NOFILE, &few);
	for (int i = 0; i < 2 * TRACES; i++) {
		snprintf(id, sizeof(id), "%d", i * 7919 % TRACES);
		snprintf(record, sizeof(record), "%d", i);
		add(gatherer, id, record);
	}
	for (int i = 0; i < TRACES; i++) {
		snprintf(id, sizeof(id), "%d", i * 7919 % TRACES);
		show_trace(&expected, (struct sl_slice){ id, strlen(id) });
		for (int j = i; j < 2 * TRACES; j += TRACES) {
			snprintf(record, sizeof(record), "%d", j);
			show_record(&expected, (struct sl_slice){ record, strlen(record) });
		}
	}
	sl_gather_end(gatherer);
	ok(take(gatherer, &out) &&
		   sl_slice_equal(sl_buffer_slice(&out), sl_buffer_slice(&expected)),
	   "%d traces without any memory", TRACES);
	setrlimit(RLIMIT_NOFILE, &before);
	sl_gather_close(gatherer);
	sl_buffer_free(&out);
	sl_buffer_free(&expected);
}

/* Ids are parts of a text that repeats after 256 bytes. */
static enum sl_status add_until_failure(struct sl_gatherer *gatherer, struct sl_error *err)
{
	enum sl_status status = SL_OK;
	char text[1000];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	for (int i = 0; i < 10000 && status == SL_OK; i++)
		status = sl_gather_add(gatherer, (struct sl_slice){ &text[i % 50], 16 },
				       (struct sl_slice){ text, 1000 }, err);
	return status;
}

/* To 300,000 bytes. */
static void limit_files(void)
{
	const struct rlimit small = { 300000, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
}

/* The file of a live stream is emptied when nothing in it is needed any more. */
static void test_disk(void)
{
	struct sl_gatherer *gatherer =
		open_gatherer((struct sl_gather_options){ 16384, scratch_directory, false, true });
	static char record[1001];
	struct sl_buffer out = { 0 };
	bool good = true;

	memset(record, 'x', sizeof(record) - 1);
	for (uint64_t now = 1; now <= 100 && good; now++) {
		for (int i = 0; i < 100; i++)
			add(gatherer, i % 2 == 0 ? "even" : "odd", record);
		out.len = 0;
		good = idle(gatherer, now, 0) && take(gatherer, &out) && out.len > 100000;
	}
	ok(good && sl_gather_counts(gatherer)->spilled_bytes > 5000000,
	   "%llu bytes go through a file of no more than 300,000",
	   (unsigned long long)sl_gather_counts(gatherer)->spilled_bytes);
	sl_buffer_free(&out);
	sl_gather_close(gatherer);
}

static void test_failures(void)
{
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
	ok(add_until_failure(gatherer, &err) == SL_FAILED &&
		   strncmp(err.text, scratch_directory, strlen(scratch_directory)) == 0,
	   "a full disk: %s", err.text);
	sl_gather_close(gatherer);
}

int main(void)
{
	scratch_make();
	test_idle_rules();
	test_sorted_rules();
	test_reopened();
	test_many_runs();
	limit_files();
	test_disk();
	test_failures();
	return done_testing();
}
