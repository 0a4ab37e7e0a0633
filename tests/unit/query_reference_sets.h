/* The same of whole traces: spansets as lists of true and false. */
#ifndef QUERY_REFERENCE_SETS_H
#define QUERY_REFERENCE_SETS_H

#include "query_reference.h"

/* At least as many as random traces have. */
enum { REF_SPANS = 12, REF_SETS = 64, REF_VALUES = 8 };

struct ref_set {
	bool in[REF_SPANS];
	value values[REF_VALUES];
	size_t value_count;
};

struct ref_sets {
	struct ref_set items[REF_SETS];
	size_t count;
	bool rejected; /* cannot be answered */
};

/* The same of the pipeline of a scalar. */
static bool ref_scalar_rejected;

static size_t ref_size(const struct ref_set *set)
{
	size_t size = 0;

	for (size_t i = 0; i < REF_SPANS; i++)
		size += set->in[i];
	return size;
}

static void ref_add(struct ref_sets *sets, const struct ref_set *set)
{
	if (sets->count == REF_SETS || set->value_count > REF_VALUES)
		abort();
	sets->items[sets->count++] = *set;
}

static void ref_pipeline(const struct subject *s, const struct pipeline *p,
			 const struct ref_sets *in, struct ref_sets *out);
static void ref_stage(const struct subject *s, const struct stage *stage, const struct ref_sets *in,
		      struct ref_sets *out);

static bool ref_ancestor(const struct sl_trace *trace, uint32_t above, uint32_t below)
{
	for (uint32_t at = trace->nodes[below].parent; at != SL_NO_SPAN;
	     at = trace->nodes[at].parent)
		if (at == above)
			return true;
	return false;
}

static bool ref_siblings(const struct sl_trace *trace, uint32_t l, uint32_t r)
{
	const struct sl_trace_node *a = &trace->nodes[l], *b = &trace->nodes[r];

	if (l == r || a->parent != b->parent)
		return false;
	if (a->parent != SL_NO_SPAN)
		return true;
	if (a->cyclic || b->cyclic)
		return false;
	return a->orphan == b->orphan &&
	       (!a->orphan || sl_slice_equal(a->span->parent_span_id, b->span->parent_span_id));
}

static bool ref_related(const struct subject *s, enum operator op, uint32_t l, uint32_t r)
{
	const struct sl_trace *trace = s->trace;

	if (s->tempo && (!trace->nodes[l].connected || !trace->nodes[r].connected))
		return false;
	switch (op) {
	case OP_CHILD:
		return trace->nodes[r].parent == l;
	case OP_PARENT:
		return trace->nodes[l].parent == r;
	case OP_DESCENDANT:
		return ref_ancestor(trace, l, r);
	case OP_ANCESTOR:
		return ref_ancestor(trace, r, l);
	default:
		return ref_siblings(trace, l, r);
	}
}

static void ref_structure(const struct subject *s, enum operator op, const struct ref_set *left,
			  const struct ref_set *right, struct ref_set *kept)
{
	bool negated = op >= OP_NOT_CHILD && op <= OP_NOT_SIBLING, both = op >= OP_UNION_CHILD;
	enum operator relation = both ? OP_CHILD + (op - OP_UNION_CHILD)
	: negated		      ? OP_CHILD + (op - OP_NOT_CHILD)
				      : op;

	for (uint32_t r = 0; r < s->trace->count; r++) {
		bool any = false;

		for (uint32_t l = 0; right->in[r] && l < s->trace->count; l++) {
			if (!left->in[l] || !ref_related(s, relation, l, r))
				continue;
			any = true;
			kept->in[l] |= both;
		}
		kept->in[r] |= right->in[r] && any != negated;
	}
}

