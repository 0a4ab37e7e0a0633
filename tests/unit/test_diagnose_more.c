/* Findings in random and in large traces, what they say, thresholds, and traces that belong
 * together. */
#include "diagnosing.h"
#include "random.h"
#include "spanline/text.h"
#include "tap.h"

static const uint64_t NS_PER_MS = 1000000;

static const struct sl_finding *first_of(const struct sl_findings *findings,
					 enum sl_finding_kind kind)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].kind == kind)
			return &findings->items[i];
	return NULL;
}

static void make_random(struct made *made, uint64_t *state)
{
	static const char *const services[] = { "alpha", "beta", "gamma" };
	static const char *const statements[] = { "select a from b where c = 1", "get x" };
	uint64_t count = 1 + next_random(state) % 60, range = 1 + next_random(state) % 400;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t start = next_random(state) % range,
			 end = start + next_random(state) % range;
		uint64_t parent = next_random(state) % (next_random(state) % 8 ? i + 1 : count + 3);
		struct made_span *item;

		if (next_random(state) % 32 == 0)
			end = 0;
		/* an id of its own each, but for some */
		item = made_add(made, next_random(state) % 40 ? i + 1 : 1 + i / 2, parent,
				start * NS_PER_MS, end * NS_PER_MS);
		item->span.name = next_random(state) % 3 ? SL_SLICE("GET") : SL_SLICE("POST");
		item->span.kind = (int32_t)(next_random(state) % SL_KIND_COUNT);
		item->span.status_code = next_random(state) % 5 ? SL_STATUS_UNSET : SL_STATUS_ERROR;
		if (next_random(state) % 16)
			made_serve(item, services[next_random(state) % SL_COUNT(services)]);
		if (next_random(state) % 3 == 0)
			made_text_attribute(item, "db.query.text",
					    statements[next_random(state) % SL_COUNT(statements)]);
		if (next_random(state) % 6 == 0)
			made_number_attribute(item, "http.response.status_code",
					      200 + (int64_t)(next_random(state) % 4) * 101);
		if (next_random(state) % 8 == 0)
			made_exception(item, "Oh", "no");
	}
	made_build(made);
}

/* The chain goes up, no span is there twice, the order is that of the header. */
static bool is_sound(const struct sl_trace *trace, const struct sl_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct sl_finding *finding = &findings->items[i], *before = finding - 1;

		if (finding->chain_count < 1 || finding->chain_count > finding->node_count ||
		    finding->message.len == 0 || finding->figure_count == 0 ||
		    finding->severity > sl_finding_row(finding->kind)->severity)
			return false;
		for (uint32_t k = 1; k < finding->chain_count; k++)
			if (trace->nodes[finding->nodes[k - 1]].parent != finding->nodes[k])
				return false;
		if (trace->nodes[finding->nodes[finding->chain_count - 1]].parent != SL_NO_SPAN)
			return false;
		for (uint32_t k = 0; k < finding->node_count; k++)
			for (uint32_t other = 0; other < k; other++)
				if (finding->nodes[k] == finding->nodes[other])
					return false;
		if (i > 0 &&
		    (before->severity < finding->severity ||
		     (before->severity == finding->severity &&
		      (before->kind > finding->kind ||
		       (before->kind == finding->kind && before->weight < finding->weight)))))
			return false;
	}
	return true;
}

/* All that is found, without indexes. */
static void write_findings(const struct sl_trace *trace, const struct sl_findings *findings,
			   struct sl_buffer *out)
{
	out->len = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct sl_finding *finding = &findings->items[i];

		sl_buffer_printf(out, "%d %d ", (int)finding->severity, (int)finding->kind);
		sl_buffer_add_slice(out, finding->message);
		for (uint32_t k = 0; k < finding->node_count; k++)
			sl_buffer_add_slice(out, trace->nodes[finding->nodes[k]].span->span_id);
		for (size_t k = 0; k < finding->figure_count; k++) {
			const struct sl_figure *figure = &finding->figures[k];

			sl_buffer_printf(out, " %s ", figure->name);
			if (figure->type == SL_FIGURE_TEXT || figure->type == SL_FIGURE_ID)
				sl_buffer_add_slice(out, figure->text);
			else if (figure->type == SL_FIGURE_SHARE)
				sl_buffer_printf(out, "%g", figure->number);
			else
				sl_buffer_printf(out, "%lld", (long long)figure->integer);
		}
	}
}

static bool has_duplicates(const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].duplicate)
			return true;
	return false;
}

/* Equal starts of siblings and of roots are told apart by their order alone in lib/trace. */
static bool has_equal_starts(const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (trace->nodes[i].span->start_unix_nano ==
			    trace->nodes[k].span->start_unix_nano)
				return true;
	return false;
}

