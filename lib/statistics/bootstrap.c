/* The bootstrap by trace of a quantile's change. */
#include "change.h"
#include <stdlib.h>

struct drawing {
	struct units units;
	struct window window;
	uint32_t *times; /* by unit: how often it was drawn */
	struct sl_quantile quantile;
	struct sl_random *random;
};

static bool drawing_init(struct drawing *drawing, const struct side *side,
			 struct sl_quantile quantile, struct sl_random *random)
{
	*drawing = (struct drawing){ .quantile = quantile, .random = random };
	if (!units_init(&drawing->units, side, NULL))
		return false;
	drawing->times = calloc(drawing->units.total, sizeof(*drawing->times));
	return drawing->times != NULL &&
	       window_init(&drawing->window, &drawing->units, quantile, drawing->units.total);
}

static void drawing_free(struct drawing *drawing)
{
	units_free(&drawing->units);
	window_free(&drawing->window);
	free(drawing->times);
}

/* False: outside the window. */
static bool find(const struct drawing *drawing, int64_t *value)
{
	const struct window *window = &drawing->window;
	uint64_t passed = 0, count = 0, rank;

	for (uint32_t i = 0; i < drawing->units.total; i++) {
		passed += (uint64_t)drawing->times[i] * window->below[i];
		count += (uint64_t)drawing->times[i] * drawing->units.sizes[i];
	}
	rank = sl_quantile_rank(drawing->quantile, count);
	if (passed >= rank)
		return false;
	for (size_t i = 0; i < window->count; i++) {
		passed += drawing->times[window->owners[i]];
		if (passed >= rank) {
			*value = window->values[i];
			return true;
		}
	}
	return false;
}

static bool draw(struct drawing *drawing, int64_t *value)
{
	uint32_t total = drawing->units.total;

	memset(drawing->times, 0, total * sizeof(*drawing->times));
	for (uint32_t i = 0; i < total; i++)
		drawing->times[sl_random_below(drawing->random, total)]++;
	while (!find(drawing, value))
		if (!window_widen(&drawing->window))
			return false;
	return true;
}

static int compare_changes(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static int64_t difference(int64_t from, int64_t to)
{
	int64_t result;

	if (__builtin_sub_overflow(to, from, &result))
		return to > from ? INT64_MAX : INT64_MIN;
	return result;
}

static bool draw_often(struct drawing sides[2], int64_t *changes, uint32_t resamples)
{
	for (uint32_t i = 0; i < resamples; i++) {
		int64_t before, now;

		if (!draw(&sides[0], &before) || !draw(&sides[1], &now))
			return false;
		changes[i] = difference(before, now);
	}
	return true;
}

bool sl_change_interval(const struct sl_change *change, struct sl_quantile quantile,
			const struct sl_resampling *resampling, struct sl_change_interval *interval)
{
	uint32_t resamples = resampling->resamples, out;
	int64_t *changes = malloc(resamples * sizeof(*changes));
	struct sl_random random = { resampling->seed };
	struct drawing sides[2] = { 0 };
	bool good = changes != NULL &&
		    drawing_init(&sides[0], &change->sides[0], quantile, &random) &&
		    drawing_init(&sides[1], &change->sides[1], quantile, &random) &&
		    draw_often(sides, changes, resamples);

	if (good) {
		qsort(changes, resamples, sizeof(*changes), compare_changes);
		/* 1 - 0.9 is a little less than 0.1 */
		out = (uint32_t)((1 - interval->confidence) / 2 * resamples + 1e-6);
		interval->low = changes[out];
		interval->high = changes[resamples - 1 - out];
	}
	drawing_free(&sides[0]);
	drawing_free(&sides[1]);
	free(changes);
	return good;
}
