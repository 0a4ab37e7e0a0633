/* Gates: what is an assertion, what is not, and what holds of some spans. */
#include "made_trace.h"
#include "spanline/gate.h"
#include "tap.h"

#define NONSENSE                                                                                   \
	"unknown name 'nonsense': attributes begin with '.', 'span.' or 'resource.', strings "     \
	"stand in double quotes"

static const struct {
	const char *text;
	const char *fault; /* NULL: none */
	size_t at, len;
} assertions[] = {
	{ "p(95) < 500ms", NULL, 0, 0 },
	{ "p95<500ms", NULL, 0, 0 },
	{ "p( 99.9 ) <= 1.5s", NULL, 0, 0 },
	{ "error_rate < 0.1%", NULL, 0, 0 },
	{ "error_rate <= 0.001", NULL, 0, 0 },
	{ "error_rate < 1", NULL, 0, 0 },
	{ "rate > 100/s", NULL, 0, 0 },
	{ "rate >= 0.5/m", NULL, 0, 0 },
	{ "{ resource.service.name = \"cart\" && kind = server } p(99) < 1s", NULL, 0, 0 },
	{ "{ true } by(service) p95 < 300ms", NULL, 0, 0 },
	{ "{ true } by (span.http.route) p95 < 300ms", NULL, 0, 0 },
	{ "{ span.db.system.name != nil } count/trace <= 12", NULL, 0, 0 },
	{ "{ name = \"legacy\" } count = 0", NULL, 0, 0 },
	{ "{ name = \"} p95 < \\\"1s\" } count = 0", NULL, 0, 0 },
	{ "{ name = `}` } count = 0", NULL, 0, 0 },
	{ "{ kind = server } >> { kind = client } count > 0", NULL, 0, 0 },
	{ "({ true } | count() > 2) traces != 3", NULL, 0, 0 },
	{ "checkout-p95: warn self.p95 < 1ms", NULL, 0, 0 },
	{ "critical.mean < 1m", NULL, 0, 0 },
	{ "p(95) < 500", "a duration needs a unit, as 500ms or 1.5s", 8, 3 },
	{ "p(95) < fast", "expected a duration, as 500ms or 1.5s", 8, 4 },
	{ "p(95) <", "expected a duration, as 500ms or 1.5s", 7, 1 },
	{ "p(0) < 1s",
	  "expected a percentile above 0 and below 100 of at most seven places; there are min and "
	  "max",
	  2, 1 },
	{ "p100 < 1s",
	  "expected a percentile above 0 and below 100 of at most seven places; there are min and "
	  "max",
	  1, 3 },
	{ "p < 1s", "expected a percentile, as p95 or p(99.9)", 0, 1 },
	{ "median < 1s",
	  "expected a measure: p95, min, max, mean, count, traces, error_rate, rate or count/trace",
	  0, 6 },
	{ "",
	  "expected a measure: p95, min, max, mean, count, traces, error_rate, rate or count/trace",
	  0, 1 },
	{ "self.count < 1", "'self.' goes with p95, min, max and mean only", 0, 10 },
	{ "p95 1s", "expected <, <=, >, >=, = or !=", 4, 1 },
	{ "p95 == 1s", "write '=' for '=='", 4, 2 },
	{ "error_rate < 200%", "a part of all is at most 1, or 100%", 13, 4 },
	{ "error_rate < 5", "a part of all is at most 1, or 100%", 13, 1 },
	{ "rate > 100", "expected a rate, as 100/s, 5/m or 1/h", 7, 3 },
	{ "count > 1.5", "expected a whole number", 8, 3 },
	{ "count > 1 2", "expected a whole number", 8, 3 },
	{ "{ true count > 1", "nothing closes this bracket", 0, 1 },
	{ "x: { nonsense } count > 1", NONSENSE, 5, 8 },
	{ "{ true } by service count > 1", "expected '(' and a field behind 'by'", 12, 1 },
	{ "{ true } by(nonsense) count > 1", NONSENSE, 12, 8 },
};

static void test_assertions(void)
{
	for (size_t i = 0; i < SL_COUNT(assertions); i++) {
		struct sl_slice text = made_text(assertions[i].text);
		struct sl_query_fault fault = { 0 };
		struct sl_gates *gates = NULL;
		struct sl_error err;
		bool good = sl_gates_open(&gates, &err) == SL_OK;
		enum sl_status status = good ? sl_gates_add(gates, text, &fault) : SL_FAILED;

		if (assertions[i].fault == NULL)
			ok(status == SL_OK && sl_gates_count(gates) == 1, "'%s' %s",
			   assertions[i].text, fault.text);
		else
			ok(status == SL_BAD_RECORD &&
				   strcmp(fault.text, assertions[i].fault) == 0 &&
				   fault.at == assertions[i].at && fault.len == assertions[i].len,
			   "'%s': %s at %zu, %zu", assertions[i].text, fault.text, fault.at,
			   fault.len);
		sl_gates_close(gates);
	}
}

