/* Aggregates of a spanset, and what is computed of them and compared. */
#include "match.h"

static const struct sl_query_value nil = { .type = SL_TYPE_NIL };

/* Numbers added up: of one integer type the sum stays so while it fits; floats, and a mixture of
 * types, add up as floats. */
struct sum {
	uint64_t count;
	enum sl_query_type type; /* of them all, or SL_TYPE_FLOAT */
	int64_t integer;
	bool exact; /* `integer` is the sum */
	double number;
};

static void sum_add(struct sum *sum, const struct sl_query_value *value)
{
	if (sum->count++ == 0) {
		sum->type = value->type;
		sum->exact = true;
	} else if (sum->type != value->type) {
		sum->type = SL_TYPE_FLOAT;
	}
	if (value->type == SL_TYPE_FLOAT) {
		sum->number += value->number;
		return;
	}
	sum->number += (double)value->integer;
	if (__builtin_add_overflow(sum->integer, value->integer, &sum->integer))
		sum->exact = false;
}

static struct sl_query_value sum_result(const struct sum *sum)
{
	if (sum->count == 0)
		return nil;
	if (sum->type != SL_TYPE_FLOAT && sum->exact)
		return value_int(sum->type, sum->integer);
	return value_float(sum->number);
}

/* Of durations whole ns. */
static struct sl_query_value average(const struct sum *sum)
{
	if (sum->count == 0)
		return nil;
	if (sum->type == SL_TYPE_DURATION && sum->exact)
		return value_int(SL_TYPE_DURATION, sum->integer / (int64_t)sum->count);
	return value_float(sum->number / (double)sum->count);
}

static void keep_extreme(enum aggregate aggregate, struct sl_query_value *extreme,
			 const struct sl_query_value *value)
{
	enum operator op = aggregate == AGGREGATE_MIN ? OP_LESS : OP_GREATER;
	/* NaN is no extreme while there is a number */
	bool lacks = extreme->type == SL_TYPE_NIL ||
		     (extreme->type == SL_TYPE_FLOAT && extreme->number != extreme->number);

	if (lacks || value_compare(op, value, extreme))
		*extreme = *value;
}

/* What is no number is left out. */
static struct sl_query_value aggregate_value(struct run *run, const struct scalar *scalar,
					     const struct sl_spanset *set)
{
	struct sl_query_value extreme = nil;
	struct sum sum = { 0 };

	if (scalar->aggregate == AGGREGATE_COUNT)
		return value_int(SL_TYPE_INT, set->count);
	for (uint32_t i = 0; i < set->count; i++) {
		struct context context = context_of_node(run->matcher, run->trace, set->spans[i]);
		struct sl_query_value value = expression_first(&context, scalar->argument);

		if (!value_is_number(&value))
			continue;
		sum_add(&sum, &value);
		keep_extreme(scalar->aggregate, &extreme, &value);
	}
	if (scalar->aggregate == AGGREGATE_SUM)
		return sum_result(&sum);
	return scalar->aggregate == AGGREGATE_AVG ? average(&sum) : extreme;
}

/* Of the whole trace, whatever set it is compared for: computed once. */
static enum sl_status pipeline_value(struct run *run, const struct scalar *scalar,
				     struct sl_query_value *value)
{
	struct found *memory = table_find(&run->matcher->table, scalar);
	struct sl_spanset set = { 0 };
	struct spans united;
	struct sets all = { &run->all, 1 }, sets;
	struct values *compared = run->compared;
	enum sl_status status;

	if (memory->subject == run->number) {
		*value = memory->value;
		return SL_OK;
	}
	status = run_pipeline(run, scalar->pipeline, all, &sets);
	if (status == SL_OK)
		status = run_unite(run, sets, &united);
	if (status != SL_OK)
		return status;
	set.spans = united.items;
	set.count = united.count;
	run->compared = NULL;
	status = scalar_value(run, scalar->last, &set, value);
	run->compared = compared;
	memory->subject = run->number;
	memory->value = *value;
	return status;
}

enum sl_status scalar_value(struct run *run, const struct scalar *scalar,
			    const struct sl_spanset *set, struct sl_query_value *value)
{
	struct sl_query_value right;
	enum sl_status status = SL_OK;

	switch (scalar->kind) {
	case SCALAR_CONSTANT:
		*value = scalar->constant;
		break;
	case SCALAR_AGGREGATE:
		*value = aggregate_value(run, scalar, set);
		if (run->compared != NULL)
			run->compared->items[run->compared->count++] = (struct sl_named_value){
				table_find(&run->matcher->table, scalar)->name, *value
			};
		break;
	case SCALAR_NEGATE:
		status = scalar_value(run, scalar->left, set, value);
		if (status == SL_OK)
			*value = value_negate(value);
		break;
	case SCALAR_BINARY:
		status = scalar_value(run, scalar->left, set, value);
		if (status == SL_OK)
			status = scalar_value(run, scalar->right, set, &right);
		if (status == SL_OK)
			*value = value_compute(scalar->op, value, &right);
		break;
	case SCALAR_PIPELINE:
		status = pipeline_value(run, scalar, value);
		break;
	}
	return status;
}

static size_t count_aggregates(const struct scalar *scalar)
{
	switch (scalar->kind) {
	case SCALAR_AGGREGATE:
		return 1;
	case SCALAR_NEGATE:
		return count_aggregates(scalar->left);
	case SCALAR_BINARY:
		return count_aggregates(scalar->left) + count_aggregates(scalar->right);
	default:
		return 0;
	}
}

enum sl_status scalar_compare(struct run *run, const struct stage *stage, struct sl_spanset *set,
			      bool *holds)
{
	size_t room = set->value_count + count_aggregates(stage->left_scalar) +
		      count_aggregates(stage->right_scalar);
	struct values values = { .count = set->value_count };
	struct sl_query_value left, right;
	enum sl_status status;

	values.items = sl_arena_alloc(&run->matcher->arena, room * sizeof(*values.items));
	if (values.items == NULL)
		return sl_fail_memory(run->err);
	if (set->value_count != 0)
		memcpy(values.items, set->values, set->value_count * sizeof(*values.items));
	run->compared = &values;
	status = scalar_value(run, stage->left_scalar, set, &left);
	if (status == SL_OK)
		status = scalar_value(run, stage->right_scalar, set, &right);
	run->compared = NULL;
	if (status != SL_OK)
		return status;
	*holds = value_compare(stage->comparison, &left, &right);
	set->values = values.items;
	set->value_count = values.count;
	return SL_OK;
}
