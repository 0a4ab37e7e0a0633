/*
 * Numbers of traces, ranked, and traces dealt to the two sets: how often the ranks of one set are
 * so far from the middle.  All numbers of a block see the same deals; one that was as far often
 * enough is left out of the rest.
 */
#include "chance.h"
#include <math.h>
#include <stdlib.h>

enum {
	BLOCK = 256, /* numbers at a time */
	LANES = 16,  /* and these are added up together: a cache line */
	ENOUGH = 20, /* seen so often, a probability is known well enough */
	FIRST = 256, /* deals; then twice as many */
	USUAL = 1 << 14,
	MOST = 1 << 17, /* at most; where there are fewer, all of them */
	STEPS = 12,	/* towards the best bound */
};
/* Additions for one block, at most; and so many for numbers that look well. */
static const double work_limit = 1e9, work_little = 3e7;
/* Of such a step, and of all of them: exp() of it is a number. */
static const double longest = 20, farthest = 500;
/* Deals go on until what is seen once in all of them is so much below alpha. */
static const double margin = 4;

bool postings_open(struct postings *postings, const struct set *sets, size_t operation_count)
{
	size_t total = 0, at = 0;

	*postings = (struct postings){ .starts = calloc(operation_count + 2, sizeof(size_t)) };
	if (postings->starts == NULL)
		return false;
	for (unsigned side = 0; side < SL_SET_COUNT; side++)
		for (size_t i = 0; i < sets[side].sample.count; i++) {
			const struct record *record = sets[side].sample.items[i];

			total += record->operation_count;
			for (uint32_t j = 0; j < record->operation_count; j++)
				postings->starts[record_operations(record)[j].operation + 2]++;
		}
	postings->items = malloc((total + 1) * sizeof(*postings->items));
	if (postings->items == NULL)
		return false;
	for (size_t i = 2; i < operation_count + 2; i++)
		postings->starts[i] += postings->starts[i - 1];
	for (unsigned side = 0; side < SL_SET_COUNT; side++)
		for (size_t i = 0; i < sets[side].sample.count; i++, at++) {
			const struct record *record = sets[side].sample.items[i];
			const struct measured *measured = record_operations(record);

			for (uint32_t j = 0; j < record->operation_count; j++)
				postings->items[postings->starts[measured[j].operation + 1]++] =
					(struct posting){ (uint32_t)at, &measured[j] };
		}
	return true;
}

void postings_free(struct postings *postings)
{
	free(postings->items);
	free(postings->starts);
	*postings = (struct postings){ 0 };
}

struct valued {
	uint64_t value; /* in the order of the numbers */
	uint32_t trace;
};

struct block {
	const struct dealing *dealing;
	const struct postings *postings;
	uint32_t left, right; /* traces */
	uint32_t drawn;	      /* as many as the smaller set has */
	struct valued *valued;
	int32_t *scores; /* of a trace all numbers, then those of the next */
	uint32_t *order;
	/* of those that are still dealt */
	struct number *numbers[BLOCK];
	int32_t real[BLOCK];
	uint32_t seen[BLOCK];
	size_t count;
};

static uint64_t in_order(int64_t value)
{
	return (uint64_t)value + (UINT64_C(1) << 63);
}

static int64_t value_of(enum sl_difference_kind kind, const struct measured *measured)
{
	if (kind == SL_DIFFERENCE_CALLS)
		return measured->calls;
	return kind == SL_DIFFERENCE_SELF ? measured->self_ns : (int64_t)measured->critical_ns;
}