static void test_random(void)
{
	enum { ROUNDS = 3000 };
	struct sl_buffer once = { 0 }, twice = { 0 };
	unsigned unsound = 0, other = 0, compared = 0;
	struct sl_thresholds thresholds;
	uint64_t state = 99;

	sl_thresholds_init(&thresholds);
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct sl_findings findings;
		struct made made = { 0 };

		make_random(&made, &state);
		find(&made, &thresholds, NULL, &findings);
		unsound += !is_sound(&made.trace, &findings);
		write_findings(&made.trace, &findings, &once);
		if (!has_duplicates(&made.trace) && !has_equal_starts(&made.trace)) {
			compared++;
			for (size_t i = made.count; i > 1; i--) {
				size_t with = (size_t)(next_random(&state) % i);
				struct made_span *item = made.items[i - 1];

				made.items[i - 1] = made.items[with];
				made.items[with] = item;
			}
			made_build(&made);
			find(&made, &thresholds, NULL, &findings);
			write_findings(&made.trace, &findings, &twice);
			other += !sl_slice_equal(sl_buffer_slice(&once), sl_buffer_slice(&twice));
		}
		made_free(&made);
	}
	ok(unsound == 0, "random traces: findings are sound (%u are not)", unsound);
	ok(other == 0 && compared > ROUNDS / 10,
	   "random traces: the same in any order (%u of %u are not)", other, compared);
	sl_buffer_free(&once);
	sl_buffer_free(&twice);
}

enum shape { CHAIN, CHAIN_OF_QUERIES, SIBLINGS, ALL_ORPHANS, ALL_FAIL, RETRIES, SHAPE_COUNT };

static void add_large(struct made *made, enum shape shape, uint64_t i, uint64_t count)
{
	static const char *const services[] = { "alpha", "beta" };
	bool deep = shape == CHAIN || shape == CHAIN_OF_QUERIES;
	uint64_t parent = i == 0 ? 0 : shape == ALL_ORPHANS ? count + i : deep ? i : 1;
	struct made_span *item =
		made_add(made, i + 1, parent, 1000 * i,
			 deep || i == 0 ? 3000 * count - 1000 * i : 1000 * i + 900);

	item->span.name = SL_SLICE("GET");
	item->span.kind = SL_KIND_CLIENT;
	made_serve(item, services[i % 2]);
	if (shape == CHAIN_OF_QUERIES || shape == SIBLINGS)
		made_text_attribute(item, "db.query.text", "select a from b where c = 1");
	if (shape == ALL_FAIL || shape == RETRIES)
		item->span.status_code = SL_STATUS_ERROR;
	if (shape == ALL_FAIL)
		made_number_attribute(item, "http.response.status_code", (int64_t)(400 + i));
}

/* No recursion, and no more than n log n: or this would not end. */
static void test_large(void)
{
	enum { COUNT = 100000 };
	struct sl_thresholds thresholds;

	sl_thresholds_init(&thresholds);
	for (int shape = 0; shape < SHAPE_COUNT; shape++) {
		struct sl_findings findings;
		struct made made = { 0 };
		size_t before;

		for (uint64_t i = 0; i < COUNT; i++)
			add_large(&made, (enum shape)shape, i, COUNT);
		made_build(&made);
		before = made.arena.total_bytes;
		find(&made, &thresholds, NULL, &findings);
		ok(findings.count > 0 && findings.count <= (size_t)20 * SL_FINDING_KIND_COUNT &&
			   made.arena.total_bytes - before <= (size_t)150 * COUNT,
		   "large trace %d: %zu findings, %zu bytes a span", shape, findings.count,
		   (made.arena.total_bytes - before) / COUNT);
		if (shape == ALL_ORPHANS)
			ok(findings.left_out[SL_FINDING_ORPHAN] == COUNT - 1 - 20,
			   "and %llu orphans more",
			   (unsigned long long)findings.left_out[SL_FINDING_ORPHAN]);
		if (shape == CHAIN)
			ok(findings.items[findings.count - 1].chain_count <= 64 &&
				   findings.items[findings.count - 1].nodes
						   [findings.items[findings.count - 1].chain_count -
						    1] == 0,
			   "a long chain is cut, but the top is there");
		made_free(&made);
	}
}

