/* Durations of made traces: lognormal, and alike within a trace as far as is wanted. */
#ifndef TEST_SIMULATED_H
#define TEST_SIMULATED_H

#include "spanline/statistics.h"
#include <math.h>

struct simulated {
	uint32_t traces;
	uint32_t spans;	 /* of each trace */
	double sigma;	 /* of the logarithm */
	double likeness; /* of two spans of a trace: the correlation of their logarithms */
	double median_ns;
};

static inline double next_uniform(struct sl_random *random)
{
	return ((double)(sl_random_next(random) >> 11) + 0.5) / 9007199254740992.0;
}

/* Box and Muller's. */
static inline double next_normal(struct sl_random *random)
{
	double radius = sqrt(-2 * log(next_uniform(random)));

	return radius * cos(6.283185307179586 * next_uniform(random));
}

/* Traces are numbered from `first` on. */
static inline bool simulate(const struct simulated *made, struct sl_random *random, uint64_t first,
			    struct sl_samples *samples)
{
	*samples = (struct sl_samples){ .with_traces = true };
	for (uint32_t trace = 0; trace < made->traces; trace++) {
		double shared = next_normal(random) * sqrt(made->likeness);

		for (uint32_t span = 0; span < made->spans; span++) {
			double own = next_normal(random) * sqrt(1 - made->likeness);
			double ns = made->median_ns * exp(made->sigma * (shared + own));

			if (!sl_samples_add(samples, (int64_t)ns, first + trace))
				return false;
		}
	}
	return true;
}

#endif
