/* What is tried, and what of it is told: probabilities of all, corrected for all, and an order. */
#include "result.h"
#include <math.h>
#include <stdlib.h>

static bool add(struct candidates *candidates, struct candidate candidate)
{
	if (!sl_array_reserve((void **)&candidates->items, &candidates->capacity,
			      candidates->count + 1, sizeof(*candidates->items)))
		return false;
	candidates->items[candidates->count++] = candidate;
	return true;
}

uint32_t candidate_operation(const struct traits *traits, const struct candidate *candidate)
{
	if (sl_difference_is_number(candidate->kind))
		return candidate->kind == SL_DIFFERENCE_DURATION ? NO_ITEM : candidate->index;
	switch (candidate->kind) {
	case SL_DIFFERENCE_OPERATION:
	case SL_DIFFERENCE_ERRORS:
		return traits->items[candidate->index].of;
	case SL_DIFFERENCE_EDGE:
		return traits->items[candidate->index].to;
	default:
		return NO_ITEM;
	}
}

/* Of each key, how many traces its values have, all added up: a trace may have many of them.  NULL:
 * no memory. */
static uint64_t *count_holders(const struct traits *traits)
{
	uint64_t *holders = calloc(traits->key_count + 1, sizeof(*holders));

	for (size_t i = 0; holders != NULL && i < traits->count; i++)
		if (traits->items[i].kind == SL_DIFFERENCE_ATTRIBUTE)
			holders[traits->items[i].of] +=
				traits->items[i].traces[0] + traits->items[i].traces[1];
	return holders;
}

/* Values of the key tell traces apart, and not sets of them: hardly two have one. */
static bool is_near_unique(const struct attribute_key *key, uint64_t holders)
{
	return key->dropped || (uint64_t)key->value_count * 2 > holders;
}

static bool is_tried(const struct counted *counted, const struct trait *trait,
		     const uint64_t *holders)
{
	uint64_t left = counted->sets[0].figures.traces, right = counted->sets[1].figures.traces;
	uint64_t all = trait->traces[0] + trait->traces[1];

	if (all == left + right || all == 0)
		return false;
	if (trait->kind == SL_DIFFERENCE_ATTRIBUTE &&
	    is_near_unique(&counted->traits->keys[trait->of], holders[trait->of]))
		return false;
	return chance_at_best(all, left, right) <= counted->options->alpha;
}

/* Of a question about all spans of a trace only what it says of the root. */
static bool is_asked(const struct counted *counted, uint32_t index)
{
	const struct operation *operation = &counted->traits->operations[index];
	const struct asked *asked = &counted->asked;

	return ((asked->name || asked->count) && operation->matched) ||
	       (asked->root && operation->is_root);
}

static bool trait_follows(const struct counted *counted, const struct trait *trait)
{
	switch (trait->kind) {
	case SL_DIFFERENCE_OPERATION:
		return is_asked(counted, trait->of);
	case SL_DIFFERENCE_EDGE:
		return is_asked(counted, trait->of) || is_asked(counted, trait->to);
	case SL_DIFFERENCE_ERRORS:
		return counted->asked.status || is_asked(counted, trait->of);
	default:
		return counted->traits->keys[trait->of].asked;
	}
}

static bool add_trait(struct candidates *candidates, const struct counted *counted, uint32_t index)
{
	const struct trait *trait = &counted->traits->items[index];
	uint64_t left = counted->sets[0].figures.traces, right = counted->sets[1].figures.traces;
	struct candidate candidate = {
		.kind = trait->kind,
		.index = index,
		.traits = counted->traits,
		.effect = (double)trait->traces[1] / (double)right -
			  (double)trait->traces[0] / (double)left,
		.follows_split = trait_follows(counted, trait),
	};

	candidate.chance =
		chance_of_trait(trait->traces[1], trait->traces[0] + trait->traces[1], left, right);
	return add(candidates, candidate);
}

