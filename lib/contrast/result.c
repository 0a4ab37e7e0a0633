/* A result: what was found, or that too little is known for it. */
#include "result.h"
#include <stdlib.h>

static const struct sl_quantile p95 = { 19, 20 };

/* Whether a difference that is as clear as can be would be told. */
static bool is_too_little(const struct counted *counted, size_t tried, size_t told)
{
	uint64_t left = counted->sets[0].figures.traces, right = counted->sets[1].figures.traces;
	double alpha = counted->options->alpha, best;

	if (left < 2 || right < 2)
		return true;
	best = chance_of_trait(right, right, left, right);
	return best > alpha || (told == 0 && best * (double)tried > alpha);
}

static enum sl_status compare_durations(struct sl_contrast_result *result,
					const struct counted *counted, struct sl_error *err)
{
	result->duration = (struct sl_comparison){ .before = &counted->sets[0].durations,
						   .now = &counted->sets[1].durations,
						   .errors_before = counted->sets[0].figures.errors,
						   .errors_now = counted->sets[1].figures.errors };
	return sl_compare(&counted->options->comparing, &result->duration, 1, err);
}

static bool find_rows(struct sl_contrast_result *result, const struct counted *counted)
{
	struct candidates candidates = { 0 };
	size_t told = 0;
	bool good = true, some = result->sets[0].traces != 0 && result->sets[1].traces != 0;

	if (some)
		good = candidates_find(&candidates, counted, &told) &&
		       candidates_left_out(result, counted);
	result->tried = candidates.tried;
	result->verdict = told != 0 ? SL_CONTRAST_DIFFERENT : SL_CONTRAST_ALIKE;
	if (is_too_little(counted, candidates.tried, told)) {
		result->verdict = SL_CONTRAST_INCONCLUSIVE;
		told = 0;
	}
	result->found = told != 0 ? candidates.found : 0;
	good = good && rows_make(result, counted, &candidates, told);
	free(candidates.items);
	for (size_t i = 0; i < result->count; i++)
		result->has_more_errors |=
			result->rows[i].kind == SL_DIFFERENCE_ERRORS && result->rows[i].effect > 0;
	return good;
}

static bool attribute_all(struct sl_contrast_result *result, const struct counted *counted)
{
	if (!attribute_mean(&result->mean, counted) ||
	    !attribute_quantile(&result->p95, counted, p95))
		return false;
	if (result->verdict != SL_CONTRAST_INCONCLUSIVE)
		return true;
	return attribute_nothing(&result->mean) && attribute_nothing(&result->p95);
}

enum sl_status contrast_result_make(struct sl_contrast_result *result,
				    const struct counted *counted, struct sl_error *err)
{
	*result = (struct sl_contrast_result){ 0 };
	for (unsigned i = 0; i < SL_SET_COUNT; i++) {
		result->sets[i] = counted->sets[i].figures;
		sample_sort(&counted->sets[i].sample);
	}
	if (!find_rows(result, counted) || !attribute_all(result, counted))
		return sl_fail_memory(err);
	return compare_durations(result, counted, err);
}

void contrast_result_free(struct sl_contrast_result *result)
{
	free(result->rows);
	free(result->left_out);
	free(result->mean.shares);
	free(result->p95.shares);
	*result = (struct sl_contrast_result){ 0 };
}
