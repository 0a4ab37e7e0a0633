/* What a probability is at most, without dealing. */
#include "deal.h"
#include <math.h>

enum { STEPS = 12 }; /* towards the best bound */
/* Of such a step, and of all of them: exp() of it is a number. */
static const double longest = 20, farthest = 500;

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
double bound_of_chance(const struct block *block, size_t column, double wanted)
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
