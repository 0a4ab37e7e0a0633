/*
 * A change of duration, divided among the operations on the critical path.  On each side the parts
 * are whole ns and make up the whole; so do their differences.
 */
#include "result.h"
#include <math.h>
#include <stdlib.h>

enum { NEIGHBOURS = 40 }; /* of a quantile: a part of the traces to each side */

/* A part of a whole, before it is rounded. */
struct portion {
	int64_t ns;
	double rest;   /* what was cut off */
	uint64_t hash; /* of the operation */
	uint32_t operation;
};

static int compare_rests(const void *a, const void *b)
{
	const struct portion *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest > y->rest ? -1 : 1;
	return x->hash < y->hash ? -1 : 1; /* not by its number, which the input's order gives */
}

/*
 * Divides `whole` in the proportion of the sums: what is cut off of all is given back by one ns to
 * those that lost most, and what is more than that, of numbers so large that the proportions are
 * not exact, to the first.
 */
static void divide(struct portion *portions, size_t count, const struct sl_sum *sums, int64_t whole)
{
	double total = 0;
	int64_t left = whole;

	for (size_t i = 0; i < count; i++)
		total += sl_sum_as_double(sums[i]);
	for (size_t i = 0; i < count; i++) {
		double part = total > 0 ? sl_sum_as_double(sums[i]) / total * (double)whole : 0;
		double floored = floor(part);

		portions[i].operation = (uint32_t)i;
		portions[i].ns = floored < 9.2e18 ? (int64_t)floored : INT64_MAX;
		if (portions[i].ns > left)
			portions[i].ns = left;
		portions[i].rest = part - floored;
		left -= portions[i].ns;
	}
	if (count == 0)
		return;
	qsort(portions, count, sizeof(*portions), compare_rests);
	for (size_t i = 0; i < count && left > 0 && portions[i].rest > 0; i++, left--)
		portions[i].ns++;
	portions[0].ns += left;
}

/* Of whole, by operation. */
static bool divide_by_operation(int64_t *parts, const struct traits *traits,
				const struct sl_sum *sums, int64_t whole)
{
	size_t count = traits->operation_count;
	struct portion *portions = calloc(count + 1, sizeof(*portions));

	if (portions == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		portions[i].hash = traits->operations[i].hash;
	divide(portions, count, sums, whole);
	for (size_t i = 0; i < count; i++)
		parts[portions[i].operation] = portions[i].ns;
	free(portions);
	return true;
}

static uint64_t distance(int64_t ns)
{
	return ns < 0 ? ~(uint64_t)ns + 1 : (uint64_t)ns;
}

static int compare_shares(const void *a, const void *b)
{
	const struct sl_share *x = a, *y = b;

	if (x->ns != y->ns && distance(x->ns) != distance(y->ns))
		return distance(x->ns) > distance(y->ns) ? -1 : 1;
	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	return compare_operation_names(&x->operation, &y->operation);
}

/* Who calls an operation that one of the sets does not have: in most traces of the other. */
static bool find_callers(const struct counted *counted, struct sl_share **by_operation)
{
	const struct traits *traits = counted->traits;
	uint64_t *most = calloc(traits->operation_count + 1, sizeof(*most));
	bool good;

	for (size_t i = 0; i < traits->count && most != NULL; i++) {
		const struct trait *edge = &traits->items[i];
		struct sl_share *share;
		uint64_t traces = edge->traces[0] + edge->traces[1];

		if (edge->kind != SL_DIFFERENCE_EDGE || edge->of == edge->to)
			continue;
		share = by_operation[edge->to];
		if (share == NULL || !(share->is_new || share->is_gone) ||
		    traces < most[edge->to] ||
		    (traces == most[edge->to] &&
		     compare_operation_names(&traits->operations[edge->of].name, &share->caller) >=
			     0))
			continue;
		most[edge->to] = traces;
		share->caller = traits->operations[edge->of].name;
		share->has_caller = true;
	}
	good = most != NULL;
	free(most);
	return good;
}

/* Shares from the parts of both sides, those that are not 0. */
static bool settle(struct sl_attribution *attribution, const struct counted *counted,
		   int64_t *const parts[SL_SET_COUNT])
{
	const struct traits *traits = counted->traits;
	size_t count = traits->operation_count;
	struct sl_share **by_operation = calloc(count + 1, sizeof(struct sl_share *));
	bool good;

	attribution->total_ns = attribution->right_ns - attribution->left_ns;
	attribution->shares = calloc(count + 1, sizeof(*attribution->shares));
	attribution->count = 0;
	if (by_operation == NULL || attribution->shares == NULL) {
		free(by_operation);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct trait *there = &traits->items[traits->operations[i].trait];
		int64_t ns = parts[1][i] - parts[0][i];

		if (ns == 0)
			continue;
		by_operation[i] = &attribution->shares[attribution->count++];
		*by_operation[i] = (struct sl_share){ .ns = ns,
						      .has_operation = true,
						      .operation = traits->operations[i].name,
						      .is_new = there->traces[0] == 0,
						      .is_gone = there->traces[1] == 0 };
	}
	good = find_callers(counted, by_operation);
	free(by_operation);
	if (attribution->count != 0)
		qsort(attribution->shares, attribution->count, sizeof(*attribution->shares),
		      compare_shares);
	return good;
}

/* What is divided on each side, and in which proportion. */
struct wholes {
	int64_t ns[SL_SET_COUNT];
	struct sl_sum *sums[SL_SET_COUNT]; /* by operation */
};

static bool attribute(struct sl_attribution *attribution, const struct counted *counted,
		      const struct wholes *wholes)
{
	size_t count = counted->traits->operation_count;
	int64_t *parts[SL_SET_COUNT];
	bool good = true;

	attribution->left_ns = wholes->ns[0];
	attribution->right_ns = wholes->ns[1];
	for (unsigned side = 0; side < SL_SET_COUNT; side++) {
		parts[side] = calloc(count + 1, sizeof(*parts[side]));
		good = good && parts[side] != NULL &&
		       divide_by_operation(parts[side], counted->traits, wholes->sums[side],
					   wholes->ns[side]);
	}
	good = good && settle(attribution, counted, parts);
	free(parts[0]);
	free(parts[1]);
	return good;
}

static bool wholes_open(struct wholes *wholes, size_t count)
{
	*wholes = (struct wholes){ .sums = { calloc(count + 1, sizeof(struct sl_sum)),
					     calloc(count + 1, sizeof(struct sl_sum)) } };
	return wholes->sums[0] != NULL && wholes->sums[1] != NULL;
}

static void wholes_free(struct wholes *wholes)
{
	free(wholes->sums[0]);
	free(wholes->sums[1]);
}

bool attribute_mean(struct sl_attribution *attribution, const struct counted *counted)
{
	size_t count = counted->traits->operation_count;
	struct wholes wholes;
	bool good = wholes_open(&wholes, count);

	for (unsigned side = 0; side < SL_SET_COUNT && good; side++) {
		const struct set *set = &counted->sets[side];

		if (set->figures.traces != 0)
			wholes.ns[side] = sl_sum_mean(set->root_ns, set->figures.traces);
		for (size_t i = 0; i < count; i++)
			wholes.sums[side][i] = counted->traits->operations[i].sums[side].critical;
	}
	good = good && attribute(attribution, counted, &wholes);
	wholes_free(&wholes);
	return good;
}

static int compare_roots(const void *a, const void *b)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;

	if (x->root_ns != y->root_ns)
		return x->root_ns < y->root_ns ? -1 : 1;
	return x->label.hash < y->label.hash ? -1 : x->label.hash > y->label.hash;
}

