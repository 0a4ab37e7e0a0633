/* Rows of a result: candidates with their names, figures and example traces. */
#include "result.h"
#include <stdlib.h>

/* Of so many, the first, it is looked whether a row follows them. */
enum { LEADERS = 1000 };

static const struct {
	const char *name;
	bool is_number, is_time;
} kinds[SL_DIFFERENCE_KIND_COUNT] = {
	[SL_DIFFERENCE_OPERATION] = { "operation", false, false },
	[SL_DIFFERENCE_CALLS] = { "calls", true, false },
	[SL_DIFFERENCE_EDGE] = { "edge", false, false },
	[SL_DIFFERENCE_ERRORS] = { "errors", false, false },
	[SL_DIFFERENCE_ATTRIBUTE] = { "attribute", false, false },
	[SL_DIFFERENCE_KEY] = { "key", false, false },
	[SL_DIFFERENCE_CRITICAL] = { "critical", true, true },
	[SL_DIFFERENCE_SELF] = { "self", true, true },
	[SL_DIFFERENCE_DURATION] = { "duration", true, true },
};

const char *sl_difference_name(enum sl_difference_kind kind)
{
	return kinds[kind].name;
}

bool sl_difference_is_number(enum sl_difference_kind kind)
{
	return kinds[kind].is_number;
}

bool sl_difference_is_time(enum sl_difference_kind kind)
{
	return kinds[kind].is_time;
}

static void name_row(struct sl_difference *row, const struct traits *traits,
		     const struct candidate *candidate)
{
	const struct trait *trait = &traits->items[candidate->index];

	switch (candidate->kind) {
	case SL_DIFFERENCE_OPERATION:
	case SL_DIFFERENCE_ERRORS:
		row->operation = traits->operations[trait->of].name;
		break;
	case SL_DIFFERENCE_EDGE:
		row->operation = traits->operations[trait->of].name;
		row->callee = traits->operations[trait->to].name;
		break;
	case SL_DIFFERENCE_ATTRIBUTE:
	case SL_DIFFERENCE_KEY:
		row->key = traits->keys[trait->of].name;
		row->value = trait->value;
		break;
	default:
		break;
	}
}

/* The number that the trace has. */
static int64_t number_of(const struct record *record, const struct candidate *candidate)
{
	const struct measured *measured;

	if (candidate->kind == SL_DIFFERENCE_DURATION)
		return (int64_t)record->root_ns;
	measured = record_find(record, candidate->index);
	if (measured == NULL)
		return 0;
	if (candidate->kind == SL_DIFFERENCE_CALLS)
		return measured->calls;
	return candidate->kind == SL_DIFFERENCE_SELF ? measured->self_ns
						     : (int64_t)measured->critical_ns;
}

/* The traces with the most, or the least; of equal ones the first. */
static void find_extremes(struct sl_difference_side *side, const struct sample *sample,
			  const struct candidate *candidate, bool most)
{
	int64_t values[SL_EXAMPLES];

	for (size_t i = 0; i < sample->count; i++) {
		int64_t value = number_of(sample->items[i], candidate);
		size_t at = side->example_count;

		while (at > 0 && (most ? value > values[at - 1] : value < values[at - 1]))
			at--;
		if (at == SL_EXAMPLES)
			continue;
		if (side->example_count < SL_EXAMPLES)
			side->example_count++;
		for (size_t j = side->example_count - 1; j > at; j--) {
			values[j] = values[j - 1];
			side->examples[j] = side->examples[j - 1];
		}
		values[at] = value;
		side->examples[at] = sample->items[i]->label;
	}
}

/* Traces that lack the trait. */
static void find_without(struct sl_difference_side *side, const struct sample *sample,
			 uint32_t trait)
{
	for (size_t i = 0; i < sample->count && side->example_count < SL_EXAMPLES; i++)
		if (!record_has(sample->items[i], trait))
			side->examples[side->example_count++] = sample->items[i]->label;
}

static void fill_trait(struct sl_difference *row, const struct counted *counted,
		       const struct candidate *candidate)
{
	const struct trait *trait = &counted->traits->items[candidate->index];

	for (unsigned i = 0; i < SL_SET_COUNT; i++) {
		struct sl_difference_side *side = &row->sides[i];
		bool has = (row->effect > 0) == (i == SL_SET_RIGHT);

		side->traces = trait->traces[i];
		if (!has)
			find_without(side, &counted->sets[i].sample, candidate->index);
		if (side->example_count == SL_EXAMPLES || (!has && side->example_count != 0))
			continue;
		side->example_count =
			side->traces < SL_EXAMPLES ? (size_t)side->traces : SL_EXAMPLES;
		memcpy(side->examples, trait->examples[i], sizeof(side->examples));
	}
}

