/* The hypergeometric distribution: how often all deals together come out so. */
#include "chance.h"
#include <math.h>

struct deal_of {
	double all, left, right; /* traces that have it, and the sizes of the sets */
};

static double log_choose(double of, double some)
{
	return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1);
}

static double part_of(const struct deal_of *deal, double right)
{
	return exp(log_choose(deal->right, right) + log_choose(deal->left, deal->all - right) -
		   log_choose(deal->left + deal->right, deal->all));
}

/* The sum from `right` on, away from the middle: each term is less than the one before. */
static double tail_from(const struct deal_of *deal, double right, int step)
{
	double term, sum = 0;

	if (right < fmax(0, deal->all - deal->left) || right > fmin(deal->all, deal->right))
		return 0;
	term = part_of(deal, right);
	while (term > 0 && sum + term != sum) {
		sum += term;
		if (step > 0)
			term *= (deal->right - right) * (deal->all - right) /
				((right + 1) * (deal->left - deal->all + right + 1));
		else
			term *= right * (deal->left - deal->all + right) /
				((deal->right - right + 1) * (deal->all - right + 1));
		right += step;
	}
	return sum;
}

double chance_of_trait(uint64_t right, uint64_t all, uint64_t left_size, uint64_t right_size)
{
	struct deal_of deal = { (double)all, (double)left_size, (double)right_size };
	double size = deal.left + deal.right, expected = deal.all * deal.right;
	/* times `size`, so that all are whole numbers */
	double distance = fabs((double)right * size - expected);
	double above = ceil((expected + distance) / size), below = (expected - distance) / size;
	double sum;

	if (above * size < expected + distance)
		above += 1;
	below = floor(below);
	if ((below + 1) * size <= expected - distance)
		below += 1;
	if (above <= below)
		return 1;
	sum = tail_from(&deal, above, 1) + tail_from(&deal, below, -1);
	return sum < 1 ? sum : 1;
}

double chance_at_best(uint64_t all, uint64_t left_size, uint64_t right_size)
{
	uint64_t least = all > left_size ? all - left_size : 0;
	uint64_t most = all < right_size ? all : right_size;
	double few = chance_of_trait(least, all, left_size, right_size);
	double many = chance_of_trait(most, all, left_size, right_size);

	return few < many ? few : many;
}