static void ref_operator(const struct subject *s, const struct stage *stage,
			 const struct ref_set *set, struct ref_sets *out)
{
	struct ref_sets one = { .count = 1, .items = { *set } }, *found;
	struct ref_set kept = *set, side[2] = { 0 };
	bool logic = stage->op == OP_AND || stage->op == OP_OR;

	found = calloc(2, sizeof(*found));
	if (found == NULL)
		abort();
	ref_stage(s, stage->left, &one, &found[0]);
	ref_stage(s, stage->right, &one, &found[1]);
	for (size_t k = 0; k < 2; k++) {
		out->rejected |= found[k].rejected || (!logic && found[k].count > 1);
		for (size_t n = 0; n < found[k].count; n++)
			for (size_t i = 0; i < REF_SPANS; i++)
				side[k].in[i] |= found[k].items[n].in[i];
	}
	for (size_t i = 0; i < REF_SPANS; i++)
		kept.in[i] = logic && (side[0].in[i] || side[1].in[i]);
	if (logic) {
		if (stage->op == OP_AND ? found[0].count != 0 && found[1].count != 0
					: found[0].count + found[1].count != 0)
			ref_add(out, &kept);
	} else {
		ref_structure(s, stage->op, &side[0], &side[1], &kept);
		if (ref_size(&kept) != 0)
			ref_add(out, &kept);
	}
	free(found);
}

static value ref_aggregate(const struct subject *of, const struct scalar *scalar,
			   const struct ref_set *set)
{
	value extreme = ref_nil(), sum = ref_int(SL_TYPE_INT, 0);
	double total = 0;
	size_t count = 0;
	bool mixed = false;

	if (scalar->aggregate == AGGREGATE_COUNT)
		return ref_int(SL_TYPE_INT, (int64_t)ref_size(set));
	for (uint32_t i = 0; i < REF_SPANS; i++) {
		struct subject s = *of;
		value v;

		s.index = i;
		v = set->in[i] ? ref_first(&s, scalar->argument) : ref_nil();
		if (!ref_number(v))
			continue;
		mixed |= v.type == SL_TYPE_FLOAT || (count != 0 && v.type != sum.type);
		sum.type = v.type;
		sum.integer += v.type == SL_TYPE_FLOAT ? 0 : v.integer;
		total += ref_double(v);
		if (count++ == 0 || isnan(ref_double(extreme)) ||
		    (scalar->aggregate == AGGREGATE_MIN ? ref_order(v, extreme) == -1
							: ref_order(v, extreme) == 1))
			extreme = v;
	}
	if (count == 0 || scalar->aggregate == AGGREGATE_MIN || scalar->aggregate == AGGREGATE_MAX)
		return extreme;
	if (scalar->aggregate == AGGREGATE_SUM && !mixed)
		return sum;
	if (scalar->aggregate == AGGREGATE_SUM)
		return (value){ .type = SL_TYPE_FLOAT, .number = total };
	if (!mixed && sum.type == SL_TYPE_DURATION)
		return ref_int(SL_TYPE_DURATION, sum.integer / (int64_t)count);
	return (value){ .type = SL_TYPE_FLOAT, .number = total / (double)count };
}

/* `seen` takes the values of aggregates, unless it is NULL. */
static value ref_scalar(const struct subject *s, const struct scalar *scalar,
			const struct ref_set *set, struct ref_set *seen)
{
	struct ref_set whole = { 0 }, united = { 0 };
	struct ref_sets *sets;
	value v;

	switch (scalar->kind) {
	case SCALAR_CONSTANT:
		return scalar->constant;
	case SCALAR_NEGATE:
		return ref_negate(ref_scalar(s, scalar->left, set, seen));
	case SCALAR_BINARY:
		v = ref_scalar(s, scalar->left, set, seen);
		return ref_compute(scalar->op, v, ref_scalar(s, scalar->right, set, seen));
	case SCALAR_AGGREGATE:
		v = ref_aggregate(s, scalar, set);
		if (seen != NULL)
			seen->values[seen->value_count++] = v;
		return v;
	case SCALAR_PIPELINE:
		break;
	}
	sets = calloc(2, sizeof(*sets));
	if (sets == NULL)
		abort();
	for (uint32_t i = 0; i < s->trace->count; i++)
		whole.in[i] = true;
	ref_add(&sets[0], &whole);
	ref_pipeline(s, scalar->pipeline, &sets[0], &sets[1]);
	for (size_t n = 0; n < sets[1].count; n++)
		for (size_t i = 0; i < REF_SPANS; i++)
			united.in[i] |= sets[1].items[n].in[i];
	ref_scalar_rejected |= sets[1].rejected;
	free(sets);
	return ref_scalar(s, scalar->last, &united, NULL);
}

