/* From what was collected to verdicts. */
#include "gate.h"
#include "spanline/text.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIDENCE 0.95

static void write_ms(char out[40], int64_t ns, const char *unit)
{
	size_t len =
		ns < 0 ? sl_write_ms(out, 0, ~(uint64_t)ns + 1) : sl_write_ms(out, (uint64_t)ns, 0);

	memcpy(out + len, unit, strlen(unit) + 1);
}

static void write_number(char out[40], double number)
{
	out[sl_write_double(out, number)] = '\0';
}

static int settle_latency(const struct gate *gate, struct sl_gate_result *result, int64_t ns)
{
	write_ms(result->value, ns, "ms");
	write_ms(result->value_number, ns, "");
	return (ns > gate->bound_ns) - (ns < gate->bound_ns);
}

/* Exactly: the mean's whole ns, and whether there is more. */
static int settle_mean(const struct gate *gate, const struct tally *tally,
		       struct sl_gate_result *result)
{
	int64_t count = (int64_t)tally->count, rest = tally->seconds % count;
	int64_t mean = tally->seconds / count * 1000000000, more;
	int order;

	rest = rest * 1000000000 + tally->ns;
	mean += rest / count;
	more = rest % count;
	if (more < 0) {
		mean--;
		more += count;
	}
	order = settle_latency(gate, result, mean);
	return order == 0 && more != 0 ? 1 : order;
}

static int settle_count(const struct gate *gate, struct sl_gate_result *result, uint64_t count)
{
	result->value[sl_write_u64(result->value, count)] = '\0';
	memcpy(result->value_number, result->value, sizeof(result->value));
	return (count > gate->bound.digits) - (count < gate->bound.digits);
}

/* Two fractions: exactly, as long as the products fit. */
static int compare_products(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	uint64_t left, right;

	if (!__builtin_mul_overflow(a, b, &left) && !__builtin_mul_overflow(c, d, &right))
		return (left > right) - (left < right);
	return ((long double)a * b > (long double)c * d) -
	       ((long double)a * b < (long double)c * d);
}

static int settle_errors(const struct gate *gate, const struct tally *tally,
			 struct sl_gate_result *result)
{
	double part = (double)tally->errors / (double)tally->count;

	snprintf(result->value, sizeof(result->value), "%.4g%%", part * 100);
	write_number(result->value_number, part);
	snprintf(result->why, sizeof(result->why), "%llu with errors",
		 (unsigned long long)tally->errors);
	return compare_products(tally->errors, gate->bound.scale, gate->bound.digits, tally->count);
}

static int settle_rate(const struct gate *gate, const struct tally *tally, uint64_t ns,
		       struct sl_gate_result *result)
{
	double each = (double)tally->count / (double)ns;
	const char *unit = gate->per_ns == UINT64_C(1000000000)	   ? "s"
			   : gate->per_ns == UINT64_C(60000000000) ? "m"
								   : "h";
	long double found = (long double)tally->count * gate->per_ns * gate->bound.scale;
	long double bound = (long double)gate->bound.digits * ns;

	snprintf(result->value, sizeof(result->value), "%.4g/%s", each * (double)gate->per_ns,
		 unit);
	write_number(result->value_number, each * 1e9);
	return (found > bound) - (found < bound);
}

/* Why nothing can be judged. */
SL_PRINTF(2, 3)
static void fail_with(struct sl_gate_result *result, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(result->why, sizeof(result->why), format, arguments);
	va_end(arguments);
	result->verdict = SL_GATE_FAILS;
}

/* The exact value may be on the other side of the bound. */
static bool is_near(int64_t ns, int64_t bound_ns, double error)
{
	return fabs((double)ns - (double)bound_ns) <= error / (1 - error) * fabs((double)ns);
}

static void doubt_near(double error, struct sl_gate_result *result)
{
	if (result->verdict == SL_GATE_HOLDS)
		result->verdict = SL_GATE_WARNS;
	snprintf(result->why, sizeof(result->why), "known to within %g %% only", 100 * error);
}

/* The nearest rank, or the end of its interval that is the worse for the gate.  False: no memory.
 */
static bool judge_quantile(const struct sl_gates *gates, const struct gate *gate,
			   const struct tally *tally, bool strict, struct sl_gate_result *result)
{
	bool from_below = gate->op == OP_GREATER || gate->op == OP_GREATER_EQUAL;
	bool lower_half = gate->quantile.numerator * 2 < gate->quantile.denominator;
	uint64_t rank = sl_quantile_rank(gate->quantile, tally->count), low, high, end;
	bool few;
	int64_t ns;

	sl_quantile_interval(gate->quantile, tally->count, CONFIDENCE, &low, &high);
	end = from_below ? low : high;
	few = lower_half ? low == 0 : high == 0;
	if (strict && (gate->op != OP_EQUAL && gate->op != OP_UNEQUAL)) {
		few = end == 0;
		rank = few ? rank : end;
		snprintf(result->why, sizeof(result->why), "the %s end of its interval",
			 from_below ? "lower" : "upper");
	}
	if (gates->error != 0)
		ns = sl_sketch_value_between(&tally->sketch, rank, tally->least, tally->most);
	else if (!sl_samples_select(&tally->samples, &rank, 1, &ns))
		return false;
	result->verdict = sl_order_is(gate->op, settle_latency(gate, result, ns)) ? SL_GATE_HOLDS
										  : SL_GATE_FAILS;
	if (gates->error != 0 && is_near(ns, gate->bound_ns, gates->error))
		doubt_near(gates->error, result);
	if (few)
		snprintf(result->why, sizeof(result->why), "too few spans for this quantile");
	if (few && result->verdict == SL_GATE_HOLDS)
		result->verdict = strict ? SL_GATE_FAILS : SL_GATE_WARNS;
	return true;
}