static void test_thresholds(void)
{
	static const struct {
		const char *text;
		enum sl_threshold threshold;
		uint64_t value;
		const char *message; /* NULL: it is set */
	} set_rows[] = {
		{ "queries=7", SL_THRESHOLD_QUERIES, 7, NULL },
		{ "overrun=1.5ms", SL_THRESHOLD_OVERRUN, 1500000, NULL },
		{ "gap-share=25%", SL_THRESHOLD_GAP_SHARE, 25, NULL },
		{ "gap-share=30", SL_THRESHOLD_GAP_SHARE, 30, NULL },
		{ "gap-share=0", SL_THRESHOLD_GAP_SHARE, 0, NULL },
		{ "gap-share=101", 0, 0,
		  "gap-share: expected a percentage, as '10%', found '101'" },
		{ "queries=", 0, 0, "queries: expected a count, found ''" },
		{ "queries=1.5", 0, 0, "queries: expected a count, found '1.5'" },
		{ "gap=5", 0, 0, "gap: expected a duration, as '5ms', found '5'" },
		{ "query=5", 0, 0, "there is no threshold 'query'" },
		{ "=5", 0, 0, "there is no threshold ''" },
		{ "queries", 0, 0, "'queries': expected NAME=VALUE" },
		{ "", 0, 0, "'': expected NAME=VALUE" },
	};
	struct sl_thresholds thresholds;
	enum sl_finding_kind kind;
	enum sl_severity severity;
	bool found = true;

	for (size_t i = 0; i < SL_COUNT(set_rows); i++) {
		struct sl_error err = { 0 };
		enum sl_status status;

		sl_thresholds_init(&thresholds);
		status = sl_threshold_set(&thresholds, made_text(set_rows[i].text), &err);
		ok(set_rows[i].message == NULL
			   ? status == SL_OK &&
				     thresholds.values[set_rows[i].threshold] == set_rows[i].value
			   : status == SL_FAILED && strcmp(err.text, set_rows[i].message) == 0,
		   "threshold '%s' %s", set_rows[i].text, status == SL_OK ? "" : err.text);
	}
	sl_thresholds_init(&thresholds);
	for (int i = 0; i < SL_THRESHOLD_COUNT; i++)
		found = found && sl_threshold_row((enum sl_threshold)i)->name != NULL &&
			thresholds.values[i] != 0;
	for (int i = 0; i < SL_FINDING_KIND_COUNT; i++)
		found = found &&
			sl_finding_parse(made_text(sl_finding_row((enum sl_finding_kind)i)->name),
					 &kind) &&
			(int)kind == i;
	for (int i = 0; i < SL_SEVERITY_COUNT; i++)
		found = found &&
			sl_severity_parse(made_text(sl_severity_name((enum sl_severity)i)),
					  &severity) &&
			(int)severity == i;
	ok(found, "every threshold, kind and severity has a row");
	ok(!sl_finding_parse(SL_SLICE("none"), &kind) &&
		   !sl_severity_parse(SL_SLICE("none"), &severity),
	   "and no others are known");
}

/* What a person reads, names raw and cut. */
static void test_messages(void)
{
	struct sl_thresholds thresholds;
	struct sl_findings findings;
	const struct sl_finding *finding;
	struct made made = { 0 };
	struct made_span *item;
	static char name[203], expected[256];

	for (size_t i = 0; i + 1 < sizeof(name); i++)
		name[i] = "\xc3\xa9"[i % 2];
	sl_thresholds_init(&thresholds);
	thresholds.values[SL_THRESHOLD_CRITICAL_SHARE] = 100;
	item = made_add(&made, 1, 0, 0, 90 * NS_PER_MS);
	item->span.name = SL_SLICE("r\x1b");
	item->span.kind = SL_KIND_SERVER;
	item->span.status_code = SL_STATUS_ERROR;
	made_serve(item, "shop");
	item = made_add(&made, 2, 1, 10 * NS_PER_MS, 80 * NS_PER_MS);
	item->span.name = made_text(name);
	item->span.status_code = SL_STATUS_ERROR;
	made_exception(item, "Oh", "no");
	made_number_attribute(item, "http.response.status_code", 502);
	made_build(&made);
	find(&made, &thresholds, NULL, &findings);
	finding = first_of(&findings, SL_FINDING_ERROR_ORIGIN);
	ok(finding != NULL && finding->message.len == 100 + strlen("...: no (Oh), HTTP 502") &&
		   memcmp(finding->message.data + 100, "...: no (Oh), HTTP 502", 22) == 0,
	   "an error-origin says why, and cuts names between characters");
	ok(finding != NULL && finding->figure_count == 5 &&
		   strcmp(finding->figures[0].name, "evidence") == 0 &&
		   sl_slice_equal(finding->figures[0].text, SL_SLICE("status")),
	   "and what is the evidence");
	finding = first_of(&findings, SL_FINDING_CRITICAL_PATH);
	snprintf(expected, sizeof(expected),
		 "100 %% of 90.0 ms: %.100s... 70.0 ms, shop r\x1b 20.0 ms", name);
	ok(finding != NULL && sl_slice_equal(finding->message, made_text(expected)),
	   "the critical path says how much, by whom");
	made_free(&made);
}