/* The values that are not 0; all of those of the duration. */
static size_t list_values(struct block *block, const struct number *number)
{
	const struct set *sets = block->dealing->sets;
	size_t count = 0;

	if (number->kind == SL_DIFFERENCE_DURATION) {
		for (uint32_t i = 0; i < block->left + block->right; i++) {
			const struct record *record =
				i < block->left ? sets[0].sample.items[i]
						: sets[1].sample.items[i - block->left];

			if (record->root_ns != 0)
				block->valued[count++] =
					(struct valued){ in_order((int64_t)record->root_ns), i };
		}
		return count;
	}
	for (size_t i = block->postings->starts[number->operation];
	     i < block->postings->starts[number->operation + 1]; i++) {
		const struct posting *posting = &block->postings->items[i];
		int64_t value = value_of(number->kind, posting->measured);

		if (value != 0)
			block->valued[count++] = (struct valued){ in_order(value), posting->trace };
	}
	return count;
}

static int compare_valued(const void *a, const void *b)
{
	const struct valued *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Twice the rank of each trace, from the middle: equal values share the mean of their ranks.  Gives
 * false where all are equal. */
static bool score(struct block *block, struct number *number, size_t column)
{
	int32_t total = (int32_t)(block->left + block->right);
	size_t count = list_values(block, number), below = 0, end;
	int32_t zeros = total - (int32_t)count, score_of_zero;

	qsort(block->valued, count, sizeof(*block->valued), compare_valued);
	while (below < count && block->valued[below].value < in_order(0))
		below++;
	score_of_zero = 2 * (int32_t)below + zeros - total;
	for (int32_t i = 0; i < total; i++)
		block->scores[(size_t)i * BLOCK + column] = score_of_zero;
	for (size_t first = 0; first < count; first = end) {
		int32_t before = (int32_t)first + (first >= below ? zeros : 0);

		for (end = first;
		     end < count && block->valued[end].value == block->valued[first].value;)
			end++;
		if (end - first == (size_t)total)
			return false;
		for (size_t i = first; i < end; i++)
			block->scores[block->valued[i].trace * (size_t)BLOCK + column] =
				2 * before + (int32_t)(end - first) - total;
	}
	return count != 0;
}

/* How far the scores of the right set are from what is expected. */
static void find_effect(struct block *block, struct number *number, size_t column)
{
	int64_t sum = 0;

	for (uint32_t i = block->left; i < block->left + block->right; i++)
		sum += block->scores[(size_t)i * BLOCK + column];
	number->effect = (double)sum / ((double)block->left * (double)block->right);
	block->real[column] = (int32_t)(sum < 0 ? -sum : sum);
}

/* Numbers that a processor adds at once. */
typedef int32_t four __attribute__((vector_size(16)));

/* Of the traces that come first in the order, the scores of each number. */
static void add_up(const struct block *block, int32_t *sums)
{
	for (size_t first = 0; first < block->count; first += LANES) {
		const int32_t *scores = &block->scores[first];
		four sum[LANES / 4] = { { 0 } };

		for (uint32_t i = 0; i < block->drawn; i++) {
			const four *row = (const four *)(const void *)&scores[block->order[i] *
									      (size_t)BLOCK];

			sum[0] += row[0];
			sum[1] += row[1];
			sum[2] += row[2];
			sum[3] += row[3];
		}
		memcpy(&sums[first], sum, sizeof(sum));
	}
}

/* Each choice of traces comes with the same probability, whatever the order was before. */
static void deal(struct block *block, struct sl_random *random)
{
	uint32_t total = block->left + block->right;

	for (uint32_t i = 0; i < block->drawn; i++) {
		uint32_t other = i + sl_random_below(random, total - i);
		uint32_t held = block->order[i];

		block->order[i] = block->order[other];
		block->order[other] = held;
	}
}

/* How many deals there are; 0: too many to look at all. */
static uint32_t count_deals(const struct block *block)
{
	uint32_t total = block->left + block->right;
	uint64_t count = 1;

	for (uint32_t i = 0; i < block->drawn && count <= MOST; i++)
		count = count * (total - i) / (i + 1);
	return count <= MOST ? (uint32_t)count : 0;
}

/* The traces that come first are ascending; gives false behind the last choice of them. */
static bool next_deal(struct block *block)
{
	uint32_t total = block->left + block->right, at = block->drawn;

	while (at > 0 && block->order[at - 1] == total - block->drawn + at - 1)
		at--;
	if (at == 0)
		return false;
	block->order[at - 1]++;
	for (; at < block->drawn; at++)
		block->order[at] = block->order[at - 1] + 1;
	return true;
}

static void look(struct block *block)
{
	int32_t sums[BLOCK];

	add_up(block, sums);
	for (size_t i = 0; i < block->count; i++)
		block->seen[i] += abs(sums[i]) >= block->real[i];
}

static void deal_all(struct block *block, uint32_t deals)
{
	do
		look(block);
	while (next_deal(block));
	for (size_t i = 0; i < block->count; i++)
		block->numbers[i]->chance = (double)block->seen[i] / (double)deals;
}

/* Numbers whose probability is known go; the others move together. */
static void settle(struct block *block, uint32_t dealt)
{
	uint32_t total = block->left + block->right;
	size_t kept = 0;

	for (size_t i = 0; i < block->count; i++) {
		block->numbers[i]->chance = (block->seen[i] + 1.0) / (dealt + 1.0);
		if (block->seen[i] >= ENOUGH)
			continue;
		block->numbers[kept] = block->numbers[i];
		block->real[kept] = block->real[i];
		block->seen[kept] = block->seen[i];
		for (uint32_t trace = 0; trace < total && kept != i; trace++)
			block->scores[trace * (size_t)BLOCK + kept] =
				block->scores[trace * (size_t)BLOCK + i];
		kept++;
	}
	block->count = kept;
}

/* What was seen once at most is by then unlikely enough, for all that were tried. */
static bool is_settled(const struct block *block, uint32_t dealt)
{
	double chance = (double)block->dealing->tried / ((double)dealt * (double)block->count);
	double work = (double)dealt * block->drawn * (double)(block->count + LANES);

	if (dealt >= MOST || work >= work_limit)
		return true;
	return chance * margin <= block->dealing->alpha && (dealt >= USUAL || work >= work_little);
}

static void deal_block(struct block *block)
{
	struct sl_random random = { block->dealing->seed };
	uint32_t dealt = 0, next = FIRST, deals = count_deals(block);

	for (uint32_t i = 0; i < block->left + block->right; i++)
		block->order[i] = i;
	if (deals != 0) {
		deal_all(block, deals);
		return;
	}
	while (block->count != 0) {
		for (; dealt < next; dealt++) {
			deal(block, &random);
			look(block);
		}
		settle(block, dealt);
		if (block->count == 0 || is_settled(block, dealt))
			return;
		next *= 2;
	}
}

/*
 * The logarithm of a bound of the probability that the scores of what is dealt have at least that
 * sum, where each trace came with the same probability by itself:
 * E exp(t (scores - sum) + u (traces - drawn)); and its derivatives by t and u.
 */
struct tilt {
	double value, by_t, by_u, by_tt, by_tu, by_uu;
};

static struct tilt tilt_at(const struct block *block, size_t column, double sum, double t, double u)
{
	uint32_t total = block->left + block->right;
	double part = (double)block->drawn / total;
	struct tilt tilt = { -t * sum - u * block->drawn, -sum, -(double)block->drawn, 0, 0, 0 };

	for (uint32_t trace = 0; trace < total; trace++) {
		/* of the order of 1: a score is at most the number of traces */
		double score = (double)block->scores[trace * (size_t)BLOCK + column] / total;
		double weight = part * exp(t * score + u), all = 1 - part + weight;
		double chance = weight / all, spread = chance * (1 - chance);

		tilt.value += log(all);
		tilt.by_t += chance * score;
		tilt.by_u += chance;
		tilt.by_tt += spread * score * score;
		tilt.by_tu += spread * score;
		tilt.by_uu += spread;
	}
	return tilt;
}

static double clamp(double value, double most)
{
	return fmin(fmax(value, -most), most);
}

/* The least of these bounds that a few steps of Newton's find: any t and u give one. */
static double least_bound(const struct block *block, size_t column, double sum)
{
	struct tilt at = tilt_at(block, column, sum, 0, 0);
	double best = at.value, t = 0, u = 0;

	for (unsigned step = 0; step < STEPS; step++) {
		double denominator = at.by_tt * at.by_uu - at.by_tu * at.by_tu;

		if (!(denominator > 0))
			break;
		t = clamp(
			t - clamp((at.by_uu * at.by_t - at.by_tu * at.by_u) / denominator, longest),
			farthest);
		u = clamp(
			u - clamp((at.by_tt * at.by_u - at.by_tu * at.by_t) / denominator, longest),
			farthest);
		at = tilt_at(block, column, sum, t, u);
		best = fmin(best, at.value);
	}
	return best;
}

/*
 * What the probability of a difference is at most, without dealing: of traces that come with the
 * same probability by themselves, given that so many come (Chernoff's bound, divided by the
 * probability that they do).  1, or wrong, where it cannot be as little as is wanted.
 */
static double clear_chance(const struct block *block, size_t column, double wanted)
{
	uint32_t total = block->left + block->right;
	double drawn = block->drawn, rest = total - drawn;
	double sum = (double)block->real[column] / total, log_of_count;
	struct tilt here = tilt_at(block, column, sum, 0, 0);

	/* not even as the normal distribution has it */
	if (-sum * sum / (2 * here.by_tt) > log(wanted))
		return 1;
	log_of_count = lgamma(total + 1.0) - lgamma(drawn + 1) - lgamma(rest + 1) +
		       drawn * log(drawn / total) + rest * log(rest / total);
	return exp(least_bound(block, column, sum) - log_of_count) +
	       exp(least_bound(block, column, -sum) - log_of_count);
}

/* Whether the bound settles it, alone among all that are tried, and deals would not tell more. */
static bool is_clear(const struct block *block, struct number *number, size_t column)
{
	double wanted =
		fmin(1.0 / MOST, block->dealing->alpha / (margin * (double)block->dealing->tried));

	number->chance = clear_chance(block, column, wanted);
	if (number->chance <= wanted)
		return true;
	number->chance = 1;
	return false;
}

static void run_block(struct block *block, struct number *numbers, size_t count)
{
	block->count = 0;
	for (size_t i = 0; i < count; i++) {
		numbers[i].chance = 1;
		numbers[i].is_constant = !score(block, &numbers[i], block->count);
		if (numbers[i].is_constant)
			continue;
		find_effect(block, &numbers[i], block->count);
		if (is_clear(block, &numbers[i], block->count))
			continue;
		block->seen[block->count] = 0;
		block->numbers[block->count++] = &numbers[i];
	}
	/* what stands in the lanes that are left is added up, and nothing else */
	for (uint32_t trace = 0; trace < block->left + block->right; trace++)
		for (size_t i = block->count; i < BLOCK; i++)
			block->scores[trace * (size_t)BLOCK + i] = 0;
	deal_block(block);
}

bool chance_of_numbers(const struct dealing *dealing, struct number *numbers, size_t count,
		       const struct postings *postings)
{
	struct block block = { .dealing = dealing,
			       .postings = postings,
			       .left = (uint32_t)dealing->sets[0].sample.count,
			       .right = (uint32_t)dealing->sets[1].sample.count };
	size_t total = block.left + block.right;
	bool good;

	block.drawn = block.left < block.right ? block.left : block.right;
	block.valued = malloc((total + 1) * sizeof(*block.valued));
	block.order = malloc((total + 1) * sizeof(*block.order));
	block.scores = malloc((total + 1) * BLOCK * sizeof(*block.scores));
	good = block.valued != NULL && block.order != NULL && block.scores != NULL;
	for (size_t i = 0; i < count && good; i += BLOCK)
		run_block(&block, &numbers[i], count - i < BLOCK ? count - i : BLOCK);
	free(block.valued);
	free(block.order);
	free(block.scores);
	return good;
}
