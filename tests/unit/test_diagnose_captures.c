/* Findings in the recorded scenarios, whose answers truth.json knows. */
#include "captured.h"
#include "spanline/text.h"
#include "tap.h"
#include <jansson.h>

struct expectation {
	const char *scenario; /* file, and key of truth.json */
	enum sl_finding_kind kind;
	const char *first;  /* where truth.json has the id of the span to look at */
	const char *also;   /* of others among its spans; "list[].key" for all, NULL: none */
	const char *figure; /* a figure, and what it is equal to; NULL: none */
	const char *equals;
};

static const struct expectation expectations[] = {
	{ "n_plus_one_checkout", SL_FINDING_N_PLUS_ONE, "group.parent_span",
	  "group.span_ids_first_last[]", "count", "group.count" },
	{ "n_plus_one_checkout", SL_FINDING_N_PLUS_ONE, "group.parent_span", "root", "statement",
	  "group.statement" },
	{ "auth_expired", SL_FINDING_ERROR_ORIGIN, "origin.span", "error_spans[].span",
	  "error_message", "origin.message" },
	{ "auth_expired_no_error_span", SL_FINDING_ERROR_ORIGIN, "callee_401_span.span",
	  "error_spans[].span", NULL, NULL },
	{ "retry_storm", SL_FINDING_ERROR_ORIGIN, "first_origin_span", "root", "count",
	  "external_503" },
	{ "retry_storm", SL_FINDING_RETRY_STORM, "first_origin_span", "root", "most",
	  "external_calls" },
	{ "retry_storm", SL_FINDING_TIMEOUT_CASCADE, NULL, "root", "count",
	  "spans_ending_over_5ms_after_parent" },
	{ "retry_storm_concurrent", SL_FINDING_ERROR_ORIGIN, "first_origin_span", "root", "count",
	  "external_503" },
	{ "retry_storm_concurrent", SL_FINDING_RETRY_STORM, "first_origin_span", "root", "most",
	  "external_calls" },
	{ "retry_storm_concurrent", SL_FINDING_TIMEOUT_CASCADE, NULL, "root", "count",
	  "spans_ending_over_5ms_after_parent" },
	{ "retry_503_no_timeout", SL_FINDING_ERROR_ORIGIN, "first_origin_span", "root", "count",
	  "external_503" },
	{ "retry_503_no_timeout", SL_FINDING_RETRY_STORM, "first_origin_span", "root", "most",
	  "external_calls" },
	{ "context_dropped", SL_FINDING_LOST_CONTEXT, "dropping_span.span", "root",
	  "continued_trace_id", "lost_trace" },
	{ "context_dropped", SL_FINDING_LOST_CONTEXT, "dropping_span.span", "root",
	  "continued_span_id", "lost_root.span" },
	{ "orphans", SL_FINDING_ORPHAN, "orphan.span", NULL, "missing_parent", "missing_parent" },
	{ "orphans", SL_FINDING_ORPHAN, "orphan.span", NULL, "spans", "orphan_subtree_spans" },
	{ "clock_skew", SL_FINDING_CLOCK_SKEW, "pricing_server.span", "root", "service",
	  "pricing_server.service" },
	{ "clock_skew", SL_FINDING_CLOCK_SKEW, "tax_server.span", "root", "caller",
	  "pricing_server.service" },
	{ "duplicate_queries", SL_FINDING_DUPLICATE_QUERY, NULL, "query_spans[].span", "statement",
	  "statement" },
	{ "fanout_straggler", SL_FINDING_STRAGGLER, "straggler.span", "root", NULL, NULL },
	{ "fanout_straggler", SL_FINDING_CRITICAL_PATH, "straggler.span", "root", NULL, NULL },
	{ "bulk_import", SL_FINDING_N_PLUS_ONE, "parent", "root", "count", "hset_spans" },
};

/* "a.b" in an object; "a[].b" is not followed. */
static json_t *find(json_t *in, const char *path)
{
	char key[64];
	size_t len;

	for (; in != NULL && *path != '\0'; path += len + (path[len] == '.')) {
		len = strcspn(path, ".[");
		if (len == 0 || len >= sizeof(key))
			return in;
		memcpy(key, path, len);
		key[len] = '\0';
		in = json_object_get(in, key);
		if (path[len] == '[')
			return in;
	}
	return in;
}

