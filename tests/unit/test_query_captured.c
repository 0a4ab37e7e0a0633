/*
 * Queries of a real capture find what Tempo's engine found in it: each line of
 * reference/traceql-results.jsonl beside the captures has a query, how many spans and traces it
 * found, and the SHA-256 of their ids ("TRACE SPAN\n", sorted).  Traces with orphans are left out:
 * there is where the two differ on purpose.
 */
#include "query_capture.h"
#include "sha256.h"
#include "spanline/query.h"
#include "spanline/text.h"
#include "tap.h"
#include <jansson.h>

struct ids {
	char (*lines)[50];
	size_t count, capacity;
};

static void ids_add(struct ids *ids, const struct sl_span *span)
{
	char *line;

	if (!sl_array_reserve((void **)&ids->lines, &ids->capacity, ids->count + 1,
			      sizeof(*ids->lines)))
		abort();
	line = ids->lines[ids->count++];
	sl_write_hex(line, span->trace_id.data, 16);
	line[32] = ' ';
	sl_write_hex(line + 33, span->span_id.data, 8);
	line[49] = '\n';
}

static int order_ids(const void *a, const void *b)
{
	return memcmp(a, b, 50);
}

static bool has_orphans(const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].orphan)
			return true;
	return false;
}

static void add_found(const struct sl_trace *trace, const struct sl_spanset *sets, size_t count,
		      struct ids *ids)
{
	for (size_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < sets[i].count; k++)
			ids_add(ids, trace->nodes[sets[i].spans[k]].span);
}

/* The number of traces; the ids sorted, each once. */
static size_t ask(struct sl_matcher *matcher, const struct sl_trace *traces, size_t trace_count,
		  struct ids *ids)
{
	size_t found = 0, kept = 0;

	for (size_t i = 0; i < trace_count; i++) {
		const struct sl_spanset *sets;
		struct sl_error err;
		size_t count;

		if (sl_query_trace(matcher, &traces[i], &sets, &count, &err) != SL_OK)
			return SIZE_MAX;
		found += count != 0;
		add_found(&traces[i], sets, count, ids);
	}
	if (ids->count != 0)
		qsort(ids->lines, ids->count, sizeof(*ids->lines), order_ids);
	for (size_t i = 0; i < ids->count; i++)
		if (kept == 0 || memcmp(ids->lines[kept - 1], ids->lines[i], 50) != 0)
			memmove(ids->lines[kept++], ids->lines[i], 50);
	ids->count = kept;
	return found;
}

/* Of a query that needs no traces, span by span. */
static size_t ask_spans(struct sl_matcher *matcher, const struct sl_trace *traces,
			size_t trace_count)
{
	size_t count = 0;

	for (size_t i = 0; i < trace_count; i++)
		for (uint32_t k = 0; k < traces[i].count; k++) {
			struct sl_error err;
			bool matches = false;

			if (sl_query_span(matcher, traces[i].nodes[k].span, &matches, &err) !=
			    SL_OK)
				return SIZE_MAX;
			count += matches;
		}
	return count;
}

static void test_row(json_t *row, const struct sl_trace *traces, size_t trace_count, bool tempo)
{
	const char *text = json_string_value(json_object_get(row, "query"));
	struct sl_query_options options = { .tempo = tempo };
	struct ids ids = { .count = 0 };
	struct sl_query_fault fault;
	struct sl_matcher *matcher;
	struct sl_query *query;
	struct sl_error err;
	char sum[65] = "";
	size_t found, spans;

	if (sl_query_compile(&query, (struct sl_slice){ text, strlen(text) }, &options, &fault) !=
	    SL_OK) {
		ok(false, "%s: %s", text, fault.text);
		return;
	}
	if (sl_matcher_open(&matcher, query, &err) != SL_OK)
		abort();
	found = ask(matcher, traces, trace_count, &ids);
	spans = sl_query_needs_traces(query) ? ids.count : ask_spans(matcher, traces, trace_count);
	sha256((struct sl_slice){ (const char *)ids.lines, 50 * ids.count }, sum);
	ok(found == (size_t)json_integer_value(json_object_get(row, "traces")) &&
		   ids.count == (size_t)json_integer_value(json_object_get(row, "spans")) &&
		   spans == ids.count &&
		   strcmp(sum, json_string_value(json_object_get(row, "sha256"))) == 0,
	   "%s%s: %zu spans in %zu traces", tempo ? "tempo: " : "", text, ids.count, found);
	free(ids.lines);
	sl_matcher_close(matcher);
	sl_query_free(query);
}

static void test_rows(FILE *rows, const struct sl_trace *traces, size_t trace_count)
{
	char line[64 * 1024];

	while (fgets(line, sizeof(line), rows) != NULL) {
		json_t *row = json_loads(line, 0, NULL);

		test_row(row, traces, trace_count, false);
		test_row(row, traces, trace_count, true);
		json_decref(row);
	}
}

static void test_capture(struct capture *capture, FILE *rows)
{
	struct sl_trace *traces = calloc(capture->count, sizeof(*traces));
	size_t count = 0;

	if (traces == NULL)
		abort();
	for (size_t at = 0; at < capture->count;) {
		capture_trace(capture, &at, &traces[count]);
		if (has_orphans(&traces[count]))
			free(traces[count].preorder);
		else
			count++;
	}
	test_rows(rows, traces, count);
	for (size_t i = 0; i < count; i++)
		free(traces[i].preorder);
	free(traces);
}

int main(void)
{
	const char *captures = getenv("SPANLINE_CAPTURES");
	struct capture capture = { .count = 0 };
	char path[1024];
	FILE *rows;

	if (captures == NULL) {
		skip("what was found in a real capture", "SPANLINE_CAPTURES is not set");
		return done_testing();
	}
	snprintf(path, sizeof(path), "%s/../reference/traceql-results.jsonl", captures);
	rows = fopen(path, "r");
	snprintf(path, sizeof(path), "%s/collector/collector-real.json", captures);
	if (rows == NULL || !capture_read(&capture, path))
		skip("what was found in a real capture", "no captures here");
	else
		test_capture(&capture, rows);
	if (rows != NULL)
		fclose(rows);
	capture_free(&capture);
	return done_testing();
}
