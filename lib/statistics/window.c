/* Units of traces, and the window of the ordered values where a quantile is looked for. */
#include "change.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>

bool units_init(struct units *units, const struct side *first, const struct side *second)
{
	uint32_t fewer = first->trace_count, together;
	struct walk walk = { .units = units };

	if (second != NULL && second->trace_count < fewer)
		fewer = second->trace_count;
	together = fewer > MOST_UNITS ? fewer / MOST_UNITS : 1;
	*units = (struct units){ .sides = { first, second } };
	units->counts[0] = first->trace_count / together;
	units->counts[1] = second != NULL ? second->trace_count / together : 0;
	units->total = units->counts[0] + units->counts[1];
	units->value_count = first->count + (second != NULL ? second->count : 0);
	units->sizes = calloc(units->total, sizeof(*units->sizes));
	if (units->sizes == NULL)
		return false;
	while (walk_next(&walk))
		units->sizes[walk.unit]++;
	return true;
}

void units_free(struct units *units)
{
	free(units->sizes);
}

bool walk_next(struct walk *walk)
{
	const struct side *first = walk->units->sides[0], *second = walk->units->sides[1];
	size_t at = walk->at[0], other = walk->at[1];

	if (at < first->count && (second == NULL || other == second->count ||
				  first->values[at] <= second->values[other])) {
		walk->value = first->values[at];
		walk->unit = first->traces[at] % walk->units->counts[0];
		walk->at[0]++;
		return true;
	}
	if (second == NULL || other == second->count)
		return false;
	assert(walk->units->counts[1] != 0);
	walk->value = second->values[other];
	walk->unit = walk->units->counts[0] + second->traces[other] % walk->units->counts[1];
	walk->at[1]++;
	return true;
}

static bool fill(struct window *window)
{
	size_t total = window->units->value_count, end = window->middle + window->half;
	struct walk walk = { .units = window->units };

	window->start = window->middle > window->half ? window->middle - window->half : 0;
	window->count = (end < total ? end : total) - window->start;
	free(window->values);
	free(window->owners);
	window->values = malloc(window->count * sizeof(*window->values));
	window->owners = malloc(window->count * sizeof(*window->owners));
	if (window->values == NULL || window->owners == NULL)
		return false;
	memset(window->below, 0, window->units->total * sizeof(*window->below));
	for (size_t i = 0; i < window->start + window->count && walk_next(&walk); i++) {
		if (i < window->start) {
			window->below[walk.unit]++;
		} else {
			window->values[i - window->start] = walk.value;
			window->owners[i - window->start] = walk.unit;
		}
	}
	return true;
}

bool window_init(struct window *window, const struct units *units, struct sl_quantile quantile,
		 uint32_t drawn)
{
	double q = (double)quantile.numerator / (double)quantile.denominator;
	double total = (double)units->value_count;

	*window = (struct window){ .units = units };
	window->middle = (size_t)sl_quantile_rank(quantile, units->value_count) - 1;
	/* as if all values of a unit were the same: no draw varies more */
	window->half = (size_t)(6 * sqrt(q * (1 - q) / drawn) * total) + 16;
	window->below = calloc(units->total, sizeof(*window->below));
	return window->below != NULL && fill(window);
}

bool window_widen(struct window *window)
{
	window->half *= 2;
	return fill(window);
}

void window_free(struct window *window)
{
	free(window->values);
	free(window->owners);
	free(window->below);
}