static bool ref_same(value a, value b)
{
	struct sl_value x = { .type = SL_VALUE_ARRAY, .list = a.list };
	struct sl_value y = { .type = SL_VALUE_ARRAY, .list = b.list };

	if (a.type != b.type)
		return false;
	if (a.type == SL_TYPE_NIL)
		return true;
	if (a.type == SL_TYPE_ARRAY)
		return sl_value_equal(&x, &y);
	if (a.type == SL_TYPE_FLOAT && isnan(a.number))
		return isnan(b.number);
	return ref_order(a, b) == 0;
}

static void ref_by(const struct subject *of, const struct stage *stage, const struct ref_set *set,
		   struct ref_sets *out)
{
	size_t first = out->count;

	for (uint32_t i = 0; i < REF_SPANS; i++) {
		struct subject s = *of;
		struct ref_set fresh = { .value_count = set->value_count + 1 };
		size_t group = first;
		value v;

		if (!set->in[i])
			continue;
		s.index = i;
		v = ref_first(&s, stage->expression);
		while (group < out->count &&
		       !ref_same(out->items[group].values[set->value_count], v))
			group++;
		if (group == out->count) {
			memcpy(fresh.values, set->values, sizeof(fresh.values));
			fresh.values[set->value_count] = v;
			ref_add(out, &fresh);
		}
		out->items[group].in[i] = true;
	}
}

static void ref_set_stage(const struct subject *of, const struct stage *stage,
			  const struct ref_set *set, struct ref_sets *out)
{
	struct ref_sets one = { .count = 1, .items = { *set } }, found = { 0 };
	struct ref_set kept = *set;
	struct subject s = *of;
	value left;

	if (stage->kind == STAGE_FILTER) {
		for (s.index = 0; s.index < REF_SPANS; s.index++)
			kept.in[s.index] = set->in[s.index] && ref_holds(&s, stage->expression);
		if (ref_size(&kept) != 0)
			ref_add(out, &kept);
	} else if (stage->kind == STAGE_OPERATOR) {
		ref_operator(of, stage, set, out);
	} else if (stage->kind == STAGE_NOT) {
		ref_stage(of, stage->left, &one, &found);
		out->rejected |= found.rejected;
		if (found.count == 0)
			ref_add(out, set);
	} else if (stage->kind == STAGE_COMPARE) {
		left = ref_scalar(of, stage->left_scalar, set, &kept);
		if (ref_compare(stage->comparison, left,
				ref_scalar(of, stage->right_scalar, set, &kept)))
			ref_add(out, &kept);
	} else if (stage->kind == STAGE_BY) {
		ref_by(of, stage, set, out);
	} else {
		ref_add(out, set);
	}
}

static void ref_stage(const struct subject *s, const struct stage *stage, const struct ref_sets *in,
		      struct ref_sets *out)
{
	struct ref_set none = { 0 };

	if (stage->kind == STAGE_PIPELINE) {
		ref_pipeline(s, stage->pipeline, in, out);
	} else if (stage->kind == STAGE_COALESCE) {
		for (size_t n = 0; n < in->count; n++)
			for (size_t i = 0; i < REF_SPANS; i++)
				none.in[i] |= in->items[n].in[i];
		if (in->count != 0)
			ref_add(out, &none);
	} else if (stage->kind == STAGE_COMPARE && in->count == 0 && !s->tempo) {
		ref_set_stage(s, stage, &none, out);
	} else {
		for (size_t n = 0; n < in->count; n++)
			ref_set_stage(s, stage, &in->items[n], out);
	}
}

static void ref_pipeline(const struct subject *s, const struct pipeline *p,
			 const struct ref_sets *in, struct ref_sets *out)
{
	struct ref_sets *steps = calloc(p->count + 1, sizeof(*steps));

	if (steps == NULL)
		abort();
	steps[0] = *in;
	for (size_t i = 0; i < p->count && !steps[i].rejected; i++) {
		ref_stage(s, p->stages[i], &steps[i], &steps[i + 1]);
		if (steps[i + 1].rejected || i + 1 == p->count)
			steps[p->count] = steps[i + 1];
	}
	*out = steps[p->count];
	free(steps);
}

#endif