/* Traits of the same traces are one test. */
struct signed_place {
	uint64_t signature;
	size_t at;
};

static int compare_signed(const void *a, const void *b)
{
	const struct signed_place *x = a, *y = b;

	if (x->signature != y->signature)
		return x->signature < y->signature ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool number_tests(struct candidates *candidates, const struct traits *traits)
{
	struct signed_place *places = malloc((candidates->count + 1) * sizeof(*places));

	if (places == NULL)
		return false;
	for (size_t i = 0; i < candidates->count; i++)
		places[i] =
			(struct signed_place){ traits->items[candidates->items[i].index].signature,
					       i };
	qsort(places, candidates->count, sizeof(*places), compare_signed);
	for (size_t i = 0; i < candidates->count; i++) {
		if (i == 0 || places[i].signature != places[i - 1].signature)
			candidates->tried++;
		candidates->items[places[i].at].tried = (uint32_t)candidates->tried - 1;
	}
	free(places);
	return true;
}

static bool add_traits(struct candidates *candidates, const struct counted *counted)
{
	uint64_t *holders = count_holders(counted->traits);
	bool good = holders != NULL;

	for (uint32_t i = 0; i < counted->traits->count && good; i++)
		good = !is_tried(counted, &counted->traits->items[i], holders) ||
		       add_trait(candidates, counted, i);
	free(holders);
	return good && number_tests(candidates, counted->traits);
}

/* Whether so many traces of the samples can be told from chance. */
static bool can_be_told(const struct counted *counted, uint32_t operation)
{
	const struct trait *trait =
		&counted->traits->items[counted->traits->operations[operation].trait];
	uint64_t left = counted->sets[0].figures.traces, right = counted->sets[1].figures.traces;
	uint64_t all = trait->traces[0] + trait->traces[1];

	return all == left + right || chance_at_best(all, left, right) <= counted->options->alpha;
}

struct named {
	const struct sl_operation_name *name;
	uint32_t operation;
};

static int compare_named(const void *a, const void *b)
{
	return compare_operation_names(((const struct named *)a)->name,
				       ((const struct named *)b)->name);
}

/* By name: which numbers share their deals must not depend on the order of the input.  Owned. */
static struct named *name_operations(const struct traits *traits)
{
	struct named *named = malloc((traits->operation_count + 1) * sizeof(*named));

	for (uint32_t i = 0; i < traits->operation_count && named != NULL; i++)
		named[i] = (struct named){ &traits->operations[i].name, i };
	if (named != NULL && traits->operation_count != 0)
		qsort(named, traits->operation_count, sizeof(*named), compare_named);
	return named;
}

static struct number *list_numbers(const struct counted *counted, size_t *count)
{
	static const enum sl_difference_kind kinds[] = { SL_DIFFERENCE_CALLS,
							 SL_DIFFERENCE_CRITICAL,
							 SL_DIFFERENCE_SELF };
	const struct traits *traits = counted->traits;
	struct named *named = name_operations(traits);
	struct number *numbers =
		calloc(traits->operation_count * SL_COUNT(kinds) + 1, sizeof(*numbers));

	*count = 0;
	if (named == NULL || numbers == NULL) {
		free(named);
		free(numbers);
		return NULL;
	}
	numbers[(*count)++].kind = SL_DIFFERENCE_DURATION;
	for (size_t i = 0; i < traits->operation_count; i++) {
		uint32_t operation = named[i].operation;

		if (!can_be_told(counted, operation))
			continue;
		for (size_t kind = 0; kind < SL_COUNT(kinds); kind++)
			if (kinds[kind] != SL_DIFFERENCE_CALLS ||
			    traits->operations[operation].repeats)
				numbers[(*count)++] = (struct number){ .kind = kinds[kind],
								       .operation = operation };
	}
	free(named);
	return numbers;
}

/* What one of the sets cannot have, or the question would have found it there, takes no time there,
 * either. */
static bool number_follows(const struct counted *counted, const struct number *number)
{
	const struct asked *asked = &counted->asked;
	const struct operation *operation = &counted->traits->operations[number->operation];
	const struct trait *there;

	if (number->kind == SL_DIFFERENCE_DURATION)
		return asked->time;
	if (number->kind == SL_DIFFERENCE_CALLS)
		return is_asked(counted, number->operation);
	there = &counted->traits->items[operation->trait];
	return asked->time ||
	       (((asked->name && operation->matched) || (asked->root && operation->is_root)) &&
		(there->traces[0] == 0 || there->traces[1] == 0));
}

static bool add_numbers(struct candidates *candidates, const struct counted *counted)
{
	struct dealing dealing = { .sets = counted->sets,
				   .seed = counted->options->seed,
				   .alpha = counted->options->alpha };
	struct postings postings = { 0 };
	size_t count;
	struct number *numbers = list_numbers(counted, &count);
	bool good = numbers != NULL &&
		    postings_open(&postings, counted->sets, counted->traits->operation_count);

	dealing.tried = candidates->tried + count;
	good = good && chance_of_numbers(&dealing, numbers, count, &postings);
	for (size_t i = 0; i < count && good; i++)
		if (!numbers[i].is_constant)
			good = add(candidates,
				   (struct candidate){
					   .kind = numbers[i].kind,
					   .traits = counted->traits,
					   .index = numbers[i].operation,
					   .effect = numbers[i].effect,
					   .chance = numbers[i].chance,
					   .tried = (uint32_t)candidates->tried++,
					   .follows_split = number_follows(counted, &numbers[i]) });
	postings_free(&postings);
	free(numbers);
	return good;
}

static bool correct(struct candidates *candidates, double alpha)
{
	double *chances = malloc((candidates->tried + 1) * sizeof(*chances));
	bool good = chances != NULL;

	for (size_t i = 0; i < candidates->count && good; i++)
		chances[candidates->items[i].tried] = candidates->items[i].chance;
	good = good && sl_adjust_for_many(chances, candidates->tried);
	for (size_t i = 0; i < candidates->tried && good; i++)
		candidates->found += chances[i] <= alpha;
	for (size_t i = 0; i < candidates->count && good; i++)
		candidates->items[i].p = chances[candidates->items[i].tried];
	free(chances);
	return good;
}

/* The mean of a side, in ns. */
static double mean_critical(const struct counted *counted, uint32_t operation, unsigned side)
{
	return sl_sum_as_double(counted->traits->operations[operation].sums[side].critical) /
	       (double)counted->sets[side].figures.traces;
}

static double changed_critical(const struct counted *counted, uint32_t operation)
{
	return fabs(mean_critical(counted, operation, 1) - mean_critical(counted, operation, 0));
}

static void weigh(struct candidates *candidates, const struct counted *counted)
{
	for (size_t i = 0; i < candidates->count; i++) {
		struct candidate *candidate = &candidates->items[i];
		uint32_t operation = candidate_operation(counted->traits, candidate);

		if (operation != NO_ITEM)
			candidate->ns = changed_critical(counted, operation);
		/* one end may have reasons of its own */
		if (candidate->kind == SL_DIFFERENCE_EDGE)
			candidate->ns =
				fmin(candidate->ns,
				     changed_critical(counted,
						      counted->traits->items[candidate->index].of));
	}
}

/* Structure says more than what is written on it, and that more than times, which follow. */
static int tier_of(enum sl_difference_kind kind)
{
	switch (kind) {
	case SL_DIFFERENCE_OPERATION:
	case SL_DIFFERENCE_CALLS:
	case SL_DIFFERENCE_EDGE:
		return 0;
	case SL_DIFFERENCE_ERRORS:
		return 1;
	case SL_DIFFERENCE_ATTRIBUTE:
	case SL_DIFFERENCE_KEY:
		return 2;
	default:
		return 3;
	}
}

/* Effects that are nearly alike count as equal. */
static int step_of(double effect)
{
	return (int)(fabs(effect) * 20 + 0.5);
}

static int compare_doubles(double a, double b)
{
	return (a > b) - (a < b);
}

/* Where an operation is called several times, or not at all, how often says more than whether. */
static int order_of(const struct candidate *candidate)
{
	return candidate->kind == SL_DIFFERENCE_CALLS ? -1 : (int)candidate->kind;
}

static int compare_operations(const struct traits *traits, uint32_t a, uint32_t b)
{
	if (a == b || a == NO_ITEM || b == NO_ITEM)
		return (a == NO_ITEM) - (b == NO_ITEM);
	return compare_operation_names(&traits->operations[a].name, &traits->operations[b].name);
}

/* Of one kind, by name: the order of the input is nothing. */
static int compare_names(const struct candidate *a, const struct candidate *b)
{
	const struct traits *traits = a->traits;
	const struct trait *x = &traits->items[a->index], *y = &traits->items[b->index];
	int order = compare_operations(traits, candidate_operation(traits, a),
				       candidate_operation(traits, b));

	if (order != 0 || sl_difference_is_number(a->kind))
		return order;
	if (a->kind == SL_DIFFERENCE_EDGE)
		return compare_operations(traits, x->of, y->of);
	if (a->kind != SL_DIFFERENCE_ATTRIBUTE && a->kind != SL_DIFFERENCE_KEY)
		return 0;
	order = sl_slice_compare(traits->keys[x->of].name, traits->keys[y->of].name);
	if (order == 0)
		order = sl_slice_compare(x->value, y->value);
	return order != 0 ? order : (x->hash > y->hash) - (x->hash < y->hash);
}

static int compare_candidates(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;
	int order = a->follows_split - b->follows_split;

	if (order == 0)
		order = step_of(b->effect) - step_of(a->effect);
	if (order == 0)
		order = tier_of(a->kind) - tier_of(b->kind);
	if (order == 0)
		order = compare_doubles(b->ns, a->ns);
	if (order == 0)
		order = compare_doubles(fabs(b->effect), fabs(a->effect));
	if (order == 0)
		order = order_of(a) - order_of(b);
	return order != 0 ? order : compare_names(a, b);
}

/* Those that are told before the others; gives how many. */
static size_t part(struct candidates *candidates, double alpha)
{
	size_t told = 0;

	for (size_t i = 0; i < candidates->count; i++) {
		struct candidate held = candidates->items[i];

		if (held.p > alpha)
			continue;
		candidates->items[i] = candidates->items[told];
		candidates->items[told++] = held;
	}
	if (told != 0)
		qsort(candidates->items, told, sizeof(*candidates->items), compare_candidates);
	return told;
}

bool candidates_find(struct candidates *candidates, const struct counted *counted, size_t *told)
{
	*candidates = (struct candidates){ 0 };
	if (!add_traits(candidates, counted) || !add_numbers(candidates, counted) ||
	    !correct(candidates, counted->options->alpha))
		return false;
	weigh(candidates, counted);
	*told = part(candidates, counted->options->alpha);
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	return sl_slice_compare(*(const struct sl_slice *)a, *(const struct sl_slice *)b);
}

bool candidates_left_out(struct sl_contrast_result *result, const struct counted *counted)
{
	const struct traits *traits = counted->traits;
	uint64_t *holders = count_holders(traits);

	result->left_out = calloc(traits->key_count + 1, sizeof(*result->left_out));
	if (result->left_out == NULL || holders == NULL) {
		free(holders);
		return false;
	}
	for (size_t i = 0; i < traits->key_count; i++)
		if (is_near_unique(&traits->keys[i], holders[i]))
			result->left_out[result->left_out_count++] = traits->keys[i].name;
	free(holders);
	qsort(result->left_out, result->left_out_count, sizeof(*result->left_out), compare_keys);
	return true;
}