static void test_lines(void)
{
	static const char text[] = "# gates\n\n  p95 < 1s\r\n# { x\ncount > 1\n";
	static const char wrong[] = "p95 < 1s\n  count > x\n";
	struct sl_buffer shown = { 0 };
	struct sl_query_fault fault;
	struct sl_gates *gates = NULL;
	struct sl_error err;

	ok(sl_gates_open(&gates, &err) == SL_OK &&
		   sl_gates_add_lines(gates, made_text(text), &fault) == SL_OK &&
		   sl_gates_count(gates) == 2,
	   "a file of assertions");
	ok(sl_gates_add_lines(gates, made_text(wrong), &fault) == SL_BAD_RECORD, "and a wrong one");
	sl_query_show_fault(&fault, made_text(wrong), &shown);
	sl_buffer_add_byte(&shown, '\0');
	ok(strcmp(shown.data, "line 2, column 11: expected a whole number\n  count > x\n"
			      "          ^\n") == 0,
	   "its place is shown");
	sl_buffer_free(&shown);
	sl_gates_close(gates);
}

/* Ten traces of a root of 100 to 1000 ms and `calls` of 1 ms each, of which the first of every
 * other trace is an error; the last trace has twice as many calls. */
enum { TRACES = 10, MOST_SPANS = 16 };
static struct made made[TRACES];
static char trace_ids[TRACES][16];

#define MS UINT64_C(1000000)

static void make_traces(void)
{
	for (uint64_t i = 0; i < TRACES; i++) {
		uint64_t start = i * 1000 * MS, calls = i == TRACES - 1 ? 6 : 3;

		trace_ids[i][15] = (char)(i + 1);
		made_add(&made[i], 1, 0, start, start + (i + 1) * 100 * MS)->span.name =
			made_text("GET /");
		for (uint64_t call = 0; call < calls; call++) {
			struct made_span *item =
				made_add(&made[i], call + 2, 1, start + (2 * call + 1) * MS,
					 start + (2 * call + 2) * MS);

			item->span.name = made_text(call % 2 == 0 ? "get" : "set");
			item->span.kind = SL_KIND_CLIENT;
			if (call == 0 && i % 2 == 0)
				item->span.status_code = SL_STATUS_ERROR;
		}
		for (size_t j = 0; j < made[i].count; j++)
			made[i].items[j]->span.trace_id = (struct sl_slice){ trace_ids[i], 16 };
		made_build(&made[i]);
	}
}

/* Two watches, one of which sees every third trace, put together in either order. */
static bool collect(const struct sl_gates *gates, bool turned, struct sl_watch **watch)
{
	bool chosen[MOST_SPANS];
	struct sl_watch *watches[2] = { NULL, NULL };
	struct sl_error err;
	bool good = sl_watch_open(&watches[0], gates, &err) == SL_OK &&
		    sl_watch_open(&watches[1], gates, &err) == SL_OK;

	memset(chosen, 1, sizeof(chosen));
	for (size_t i = 0; i < TRACES && good; i++) {
		const struct sl_trace *trace = &made[turned ? TRACES - 1 - i : i].trace;
		struct sl_watch *to = watches[i % 3 == 0];

		if (sl_gates_needs_traces(gates))
			good = sl_watch_trace(to, trace, chosen, &err) == SL_OK;
		else
			for (uint32_t j = 0; j < trace->count && good; j++)
				good = sl_watch_span(to, trace->nodes[j].span, &err) == SL_OK;
	}
	good = good && sl_watch_merge(watches[turned], watches[!turned], &err) == SL_OK;
	sl_watch_close(watches[!turned]);
	*watch = watches[turned];
	return good;
}