static void hex_of(struct sl_slice id, char hex[64])
{
	size_t len = id.len < 31 ? id.len : 31;

	sl_write_hex(hex, id.data, len);
	hex[2 * len] = '\0';
}

static bool is_id(const struct sl_trace *trace, uint32_t node, json_t *id)
{
	char hex[64];

	hex_of(trace->nodes[node].span->span_id, hex);
	return json_is_string(id) && strcmp(hex, json_string_value(id)) == 0;
}

static bool has_id(const struct sl_trace *trace, const struct sl_finding *finding, json_t *id)
{
	for (uint32_t i = 0; i < finding->node_count; i++)
		if (is_id(trace, finding->nodes[i], id))
			return true;
	return false;
}

static bool has_all(const struct sl_trace *trace, const struct sl_finding *finding, json_t *truth,
		    const char *also)
{
	const char *list = strchr(also, '[');
	json_t *item, *found = find(truth, also);
	size_t i;

	if (list == NULL)
		return has_id(trace, finding, found);
	if (json_array_size(found) == 0)
		return false;
	json_array_foreach(found, i, item) if (!has_id(trace, finding,
						       list[2] == '.' ? find(item, list + 3)
								      : item)) return false;
	return true;
}

static bool figure_equals(const struct sl_finding *finding, const char *name, json_t *value)
{
	char hex[64];

	for (size_t i = 0; i < finding->figure_count; i++) {
		const struct sl_figure *figure = &finding->figures[i];

		if (strcmp(figure->name, name) != 0)
			continue;
		if (figure->type == SL_FIGURE_COUNT)
			return figure->integer == json_integer_value(value);
		if (figure->type == SL_FIGURE_ID) {
			hex_of(figure->text, hex);
			return strcmp(hex, json_string_value(value)) == 0;
		}
		return json_is_string(value) &&
		       sl_slice_equal(figure->text, (struct sl_slice){ json_string_value(value),
								       json_string_length(value) });
	}
	return false;
}

static bool is_met(const struct sl_trace *trace, const struct sl_finding *finding,
		   const struct expectation *row, json_t *truth)
{
	return finding->kind == row->kind &&
	       finding->severity == sl_finding_row(row->kind)->severity &&
	       (row->first == NULL || is_id(trace, finding->nodes[0], find(truth, row->first))) &&
	       (row->also == NULL || has_all(trace, finding, truth, row->also)) &&
	       (row->figure == NULL ||
		figure_equals(finding, row->figure, find(truth, row->equals)));
}

/* The traces of a scenario and what is found in them. */
struct scenario {
	struct captured captured;
	struct sl_findings findings[MOST_CAPTURED];
};

static bool open_scenario(struct scenario *scenario, const char *captures, const char *name)
{
	struct sl_thresholds thresholds;
	struct sl_entries *entries;
	struct sl_error err;
	char path[1024];

	snprintf(path, sizeof(path), "%s/shop/scenarios/%s.pb", captures, name);
	if (!captured_open(&scenario->captured, path))
		return false;
	sl_thresholds_init(&thresholds);
	if (sl_entries_open(&entries, SIZE_MAX, &err) != SL_OK)
		abort();
	for (size_t i = 0; i < scenario->captured.count; i++)
		if (sl_entries_add(entries, &scenario->captured.traces[i].trace, &err) != SL_OK)
			abort();
	if (sl_entries_end(entries, &err) != SL_OK)
		abort();
	for (size_t i = 0; i < scenario->captured.count; i++) {
		struct captured_trace *trace = &scenario->captured.traces[i];
		struct sl_diagnosis diagnosis = { &thresholds, &trace->trace, &trace->path,
						  entries };

		if (sl_diagnose(&scenario->findings[i], &diagnosis, &scenario->captured.arena,
				&err) != SL_OK)
			abort();
	}
	sl_entries_close(entries);
	return true;
}

/* Of the trace whose id truth.json has. */
static size_t trace_of(const struct scenario *scenario, json_t *truth)
{
	char hex[64];

	for (size_t i = 0; i < scenario->captured.count; i++) {
		hex_of(scenario->captured.traces[i].trace.trace_id, hex);
		if (strcmp(hex, json_string_value(json_object_get(truth, "trace"))) == 0)
			return i;
	}
	return SIZE_MAX;
}

