/* Traces dealt to the two sides by chance: how often there is a change as large as the real one. */
#include "change.h"
#include <stdlib.h>

/* A large probability is known well enough when so many were seen. */
enum { ENOUGH = 20 };

struct deal {
	struct units units;
	uint32_t *order; /* of all units; the first `drawn` are one side */
	uint32_t drawn;	 /* as many as the side with fewer has */
	bool drawn_is_now;
	struct sl_random random;
	uint64_t *ranks; /* by unit: twice the sum of the ranks of its values */
	uint64_t rank_total;
	struct sl_quantile quantile;
	struct window window;
	uint32_t *marks; /* by unit: the deal in which it was last drawn */
	uint32_t mark;
};

/* The change of the present deal, now less before; false: no memory. */
typedef bool statistic(struct deal *deal, double *change);

static bool deal_init(struct deal *deal, const struct sl_change *change, uint64_t seed)
{
	struct units *units = &deal->units;
	uint32_t first;

	*deal = (struct deal){ .random = { seed } };
	if (!units_init(units, &change->sides[0], &change->sides[1]))
		return false;
	deal->drawn_is_now = units->counts[1] < units->counts[0];
	deal->drawn = units->counts[deal->drawn_is_now];
	deal->order = malloc(units->total * sizeof(*deal->order));
	if (deal->order == NULL)
		return false;
	/* as it really is, to begin with */
	first = deal->drawn_is_now ? units->counts[0] : 0;
	for (uint32_t i = 0; i < units->total; i++)
		deal->order[i] = (first + i) % units->total;
	return true;
}

static void deal_free(struct deal *deal)
{
	units_free(&deal->units);
	window_free(&deal->window);
	free(deal->order);
	free(deal->ranks);
	free(deal->marks);
}

/* Each choice of units comes with the same probability, whatever the order was before. */
static void deal_again(struct deal *deal)
{
	for (uint32_t i = 0; i < deal->drawn; i++) {
		uint32_t other = i + sl_random_below(&deal->random, deal->units.total - i);
		uint32_t held = deal->order[i];

		deal->order[i] = deal->order[other];
		deal->order[other] = held;
	}
}

static bool deal_often(struct deal *deal, statistic *change_of, uint32_t resamples,
		       struct sl_chance *chance)
{
	uint32_t up = 0, down = 0, dealt = 0;
	double real, change;

	if (!change_of(deal, &real))
		return false;
	for (; dealt < resamples && (up < ENOUGH || down < ENOUGH); dealt++) {
		deal_again(deal);
		if (!change_of(deal, &change))
			return false;
		up += change >= real;
		down += change <= real;
	}
	chance->up = (up + 1.0) / (dealt + 1.0);
	chance->down = (down + 1.0) / (dealt + 1.0);
	return true;
}

/* Values that are equal share the mean of their ranks. */
static bool rank_units(struct deal *deal)
{
	struct walk walk = { .units = &deal->units }, ahead = walk;
	size_t first = 0, end = 0;
	bool more;

	deal->ranks = calloc(deal->units.total, sizeof(*deal->ranks));
	if (deal->ranks == NULL)
		return false;
	more = walk_next(&ahead);
	while (more) {
		int64_t value = ahead.value;

		for (; more && ahead.value == value; end++)
			more = walk_next(&ahead);
		for (size_t i = first; i < end && walk_next(&walk); i++)
			deal->ranks[walk.unit] += first + 1 + end;
		deal->rank_total += (first + 1 + end) * (end - first);
		first = end;
	}
	return true;
}

static bool change_of_ranks(struct deal *deal, double *change)
{
	uint64_t ranks = 0, count = 0;
	double drawn, others;

	for (uint32_t i = 0; i < deal->drawn; i++) {
		ranks += deal->ranks[deal->order[i]];
		count += deal->units.sizes[deal->order[i]];
	}
	drawn = (double)ranks / (double)count;
	others = (double)(deal->rank_total - ranks) / (double)(deal->units.value_count - count);
	*change = deal->drawn_is_now ? drawn - others : others - drawn;
	return true;
}

bool sl_change_of_ranks(const struct sl_change *change, const struct sl_resampling *resampling,
			struct sl_chance *chance)
{
	struct deal deal;
	bool good = deal_init(&deal, change, resampling->seed) && rank_units(&deal) &&
		    deal_often(&deal, change_of_ranks, resampling->resamples, chance);

	deal_free(&deal);
	return good;
}

/* What is drawn, and the rest: how many values stand below the window, and which is looked for. */
struct part {
	uint64_t passed, rank;
	int64_t value;
};

/* False: one of the two lies outside the window. */
static bool find_both(const struct deal *deal, struct part *drawn, struct part *rest)
{
	const struct window *window = &deal->window;
	bool missing = true;

	if (drawn->passed >= drawn->rank || rest->passed >= rest->rank)
		return false;
	for (size_t i = 0; i < window->count && missing; i++) {
		struct part *of = deal->marks[window->owners[i]] == deal->mark ? drawn : rest;

		if (++of->passed == of->rank) {
			of->value = window->values[i];
			missing = drawn->passed < drawn->rank || rest->passed < rest->rank;
		}
	}
	return !missing;
}

static bool change_of_quantile(struct deal *deal, double *change)
{
	struct part drawn, rest;

	deal->mark++;
	for (;;) {
		uint64_t count = 0;

		drawn = rest = (struct part){ 0 };
		for (uint32_t i = 0; i < deal->drawn; i++) {
			uint32_t unit = deal->order[i];

			deal->marks[unit] = deal->mark;
			drawn.passed += deal->window.below[unit];
			count += deal->units.sizes[unit];
		}
		drawn.rank = sl_quantile_rank(deal->quantile, count);
		rest.rank = sl_quantile_rank(deal->quantile, deal->units.value_count - count);
		rest.passed = deal->window.start - drawn.passed;
		if (find_both(deal, &drawn, &rest))
			break;
		if (!window_widen(&deal->window))
			return false;
	}
	*change = (double)drawn.value - (double)rest.value;
	if (!deal->drawn_is_now)
		*change = -*change;
	return true;
}

bool sl_change_of_quantile(const struct sl_change *change, struct sl_quantile quantile,
			   const struct sl_resampling *resampling, struct sl_chance *chance)
{
	struct deal deal;
	bool good = deal_init(&deal, change, resampling->seed);

	deal.quantile = quantile;
	deal.marks = good ? calloc(deal.units.total, sizeof(*deal.marks)) : NULL;
	good = deal.marks != NULL && window_init(&deal.window, &deal.units, quantile, deal.drawn) &&
	       deal_often(&deal, change_of_quantile, resampling->resamples, chance);
	deal_free(&deal);
	return good;
}