static const struct {
	const char *assertion;
	uint8_t least_spans;
	bool strict;
	enum sl_verdict_of_gate verdict;
	const char *value, *value_number, *bound_number;
	uint64_t spans;
	const char *why;
	uint64_t worst; /* the last byte of the worst trace's id; 0: none */
} judged[] = {
	/* roots: 100, 200 ... 1000 ms */
	{ "p50 <= 500ms", 0, false, SL_GATE_HOLDS, "500ms", "500", "500", 10, "", 10 },
	{ "p50 < 500ms", 0, false, SL_GATE_FAILS, "500ms", "500", "500", 10, "", 10 },
	{ "p50 <= 500ms", 11, false, SL_GATE_FAILS, "", "", "500", 10, "fewer than 11 spans", 10 },
	{ "p50 <= 800ms", 0, true, SL_GATE_FAILS, "900ms", "900", "800", 10,
	  "the upper end of its interval", 10 },
	{ "p50 >= 300ms", 0, true, SL_GATE_FAILS, "200ms", "200", "300", 10,
	  "the lower end of its interval", 1 },
	{ "p95 < 2s", 0, false, SL_GATE_WARNS, "1000ms", "1000", "2000", 10,
	  "too few spans for this quantile", 10 },
	{ "p95 < 2s", 0, true, SL_GATE_FAILS, "1000ms", "1000", "2000", 10,
	  "too few spans for this quantile", 10 },
	{ "p95 < 1s", 0, false, SL_GATE_FAILS, "1000ms", "1000", "1000", 10,
	  "too few spans for this quantile", 10 },
	{ "warn max < 1s", 0, false, SL_GATE_WARNS, "1000ms", "1000", "1000", 10, "", 10 },
	{ "min = 100ms", 0, false, SL_GATE_HOLDS, "100ms", "100", "100", 10, "", 10 },
	{ "min > 100ms", 0, false, SL_GATE_FAILS, "100ms", "100", "100", 10, "", 1 },
	{ "mean <= 550ms", 0, false, SL_GATE_HOLDS, "550ms", "550", "550", 10, "", 10 },
	{ "{ true } mean != 126ms", 0, false, SL_GATE_HOLDS, "128.674418ms", "128.674418", "126",
	  43, "", 10 },
	{ "count = 10", 0, false, SL_GATE_HOLDS, "10", "10", "10", 10, "", 10 },
	{ "traces >= 10", 0, false, SL_GATE_HOLDS, "10", "10", "10", 10, "", 10 },
	{ "count/trace <= 6", 0, false, SL_GATE_FAILS, "7", "7", "6", 43, "", 10 },
	{ "{ kind = client } count/trace <= 6", 0, false, SL_GATE_HOLDS, "6", "6", "6", 33, "",
	  10 },
	{ "{ kind = client } count <= 32", 0, false, SL_GATE_FAILS, "33", "33", "32", 33, "", 1 },
	{ "{ kind = client } traces = 10", 0, false, SL_GATE_HOLDS, "10", "10", "10", 33, "", 1 },
	{ "{ kind = client } error_rate <= 15.2%", 0, false, SL_GATE_HOLDS, "15.15%",
	  "0.15151515151515152", "0.152", 33, "5 with errors", 1 },
	{ "{ kind = client } error_rate < 0.15", 0, false, SL_GATE_FAILS, "15.15%",
	  "0.15151515151515152", "0.15", 33, "5 with errors", 1 },
	/* the first starts at 0, the last ends at 10 s */
	{ "rate >= 1/s", 0, false, SL_GATE_HOLDS, "1/s", "1.0", "1.0", 10, "", 10 },
	{ "rate > 60/m", 0, false, SL_GATE_FAILS, "60/m", "1.0", "1.0", 10, "", 10 },
	{ "self.min <= 97ms", 0, false, SL_GATE_HOLDS, "97ms", "97", "97", 10, "", 10 },
	{ "critical.max < 1s", 0, false, SL_GATE_HOLDS, "994ms", "994", "1000", 10, "", 10 },
	{ "{ name = \"legacy\" } count = 0", 0, false, SL_GATE_HOLDS, "0", "0", "0", 0, "", 0 },
	{ "{ name = \"legacy\" } count/trace > 0", 0, false, SL_GATE_FAILS, "0", "0", "0", 0, "",
	  0 },
	{ "{ name = \"legacy\" } p95 < 1s", 0, false, SL_GATE_FAILS, "", "", "1000", 0,
	  "no spans matched", 0 },
	{ "{ name = \"legacy\" } rate >= 0/s", 0, false, SL_GATE_FAILS, "", "", "0.0", 0,
	  "no spans matched", 0 },
	{ "{ name = \"legacy\" } count = 0", 5, false, SL_GATE_HOLDS, "0", "0", "0", 0, "", 0 },
};

static bool is_judged(size_t row, const struct sl_gate_result *result)
{
	bool good = result->verdict == judged[row].verdict && result->spans == judged[row].spans &&
		    strcmp(result->value, judged[row].value) == 0 &&
		    strcmp(result->value_number, judged[row].value_number) == 0 &&
		    strcmp(result->bound_number, judged[row].bound_number) == 0 &&
		    strcmp(result->why, judged[row].why) == 0;
	char last[3];

	snprintf(last, sizeof(last), "%02x", (unsigned)judged[row].worst);
	if (judged[row].worst == 0)
		return good && result->worst_count == 0;
	return good && result->worst_count != 0 && strcmp(result->worst[0] + 30, last) == 0;
}