/* What traces about as slow as the quantile of their set waited for. */
static bool sum_neighbours(const struct sample *sample, struct sl_quantile quantile,
			   struct sl_sum *sums)
{
	struct record **sorted = malloc((sample->count + 1) * sizeof(struct record *));
	size_t rank, reach = sample->count / NEIGHBOURS, first, end;

	if (sorted == NULL)
		return false;
	if (sample->count != 0) {
		memcpy(sorted, sample->items, sample->count * sizeof(struct record *));
		qsort(sorted, sample->count, sizeof(struct record *), compare_roots);
		rank = (size_t)sl_quantile_rank(quantile, sample->count) - 1;
		first = rank > reach ? rank - reach : 0;
		end = rank + reach + 1 < sample->count ? rank + reach + 1 : sample->count;
		for (size_t i = first; i < end; i++) {
			const struct measured *measured = record_operations(sorted[i]);

			for (uint32_t j = 0; j < sorted[i]->operation_count; j++)
				sum_add_u64(&sums[measured[j].operation], measured[j].critical_ns);
		}
	}
	free(sorted);
	return true;
}

static bool find_quantile(const struct set *set, struct sl_quantile quantile, int64_t *ns)
{
	uint64_t rank;

	*ns = 0;
	if (set->durations.count == 0)
		return true;
	rank = sl_quantile_rank(quantile, set->durations.count);
	return sl_samples_select(&set->durations, &rank, 1, ns);
}

bool attribute_quantile(struct sl_attribution *attribution, const struct counted *counted,
			struct sl_quantile quantile)
{
	struct wholes wholes;
	bool good = wholes_open(&wholes, counted->traits->operation_count);

	for (unsigned side = 0; side < SL_SET_COUNT && good; side++)
		good = find_quantile(&counted->sets[side], quantile, &wholes.ns[side]) &&
		       sum_neighbours(&counted->sets[side].sample, quantile, wholes.sums[side]);
	good = good && attribute(attribution, counted, &wholes);
	wholes_free(&wholes);
	return good;
}

bool attribute_nothing(struct sl_attribution *attribution)
{
	attribution->count = 0;
	if (attribution->total_ns == 0)
		return true;
	free(attribution->shares);
	attribution->shares = calloc(1, sizeof(*attribution->shares));
	if (attribution->shares == NULL)
		return false;
	attribution->shares[attribution->count++].ns = attribution->total_ns;
	return true;
}
