/* From what was counted to what is told. */
#ifndef CONTRAST_RESULT_H
#define CONTRAST_RESULT_H

#include "chance.h"

/* What a split asked about: what differs in that follows from it. */
struct asked {
	bool time, name, root, status, count;
};

struct counted {
	const struct sl_contrast_options *options;
	struct set *sets; /* samples sorted */
	struct traits *traits;
	struct asked asked;
};

/* A difference that was tried. */
struct candidate {
	enum sl_difference_kind kind;
	uint32_t index; /* of a trait; or the operation of a number */
	double effect, chance, p;
	double ns; /* by how much the mean time of its operation on the critical path changed */
	uint32_t tried; /* its place among the different tests */
	const struct traits *traits;
	bool follows_split;
};

struct candidates {
	struct candidate *items;
	size_t count, capacity;
	size_t tried; /* different tests */
	size_t found; /* of these, those that are told */
};

/* All that is tried, with its probability; those that are told stand first, in their order.
 * *told is how many they are. */
SL_MUST_USE bool candidates_find(struct candidates *candidates, const struct counted *counted,
				 size_t *told);
/* The keys whose values are not tried.  False: no memory. */
SL_MUST_USE bool candidates_left_out(struct sl_contrast_result *result,
				     const struct counted *counted);
/* The operation that a candidate is about (of an edge: the callee); NO_ITEM: none. */
uint32_t candidate_operation(const struct traits *traits, const struct candidate *candidate);

/* The rows of the result, in an arena that it owns.  False: no memory. */
SL_MUST_USE bool rows_make(struct sl_contrast_result *result, const struct counted *counted,
			   const struct candidates *candidates, size_t told);

/* Changes of mean and quantile, attributed.  False: no memory. */
SL_MUST_USE bool attribute_mean(struct sl_attribution *attribution, const struct counted *counted);
SL_MUST_USE bool attribute_quantile(struct sl_attribution *attribution,
				    const struct counted *counted, struct sl_quantile quantile);
/* Instead, where nothing can be said of the parts. */
SL_MUST_USE bool attribute_nothing(struct sl_attribution *attribution);

/* Owned, all arrays of it. */
enum sl_status contrast_result_make(struct sl_contrast_result *result,
				    const struct counted *counted, struct sl_error *err);
void contrast_result_free(struct sl_contrast_result *result);

#endif
