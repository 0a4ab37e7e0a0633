/* Many tests at once: false discoveries kept rare. */
#include "spanline/statistics.h"
#include <stdlib.h>

static int compare_addresses(const void *a, const void *b)
{
	const double *left = *(double *const *)a, *right = *(double *const *)b;

	return (*left > *right) - (*left < *right);
}

bool sl_adjust_for_many(double *probabilities, size_t count)
{
	double **sorted = malloc((count + 1) * sizeof(*sorted)), least = 1;

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &probabilities[i];
	qsort(sorted, count, sizeof(*sorted), compare_addresses);
	for (size_t i = count; i > 0; i--) {
		double adjusted = *sorted[i - 1] * (double)count / (double)i;

		least = adjusted < least ? adjusted : least;
		*sorted[i - 1] = least;
	}
	free(sorted);
	return true;
}
