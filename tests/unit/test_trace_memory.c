/*
 * What is taken for a large trace beside its spans: tree, critical path and findings.  In the arena
 * that is counted; what is given back on the way counts too where the system can refuse it.
 */
#include "made_trace.h"
#include "spanline/diagnose.h"
#include "tap.h"
#include <sys/resource.h>

enum { COUNT = 100000, MOST_BYTES = 200 };

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define IS_COUNTED 0 /* a sanitizer takes more than what is asked for */
#else
#define IS_COUNTED 1
#endif

/* The KiB of data that the process has; 0: not known. */
static unsigned long data_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long found = 0;
	char line[256];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "VmData: %lu", &found) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return found;
}

/* From now on there are so many bytes more, and no others. */
static void allow(size_t bytes)
{
	unsigned long now = IS_COUNTED ? data_kib() : 0;
	struct rlimit limit;

	if (now == 0 || getrlimit(RLIMIT_DATA, &limit) != 0)
		return;
	limit.rlim_cur = (rlim_t)now * 1024 + bytes;
	(void)!setrlimit(RLIMIT_DATA, &limit);
}

static void allow_all(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_DATA, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)!setrlimit(RLIMIT_DATA, &limit);
}

/* By number from 1 on; 0: none. */
static uint64_t above_deep(uint64_t number)
{
	return number - 1;
}

static uint64_t above_bushy(uint64_t number)
{
	return number / 7;
}

static uint64_t above_wide(uint64_t number)
{
	return number > 1;
}

static uint64_t above_missing(uint64_t number)
{
	return number > 1 ? 10 * (uint64_t)COUNT + number : 0;
}

static const struct {
	const char *what;
	uint64_t (*above)(uint64_t number);
} rows[] = {
	{ "deep", above_deep },
	{ "bushy", above_bushy },
	{ "wide", above_wide },
	{ "orphans", above_missing },
};

/* Calls within calls, queries among them, and much that fails: there is something to find. */
static void make(struct made *made, uint64_t (*above)(uint64_t number))
{
	static const char *const services[] = { "alpha", "beta", "gamma" };

	for (uint64_t i = 1; i <= COUNT; i++) {
		struct made_span *item = made_add(made, i, above(i), 1000 * i,
						  UINT64_C(1000000000) - 1000 * i + i % 700);

		item->span.kind = i % 2 ? SL_KIND_CLIENT : SL_KIND_SERVER;
		item->span.status_code = i % 3 ? SL_STATUS_UNSET : SL_STATUS_ERROR;
		made_serve(item, services[i % SL_COUNT(services)]);
		if (i % 2)
			made_text_attribute(item, "db.query.text", "SELECT 1");
	}
	made_build(made);
	sl_arena_free(&made->arena);
}

struct found {
	struct sl_trace trace;
	struct sl_path path;
	struct sl_findings findings;
};

static bool find(struct found *found, const struct made *made, struct sl_arena *arena)
{
	struct sl_thresholds thresholds;
	struct sl_diagnosis diagnosis = { &thresholds, &found->trace, &found->path, NULL };
	struct sl_error err;

	sl_thresholds_init(&thresholds);
	return sl_trace_build(&found->trace, made->spans, made->count, arena, &err) == SL_OK &&
	       sl_trace_path(&found->path, &found->trace, arena, &err) == SL_OK &&
	       sl_diagnose(&found->findings, &diagnosis, arena, &err) == SL_OK;
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct made made = { 0 };
		struct sl_arena arena = { 0 };
		struct found found = { 0 };
		bool enough;

		make(&made, rows[i].above);
		allow((size_t)MOST_BYTES * COUNT);
		enough = find(&found, &made, &arena);
		allow_all();
		ok(enough && found.findings.count > 1,
		   "%s: %u bytes a span are enough for %zu findings", rows[i].what,
		   (unsigned)MOST_BYTES, found.findings.count);
		ok(arena.total_bytes <= (size_t)150 * COUNT, "%s: %zu bytes a span stay",
		   rows[i].what, arena.total_bytes / COUNT);
		sl_arena_free(&arena);
		made_free(&made);
	}
	return done_testing();
}
