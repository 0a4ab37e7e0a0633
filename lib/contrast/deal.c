/*
 * Numbers of traces, ranked, and traces dealt to the two sets: how often the ranks of one set are
 * so far from the middle.  All numbers see the same deals; one that was as far often
 * enough is left out of the rest.
 */
#include "deal.h"
#include <math.h>
#include <stdlib.h>

enum {
	LANES = 16,   /* and these are added up together: a cache line */
	ENOUGH = 20,  /* seen so often, a probability is known well enough */
	FIRST = 256,  /* deals; then twice as many */
	SIEVE = 1024, /* behind these few numbers are left, and go on together */
	USUAL = 1 << 14,
	MOST = 1 << 17, /* at most; where there are fewer, all of them */
};
/* Additions for one block, at most; and so many for numbers that look well. */
static const double work_limit = 5e8, work_little = 3e7;
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

static const four *scores_of(const struct block *block, uint32_t trace, size_t column)
{
	return (const four *)(const void *)&block->scores[trace * (size_t)BLOCK + column];
}

/* Of the traces that come first in the order, the scores of the numbers from `first` on. */
static void add_lanes(const struct block *block, size_t first, int32_t *sums)
{
	four sum[LANES / 4] = { { 0 } };

	for (uint32_t i = 0; i < block->drawn; i++) {
		const four *scores = scores_of(block, block->order[i], first);

		sum[0] += scores[0];
		sum[1] += scores[1];
		sum[2] += scores[2];
		sum[3] += scores[3];
	}
	memcpy(&sums[first], sum, sizeof(sum));
}

/* The same of the last few. */
static void add_last(const struct block *block, size_t first, int32_t *sums)
{
	four sum = { 0 };

	for (uint32_t i = 0; i < block->drawn; i++)
		sum += *scores_of(block, block->order[i], first);
	memcpy(&sums[first], &sum, sizeof(sum));
}

static void add_up(const struct block *block, int32_t *sums)
{
	size_t first = 0;

	for (; block->count - first > 4; first += LANES) {
		add_lanes(block, first, sums);
		if (block->count - first <= LANES)
			return;
	}
	add_last(block, first, sums);
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

/* Those that have seen so many deals see the others, up to `most`.  Gives whether that tells all.
 */
static bool deal_from(struct block *block, uint32_t dealt, uint32_t most)
{
	struct sl_random random = { block->dealing->seed };
	uint32_t next = dealt != 0 ? 2 * dealt : FIRST;

	for (uint32_t i = 0; i < block->left + block->right; i++)
		block->order[i] = i;
	for (uint32_t i = 0; i < dealt; i++)
		deal(block, &random);
	for (; block->count != 0 && next <= most; next *= 2) {
		for (; dealt < next; dealt++) {
			deal(block, &random);
			look(block);
		}
		settle(block, dealt);
		if (is_settled(block, dealt))
			return true;
	}
	return block->count == 0;
}

static void deal_rest(struct block *rest)
{
	(void)deal_from(rest, SIEVE, MOST);
	rest->count = 0;
}

/* What the sieve has left of the block; where there is no room, that of others before it goes. */
static void keep_rest(struct block *rest, const struct block *block)
{
	if (rest->count + block->count > BLOCK)
		deal_rest(rest);
	for (size_t i = 0; i < block->count; i++) {
		size_t column = rest->count++;

		rest->numbers[column] = block->numbers[i];
		rest->real[column] = block->real[i];
		rest->seen[column] = block->seen[i];
		for (uint32_t trace = 0; trace < block->left + block->right; trace++)
			rest->scores[trace * (size_t)BLOCK + column] =
				block->scores[trace * (size_t)BLOCK + i];
	}
}

/* Whether the bound settles it, alone among all that are tried, and deals would not tell more. */
static bool is_clear(const struct block *block, struct number *number, size_t column)
{
	double wanted =
		fmin(1.0 / MOST, block->dealing->alpha / (margin * (double)block->dealing->tried));

	number->chance = bound_of_chance(block, column, wanted);
	if (number->chance <= wanted)
		return true;
	number->chance = 1;
	return false;
}

static void run_block(struct block *block, struct block *rest, struct number *numbers, size_t count)
{
	uint32_t deals;

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
	deals = count_deals(block);
	if (deals != 0) {
		for (uint32_t i = 0; i < block->left + block->right; i++)
			block->order[i] = i;
		deal_all(block, deals);
		return;
	}
	if (!deal_from(block, 0, SIEVE))
		keep_rest(rest, block);
}

static bool block_open(struct block *block, const struct dealing *dealing)
{
	size_t total;

	*block = (struct block){ .dealing = dealing,
				 .left = (uint32_t)dealing->sets[0].sample.count,
				 .right = (uint32_t)dealing->sets[1].sample.count };
	total = block->left + block->right;
	block->drawn = block->left < block->right ? block->left : block->right;
	block->valued = malloc((total + 1) * sizeof(*block->valued));
	block->order = calloc(total + 1, sizeof(*block->order));
	block->scores = calloc(total + 1, BLOCK * sizeof(*block->scores));
	return block->valued != NULL && block->order != NULL && block->scores != NULL;
}

static void block_free(struct block *block)
{
	free(block->valued);
	free(block->order);
	free(block->scores);
}

bool chance_of_numbers(const struct dealing *dealing, struct number *numbers, size_t count,
		       const struct postings *postings)
{
	struct block block, rest;
	bool good = block_open(&block, dealing);

	good &= block_open(&rest, dealing);
	block.postings = postings;
	for (size_t i = 0; i < count && good; i += BLOCK)
		run_block(&block, &rest, &numbers[i], count - i < BLOCK ? count - i : BLOCK);
	if (good)
		deal_rest(&rest);
	block_free(&block);
	block_free(&rest);
	return good;
}