static struct sl_sum total_of(const struct counted *counted, const struct candidate *candidate,
			      unsigned side)
{
	const struct operation_sums *sums;
	struct sl_sum calls = { 0 };

	if (candidate->kind == SL_DIFFERENCE_DURATION)
		return counted->sets[side].root_ns;
	sums = &counted->traits->operations[candidate->index].sums[side];
	calls.low = sums->calls;
	if (candidate->kind == SL_DIFFERENCE_CALLS)
		return calls;
	return candidate->kind == SL_DIFFERENCE_SELF ? sums->self : sums->critical;
}

static void fill_number(struct sl_difference *row, const struct counted *counted,
			const struct candidate *candidate)
{
	for (unsigned i = 0; i < SL_SET_COUNT; i++) {
		struct sl_difference_side *side = &row->sides[i];
		const struct traits *traits = counted->traits;

		side->total = total_of(counted, candidate, i);
		side->mean =
			sl_sum_as_double(side->total) / (double)counted->sets[i].figures.traces;
		side->traces = counted->sets[i].figures.traces;
		if (candidate->kind != SL_DIFFERENCE_DURATION)
			side->traces =
				traits->items[traits->operations[candidate->index].trait].traces[i];
		find_extremes(side, &counted->sets[i].sample, candidate,
			      (row->effect > 0) == (i == SL_SET_RIGHT));
	}
}

/* One of the sets does not have the operation at all. */
static bool is_absent(const struct counted *counted, uint32_t operation)
{
	const struct trait *there =
		&counted->traits->items[counted->traits->operations[operation].trait];

	return there->traces[0] == 0 || there->traces[1] == 0;
}

static uint32_t caller_of(const struct counted *counted, const struct candidate *candidate)
{
	return candidate->kind == SL_DIFFERENCE_EDGE ? counted->traits->items[candidate->index].of
						     : NO_ITEM;
}

static bool is_time_of(const struct candidate *candidate)
{
	return candidate->kind == SL_DIFFERENCE_CRITICAL || candidate->kind == SL_DIFFERENCE_SELF;
}

/* The times of an operation that one of the sets does not have, and a trait of just the traces that
 * have it. */
static bool is_time_of_new(const struct counted *counted, const struct candidate *candidate,
			   const struct candidate *trait)
{
	const struct traits *traits = counted->traits;

	return is_time_of(candidate) && !sl_difference_is_number(trait->kind) &&
	       is_absent(counted, candidate->index) &&
	       traits->items[traits->operations[candidate->index].trait].signature ==
		       traits->items[trait->index].signature;
}

/* Rows that say the same in other words: what one operation brings with it follows the first row
 * that tells of it, and the other of its times follows the first. */
static bool follows(const struct counted *counted, const struct candidate *candidate,
		    const struct candidate *before)
{
	uint32_t of = candidate_operation(counted->traits, candidate);
	uint32_t lead = candidate_operation(counted->traits, before);

	if (candidate->tried == before->tried || is_time_of_new(counted, candidate, before))
		return true;
	if (lead == NO_ITEM)
		return false;
	if (is_time_of(before))
		return of == lead && is_time_of(candidate);
	return is_absent(counted, lead) && (of == lead || caller_of(counted, candidate) == lead);
}

static void lead_rows(struct sl_contrast_result *result, const struct counted *counted,
		      const struct candidate *candidates)
{
	size_t places[LEADERS], leaders = 0;

	for (size_t i = 0; i < result->count; i++) {
		struct sl_difference *row = &result->rows[i];
		size_t at = 0;

		if (candidates[i].follows_split) {
			row->follows = SL_FOLLOWS_SPLIT;
			continue;
		}
		while (at < leaders && !follows(counted, &candidates[i], &candidates[places[at]]))
			at++;
		if (at < leaders) {
			row->follows = SL_FOLLOWS_ROW;
			row->leader = places[at];
		} else if (leaders < LEADERS) {
			places[leaders++] = i;
		}
	}
}

bool rows_make(struct sl_contrast_result *result, const struct counted *counted,
	       const struct candidates *candidates, size_t told)
{
	result->rows = calloc(told + 1, sizeof(*result->rows));
	if (result->rows == NULL)
		return false;
	result->count = told;
	for (size_t i = 0; i < told; i++) {
		const struct candidate *candidate = &candidates->items[i];
		struct sl_difference *row = &result->rows[i];

		*row = (struct sl_difference){ .kind = candidate->kind,
					       .effect = candidate->effect,
					       .chance = candidate->chance,
					       .p = candidate->p };
		if (sl_difference_is_number(candidate->kind)) {
			if (candidate->kind != SL_DIFFERENCE_DURATION)
				row->operation = counted->traits->operations[candidate->index].name;
			fill_number(row, counted, candidate);
		} else {
			name_row(row, counted->traits, candidate);
			fill_trait(row, counted, candidate);
		}
	}
	lead_rows(result, counted, candidates->items);
	return true;
}