/* A trace of a server that calls one whose trace is another, and a bystander. */
struct story {
	const char *what;
	uint64_t offset_ms[3]; /* of what was called, against its caller, in three traces */
	uint64_t lost;	       /* of the three */
	const char *service;   /* of what was called */
	bool calls;	       /* the call itself was recorded */
	size_t limit_bytes;    /* of what is remembered; 0: any */
};

static void make_server(struct made *made, uint64_t trace, const char *service, uint64_t start_ms,
			uint64_t duration_ms)
{
	static char ids[64][16];
	struct made_span *item = made_add(made, trace, 0, start_ms * NS_PER_MS,
					  (start_ms + duration_ms) * NS_PER_MS);

	memset(ids[trace], (int)trace, 16);
	item->span.trace_id = (struct sl_slice){ ids[trace], 16 };
	item->span.kind = SL_KIND_SERVER;
	item->span.name = SL_SLICE("GET");
	made_serve(item, service);
	made_build(made);
}

static void add_call(struct made *made)
{
	const struct sl_span *server = &made->items[0]->span;
	struct made_span *item = made_add(made, 90, 0, server->start_unix_nano + NS_PER_MS,
					  server->end_unix_nano - NS_PER_MS);

	item->span.parent_span_id = server->span_id;
	item->span.trace_id = server->trace_id;
	item->span.kind = SL_KIND_CLIENT;
	made_serve(item, "caller");
	made_build(made);
}

static unsigned count_lost(struct made *callers, const struct sl_entries *entries)
{
	struct sl_thresholds thresholds;
	struct sl_findings findings;
	unsigned lost = 0;

	sl_thresholds_init(&thresholds);
	for (size_t i = 0; i < 3; i++) {
		const struct sl_finding *finding;

		find(&callers[i], &thresholds, entries, &findings);
		finding = first_of(&findings, SL_FINDING_LOST_CONTEXT);
		/* the trace of what was called has the next ids */
		lost += finding != NULL && finding->nodes[0] == callers[i].count - 1 &&
			finding->figures[0].text.len == 16 &&
			finding->figures[0].text.data[0] == (char)(10 + i);
	}
	return lost;
}

static void test_story(const struct story *story)
{
	struct made callers[3] = { 0 }, called[3] = { 0 }, bystander = { 0 };
	struct sl_entries *entries;
	struct sl_error err;
	unsigned lost;

	if (sl_entries_open(&entries, story->limit_bytes != 0 ? story->limit_bytes : SIZE_MAX,
			    &err) != SL_OK)
		abort();
	make_server(&bystander, 40, "bystander", 5000, 2);
	for (size_t i = 0; i < 3; i++) {
		make_server(&callers[i], 1 + i, "caller", 1000 * i, 100);
		if (story->calls)
			add_call(&callers[i]);
		make_server(&called[i], 10 + i, story->service, 1000 * i + story->offset_ms[i], 50);
		if (sl_entries_add(entries, &callers[i].trace, &err) != SL_OK ||
		    sl_entries_add(entries, &called[i].trace, &err) != SL_OK ||
		    sl_entries_end(entries, &err) != SL_OK)
			abort();
	}
	if (sl_entries_add(entries, &bystander.trace, &err) != SL_OK ||
	    sl_entries_end(entries, &err) != SL_OK)
		abort();
	lost = count_lost(callers, entries);
	ok(lost == story->lost, "lost-context: %s: %u", story->what, lost);
	sl_entries_close(entries);
	for (size_t i = 0; i < 3; i++) {
		made_free(&callers[i]);
		made_free(&called[i]);
	}
	made_free(&bystander);
}

static void test_entries(void)
{
	static const struct story stories[] = {
		{ "all within their callers", { 10, 20, 30 }, 3, "called", false, 0 },
		{ "all within calls", { 10, 20, 30 }, 3, "called", true, 0 },
		{ "one is not", { 10, 20, 70 }, 0, "called", false, 0 },
		{ "rounded", { 10, 20, 52 }, 3, "called", false, 0 },
		{ "none is", { 200, 300, 400 }, 0, "called", false, 0 },
		{ "of the same service", { 10, 20, 30 }, 0, "caller", false, 0 },
		{ "forgotten", { 10, 20, 30 }, 0, "called", false, 1 },
	};
	struct sl_entries *entries;
	struct sl_error err;

	for (size_t i = 0; i < SL_COUNT(stories); i++)
		test_story(&stories[i]);
	ok(sl_entries_open(&entries, SIZE_MAX, &err) == SL_OK &&
		   sl_entries_end(entries, &err) == SL_OK,
	   "lost-context: no traces");
	sl_entries_close(entries);
	sl_entries_close(NULL);
}

int main(void)
{
	test_random();
	test_large();
	test_thresholds();
	test_messages();
	test_entries();
	return done_testing();
}