static void test_expectation(const struct scenario *scenario, const struct expectation *row,
			     json_t *truth)
{
	size_t at = trace_of(scenario, truth);
	const struct sl_findings *findings = &scenario->findings[at];
	bool met = false;

	for (size_t i = 0; i < findings->count; i++)
		met |= is_met(&scenario->captured.traces[at].trace, &findings->items[i], row,
			      truth);
	ok(met, "%s %s: %s %s", row->scenario, json_string_value(json_object_get(truth, "trace")),
	   sl_finding_row(row->kind)->name, row->figure != NULL ? row->figure : "");
}

/* Nothing else that is bad is found. */
static bool is_expected(const char *name, enum sl_finding_kind kind)
{
	for (size_t i = 0; i < SL_COUNT(expectations); i++)
		if (strcmp(expectations[i].scenario, name) == 0 && expectations[i].kind == kind)
			return true;
	return false;
}

static void test_calm(const struct scenario *scenario, const char *name)
{
	unsigned unexpected = 0;

	for (size_t i = 0; i < scenario->captured.count; i++)
		for (size_t k = 0; k < scenario->findings[i].count; k++) {
			const struct sl_finding *finding = &scenario->findings[i].items[k];

			unexpected += finding->severity >= SL_WARNING &&
				      !is_expected(name, finding->kind);
		}
	ok(unexpected == 0, "%s: nothing bad that is not there (%u)", name, unexpected);
}

static void test_scenario(const char *captures, const char *name, json_t *truths)
{
	static struct scenario scenario;
	json_t *truth;
	size_t i;

	if (!open_scenario(&scenario, captures, name)) {
		skip(name, "no captures here");
		return;
	}
	for (size_t row = 0; row < SL_COUNT(expectations); row++) {
		if (strcmp(expectations[row].scenario, name) != 0)
			continue;
		json_array_foreach(json_object_get(truths, name), i, truth)
			test_expectation(&scenario, &expectations[row], truth);
	}
	test_calm(&scenario, name);
	captured_free(&scenario.captured);
}

/* What takes most of the critical path, and stands at the end of its longest part. */
static void test_misses(const char *captures, json_t *truths)
{
	static struct scenario scenario;
	json_t *misses = find(truths, "cache.misses"), *truth;
	size_t i;

	if (!open_scenario(&scenario, captures, "cache_miss"))
		return;
	json_array_foreach(misses, i, truth)
	{
		size_t at = trace_of(&scenario, truth);
		const struct captured_trace *trace = &scenario.captured.traces[at];
		const struct sl_finding *finding = &scenario.findings[at].items[0];
		uint32_t longest = 0;

		for (uint32_t node = 0; node < trace->trace.count; node++)
			if (trace->path.on_path_ns[node] > trace->path.on_path_ns[longest])
				longest = node;
		ok(finding->kind == SL_FINDING_CRITICAL_PATH && finding->nodes[0] == longest &&
			   is_id(&trace->trace, longest, find(truth, "slow_span.span")),
		   "cache miss %zu: the slow query is the critical path", i);
	}
	ok(json_array_size(misses) == 6, "all misses");
	captured_free(&scenario.captured);
}

int main(void)
{
	static const char *const scenarios[] = {
		"fast_checkout",
		"cache_hit",
		"cache_miss",
		"n_plus_one_checkout",
		"auth_expired",
		"auth_expired_no_error_span",
		"async_job",
		"async_batch",
		"retry_storm",
		"retry_storm_concurrent",
		"deep",
		"retry_503_no_timeout",
		"context_dropped",
		"orphans",
		"clock_skew",
		"duplicate_queries",
		"fanout_straggler",
		"bulk_import",
		"odd_values",
	};
	const char *captures = getenv("SPANLINE_CAPTURES");
	char path[1024];
	json_t *truths;

	if (captures == NULL) {
		skip("findings in captures", "SPANLINE_CAPTURES is not set");
		return done_testing();
	}
	snprintf(path, sizeof(path), "%s/shop/truth.json", captures);
	truths = json_load_file(path, 0, NULL);
	if (truths == NULL) {
		skip("findings in captures", "no captures here");
		return done_testing();
	}
	for (size_t i = 0; i < SL_COUNT(scenarios); i++)
		test_scenario(captures, scenarios[i], truths);
	test_misses(captures, truths);
	json_decref(truths);
	return done_testing();
}