static bool judge_measure(const struct sl_watch *watch, const struct gate *gate,
			  const struct tally *tally, bool strict, struct sl_gate_result *result)
{
	int order = 0;

	switch (gate->measure) {
	case MEASURE_QUANTILE:
		return judge_quantile(watch->gates, gate, tally, strict, result);
	case MEASURE_MIN:
		order = settle_latency(gate, result, tally->least);
		break;
	case MEASURE_MAX:
		order = settle_latency(gate, result, tally->most);
		break;
	case MEASURE_MEAN:
		order = settle_mean(gate, tally, result);
		break;
	case MEASURE_COUNT:
		order = settle_count(gate, result, tally->count);
		break;
	case MEASURE_TRACES:
		order = settle_count(gate, result, tally->traces.count);
		break;
	case MEASURE_PER_TRACE:
		order = settle_count(gate, result, tally->most_in_trace);
		break;
	case MEASURE_ERROR_RATE:
		order = settle_errors(gate, tally, result);
		break;
	case MEASURE_RATE:
		if (watch->end_ns <= watch->start_ns) {
			fail_with(result, "no time passed");
			return true;
		}
		order = settle_rate(gate, tally, watch->end_ns - watch->start_ns, result);
		break;
	}
	result->verdict = sl_order_is(gate->op, order) ? SL_GATE_HOLDS : SL_GATE_FAILS;
	return true;
}

static void write_bound(const struct gate *gate, struct sl_gate_result *result)
{
	size_t len = gate->bound_text.len < sizeof(result->bound) - 1 ? gate->bound_text.len
								      : sizeof(result->bound) - 1;
	double number = (double)gate->bound.digits / (double)gate->bound.scale;

	memcpy(result->bound, gate->bound_text.data, len);
	if (is_latency(gate))
		write_ms(result->bound_number, gate->bound_ns, "");
	else if (is_count(gate))
		result->bound_number[sl_write_u64(result->bound_number, gate->bound.digits)] = '\0';
	else
		write_number(result->bound_number,
			     gate->per_ns != 0 ? number * 1e9 / (double)gate->per_ns : number);
}

static bool judge_tally(const struct sl_watch *watch, const struct gate *gate,
			const struct tally *tally, const struct sl_gate_rules *rules,
			struct sl_gate_result *result)
{
	*result = (struct sl_gate_result){
		.text = gate->text, .name = gate->name, .group = tally->key, .spans = tally->count
	};
	write_bound(gate, result);
	if (!watch->any)
		fail_with(result, "no spans in the input");
	else if (tally->count == 0 && !is_count(gate))
		fail_with(result, "no spans matched");
	else if (tally->count < rules->least_spans && !is_count(gate))
		fail_with(result, "fewer than %llu spans", (unsigned long long)rules->least_spans);
	else if (!judge_measure(watch, gate, tally, rules->strict, result))
		return false;
	if (result->verdict == SL_GATE_FAILS && gate->only_warns)
		result->verdict = SL_GATE_WARNS;
	for (size_t i = 0; i < tally->worst.count; i++) {
		size_t len = tally->worst.traces[i].len;

		sl_write_hex(result->worst[i], tally->worst.traces[i].id, len);
		result->worst_count += len != 0;
	}
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	return sl_slice_compare(((const struct tally *)a)->key, ((const struct tally *)b)->key);
}

static bool judge_gate(struct sl_watch *watch, size_t index, const struct sl_gate_rules *rules,
		       struct sl_gate_results *results)
{
	static const struct tally nothing = { .least = INT64_MAX, .most = INT64_MIN };
	const struct gate *gate = &watch->gates->items[index];
	struct tallies *tallies = &watch->tallies[index];

	if (tallies->count == 0)
		return judge_tally(watch, gate, &nothing, rules, &results->items[results->count++]);
	qsort(tallies->items, tallies->count, sizeof(*tallies->items), compare_keys);
	for (size_t i = 0; i < tallies->count; i++) {
		struct sl_gate_result *result = &results->items[results->count++];

		if (!judge_tally(watch, gate, &tallies->items[i], rules, result))
			return false;
		/* the results outlive the watch */
		if (result->group.len != 0)
			result->group = sl_arena_copy(&results->arena, result->group);
		if (gate->by != NULL && result->group.data == NULL)
			return false;
	}
	return true;
}

enum sl_status sl_watch_judge(struct sl_watch *watch, const struct sl_gate_rules *rules,
			      struct sl_gate_results *results, struct sl_error *err)
{
	size_t room = 1;
	bool good;

	for (size_t i = 0; i < watch->gates->count; i++)
		room += watch->tallies[i].count + 1;
	*results = (struct sl_gate_results){ .items = calloc(room, sizeof(*results->items)) };
	good = results->items != NULL;
	for (size_t i = 0; i < watch->gates->count && good; i++)
		good = judge_gate(watch, i, rules, results);
	for (size_t i = 0; i < results->count && good; i++) {
		results->failed += results->items[i].verdict == SL_GATE_FAILS;
		results->warned += results->items[i].verdict == SL_GATE_WARNS;
	}
	if (good)
		return SL_OK;
	sl_gate_results_free(results);
	return sl_fail_memory(err);
}

void sl_gate_results_free(struct sl_gate_results *results)
{
	free(results->items);
	sl_arena_free(&results->arena);
	*results = (struct sl_gate_results){ 0 };
}
