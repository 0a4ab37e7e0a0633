/* Files without a name, and what is sorted in them. */
#include "random.h"
#include "scratch.h"
#include "spanline/io.h"
#include "tap.h"
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

enum { TOTAL = 1 << 20 };

static void test_round_trip(void)
{
	static char bytes[TOTAL], back[TOTAL];
	static const size_t sizes[] = { 1, 0, 7, 300, 65535, 65536, 65537, 200000 };
	struct sl_spill *spill;
	struct sl_error err;
	uint64_t state = 3;
	size_t at = 0, same = 0, part = 0;

	for (size_t i = 0; i < TOTAL; i++)
		bytes[i] = (char)next_random(&state);
	if (sl_spill_open(&spill, scratch_directory, &err) != SL_OK)
		abort();
	ok(scratch_count() == 0, "it has no name");
	for (; at + 200000 < TOTAL; part++) {
		size_t len = sizes[part % SL_COUNT(sizes)], behind = at > 100 ? at - 100 : 0;

		if (sl_spill_write(spill, (struct sl_slice){ bytes + at, len }, &err) != SL_OK)
			break;
		at += len;
		same += sl_spill_size(spill) == at &&
			sl_spill_read(spill, behind, back, at - behind, &err) == SL_OK &&
			memcmp(back, bytes + behind, at - behind) == 0;
	}
	ok(part > 8 && same == part, "what was written is read: %zu of %zu", same, part);
	ok(sl_spill_read(spill, 0, back, at, &err) == SL_OK && memcmp(bytes, back, at) == 0,
	   "and all of it");
	ok(sl_spill_read(spill, at - 1, back, 2, &err) == SL_FAILED, "no more: %s", err.text);
	ok(sl_spill_empty(spill, &err) == SL_OK && sl_spill_size(spill) == 0, "emptied");
	ok(sl_spill_write(spill, SL_SLICE("again"), &err) == SL_OK &&
		   sl_spill_read(spill, 0, back, 5, &err) == SL_OK && memcmp(back, "again", 5) == 0,
	   "and begun again");
	sl_spill_close(spill);
	sl_spill_close(NULL);
}

/* Numbers from 0 on, in some order, each with up to three words behind it. */
struct numbered {
	uint64_t number;
	uint64_t word_count;
	uint64_t words[3];
};

static size_t numbered_len(const void *head)
{
	return (2 + ((const struct numbered *)head)->word_count) * sizeof(uint64_t);
}

static int compare_numbered(const void *a, const void *b)
{
	uint64_t one = (*(const struct numbered *const *)a)->number;
	uint64_t two = (*(const struct numbered *const *)b)->number;

	return (one > two) - (one < two);
}

static uint64_t word_of(uint64_t number, size_t index)
{
	return number * 31 + index;
}

/* All of them in order, whole; the sum of two passes. */
static uint64_t count_in_order(struct sl_sorter *sorter)
{
	uint64_t count = 0;
	struct sl_error err;
	void *next;

	for (int pass = 0; pass < 2; pass++) {
		uint64_t expected = 0;

		if (sl_sorter_start(sorter, &err) != SL_OK)
			abort();
		while (sl_sorter_next(sorter, &next, &err) == SL_OK) {
			const struct numbered *item = next;
			bool whole = item->number == expected++;

			for (size_t i = 0; i < item->word_count; i++)
				whole = whole && item->words[i] == word_of(item->number, i);
			count += whole;
		}
	}
	return count;
}

static void test_sorting(void)
{
	static const struct {
		const char *name;
		size_t limit_bytes, count;
	} rows[] = {
		{ "nothing", 4096, 0 },
		{ "one", 0, 1 },
		{ "what memory holds", 1 << 20, 5000 },
		{ "a few runs", 1 << 16, 5000 },
		{ "more runs than are merged at once", 1 << 10, 20000 },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_sorter_options options = { .directory = scratch_directory,
						     .limit_bytes = rows[i].limit_bytes,
						     .head_bytes = 2 * sizeof(uint64_t),
						     .len = numbered_len,
						     .compare = compare_numbered };
		struct sl_sorter *sorter;
		struct sl_error err;
		uint64_t count;

		if (sl_sorter_open(&sorter, &options, &err) != SL_OK)
			abort();
		for (size_t k = 0; k < rows[i].count; k++) {
			/* 7 and the counts have no divisor in common */
			uint64_t number = k * 7 % rows[i].count;
			struct numbered item = { number, number % 4, { 0 } };

			for (size_t w = 0; w < item.word_count; w++)
				item.words[w] = word_of(number, w);
			if (sl_sorter_add(sorter, &item, &err) != SL_OK)
				abort();
		}
		count = count_in_order(sorter);
		ok(count == 2 * rows[i].count, "sorting %s: %llu", rows[i].name,
		   (unsigned long long)count);
		sl_sorter_close(sorter);
	}
}

static void expect_failure(const char *what, const char *directory, const char *reason)
{
	struct sl_spill *spill;
	struct sl_error err;
	char text[5000];

	snprintf(text, sizeof(text), "%s: cannot create a temporary file: %s", directory, reason);
	ok(sl_spill_open(&spill, directory, &err) == SL_FAILED && strcmp(err.text, text) == 0,
	   "%s: %s", what, err.text);
}

static void test_failures(void)
{
	struct rlimit limit = { 100000, RLIM_INFINITY };
	static char bytes[70000];
	struct sl_spill *spill;
	struct sl_error err;

	expect_failure("no such directory", scratch_path("none"), strerror(ENOENT));
	scratch_write("file", "w", SL_SLICE("x"));
	expect_failure("no directory at all", scratch_path("file"), strerror(ENOTDIR));
	if (sl_spill_open(&spill, scratch_directory, &err) != SL_OK)
		abort();
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	ok(sl_spill_write(spill, (struct sl_slice){ bytes, sizeof(bytes) }, &err) == SL_OK &&
		   sl_spill_write(spill, (struct sl_slice){ bytes, sizeof(bytes) }, &err) ==
			   SL_FAILED &&
		   strncmp(err.text, scratch_directory, strlen(scratch_directory)) == 0,
	   "a file that may not grow: %s", err.text);
	sl_spill_close(spill);
}

int main(void)
{
	scratch_make();
	test_round_trip();
	test_sorting();
	test_failures();
	return done_testing();
}