static void test_judgement(bool turned)
{
	for (size_t i = 0; i < SL_COUNT(judged); i++) {
		struct sl_gate_rules rules = { judged[i].least_spans, judged[i].strict };
		struct sl_gate_results results = { 0 };
		struct sl_query_fault fault = { 0 };
		struct sl_gates *gates = NULL;
		struct sl_watch *watch = NULL;
		struct sl_error err;
		bool good = sl_gates_open(&gates, &err) == SL_OK &&
			    sl_gates_add(gates, made_text(judged[i].assertion), &fault) == SL_OK &&
			    collect(gates, turned, &watch) &&
			    sl_watch_judge(watch, &rules, &results, &err) == SL_OK &&
			    results.count == 1;
		const struct sl_gate_result *result = results.items;

		ok(good && is_judged(i, result), "%s: %s%s, %s of %llu, %s, %s",
		   judged[i].assertion, fault.text, good ? result->value : "",
		   good ? result->value_number : "", good ? (unsigned long long)result->spans : 0,
		   good ? result->why : "", good ? result->worst[0] : "");
		sl_gate_results_free(&results);
		sl_watch_close(watch);
		sl_gates_close(gates);
	}
}

static void test_groups(void)
{
	struct sl_gate_rules rules = { 0 };
	struct sl_gate_results results = { 0 };
	struct sl_query_fault fault = { 0 };
	struct sl_gates *gates = NULL;
	struct sl_watch *watch = NULL;
	struct sl_error err;
	bool good = sl_gates_open(&gates, &err) == SL_OK &&
		    sl_gates_add(gates, made_text("each: { true } by(name) max < 2ms"), &fault) ==
			    SL_OK &&
		    collect(gates, false, &watch) &&
		    sl_watch_judge(watch, &rules, &results, &err) == SL_OK && results.count == 3;

	ok(good && results.failed == 1 && results.items[0].verdict == SL_GATE_FAILS &&
		   sl_slice_equal(results.items[0].group, SL_SLICE("GET /")) &&
		   sl_slice_equal(results.items[1].group, SL_SLICE("get")) &&
		   sl_slice_equal(results.items[2].group, SL_SLICE("set")) &&
		   sl_slice_equal(results.items[2].name, SL_SLICE("each")),
	   "groups are judged one by one, in order");
	ok(good && results.items[0].worst_count == 3 && results.items[0].worst[0][31] == 'a' &&
		   results.items[0].worst[1][31] == '9' && results.items[0].worst[2][31] == '8',
	   "the three worst traces are told");
	sl_gate_results_free(&results);
	sl_watch_close(watch);
	sl_gates_close(gates);
}

static void test_nothing(void)
{
	struct sl_gate_rules rules = { 0 };
	struct sl_gate_results results = { 0 };
	struct sl_query_fault fault;
	struct sl_gates *gates = NULL;
	struct sl_watch *watch = NULL;
	struct sl_error err;
	bool good = sl_gates_open(&gates, &err) == SL_OK &&
		    sl_gates_add(gates, made_text("{ true } count = 0"), &fault) == SL_OK &&
		    sl_watch_open(&watch, gates, &err) == SL_OK &&
		    sl_watch_judge(watch, &rules, &results, &err) == SL_OK;

	ok(good && results.failed == 1 &&
		   strcmp(results.items[0].why, "no spans in the input") == 0,
	   "no gate holds over no spans");
	sl_gate_results_free(&results);
	sl_watch_close(watch);
	sl_gates_close(gates);
}

/* For the oracle in tests/property/assertions.py: a line each, "ok" or where it is wrong. */
static int answer_assertions(void)
{
	char line[4096];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct sl_slice text = { line, strcspn(line, "\n") };
		struct sl_query_fault fault = { 0 };
		struct sl_gates *gates;
		struct sl_error err;

		if (sl_gates_open(&gates, &err) != SL_OK)
			return 2;
		if (sl_gates_add(gates, text, &fault) == SL_OK)
			puts("ok");
		else
			printf("%zu %zu %s\n", fault.at, fault.len, fault.text);
		sl_gates_close(gates);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "assertions") == 0)
		return answer_assertions();
	test_assertions();
	test_lines();
	make_traces();
	test_judgement(false);
	test_judgement(true);
	test_groups();
	test_nothing();
	for (size_t i = 0; i < TRACES; i++)
		made_free(&made[i]);
	return done_testing();
}
