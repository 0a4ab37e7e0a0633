/* Random queries that are often true of random traces. */
#ifndef QUERY_RANDOM_H
#define QUERY_RANDOM_H

#include "query_random_trace.h"
#include "query_reference_sets.h"

static struct expression *random_constant(struct random_query *random)
{
	struct expression *e = room(random, sizeof(*e));

	e->kind = EXPRESSION_CONSTANT;
	switch (pick(random, 7)) {
	case 0:
		e->constant = ref_text(random_word(random));
		break;
	case 1:
		e->constant = (value){ .type = SL_TYPE_FLOAT, .number = 0.5 };
		break;
	case 2:
		e->constant = ref_bool(pick(random, 2) != 0);
		break;
	case 3:
		e->constant = ref_int(SL_TYPE_STATUS, (int64_t)pick(random, 3));
		break;
	case 4:
		e->constant = ref_int(SL_TYPE_DURATION, (int64_t)pick(random, 10));
		break;
	default:
		e->constant = ref_int(SL_TYPE_INT, (int64_t)pick(random, 4) - 1);
		break;
	}
	e->type = e->constant.type;
	return e;
}

static struct expression *random_field(struct random_query *random)
{
	static const enum intrinsic intrinsics[] = {
		INTRINSIC_NAME,	       INTRINSIC_STATUS,	   INTRINSIC_KIND,
		INTRINSIC_DURATION,    INTRINSIC_SERVICE,	   INTRINSIC_EVENT_NAME,
		INTRINSIC_CHILD_COUNT, INTRINSIC_SELF_TIME,	   INTRINSIC_PARENT,
		INTRINSIC_ROOT,	       INTRINSIC_TRACE_SPAN_COUNT,
	};
	struct expression *e = room(random, sizeof(*e));

	e->kind = EXPRESSION_FIELD;
	e->type = SL_TYPE_DYNAMIC;
	e->field.scope = (enum scope)pick(random, SCOPE_INTRINSIC + 1);
	e->field.of_parent = pick(random, 8) == 0;
	e->field.name = pick(random, 2) == 0 ? SL_SLICE("a") : SL_SLICE("b");
	if (pick(random, 3) == 0)
		e->field.scope = SCOPE_INTRINSIC;
	if (e->field.scope == SCOPE_INTRINSIC)
		e->field.intrinsic = intrinsics[pick(random, SL_COUNT(intrinsics))];
	else if (e->field.scope == SCOPE_RESOURCE && pick(random, 2) == 0)
		e->field.name = SL_SLICE("service.name");
	return e;
}

static struct expression *random_operand(struct random_query *random, unsigned depth);

static struct expression *random_binary(struct random_query *random, enum operator op,
					struct expression *left, struct expression *right)
{
	struct expression *e = room(random, sizeof(*e));

	e->kind = EXPRESSION_BINARY;
	e->type = op >= OP_ADD ? SL_TYPE_DYNAMIC : SL_TYPE_BOOL;
	e->op = op;
	e->left = left;
	e->right = right;
	return e;
}

static struct expression *random_unary(struct random_query *random, enum operator op,
				       struct expression *operand)
{
	struct expression *e = random_binary(random, op, operand, NULL);

	e->kind = EXPRESSION_UNARY;
	e->type = op == OP_NEGATE ? SL_TYPE_DYNAMIC : SL_TYPE_BOOL;
	return e;
}

static struct expression *random_regex(struct random_query *random)
{
	static const char *const patterns[] = { "a.*", ".*b", "[ab]+", "ab" };
	enum operator op = pick(random, 2) == 0 ? OP_REGEX : OP_NOT_REGEX;
	struct expression *e =
		random_binary(random, op, random_field(random), random_constant(random));
	const char *pattern = patterns[pick(random, 4)];

	if (random->query.regex_count == SL_COUNT(random->regexes))
		return e->left;
	e->pattern = (struct sl_slice){ pattern, strlen(pattern) };
	e->regex = random->query.regex_count++;
	random->regexes[e->regex] = e;
	return e;
}

static struct expression *random_claim(struct random_query *random, unsigned depth)
{
	unsigned kind = (unsigned)pick(random, depth == 0 ? 4 : 9);

	switch (kind) {
	case 0:
		return random_regex(random);
	case 1:
		return random_unary(random, pick(random, 2) == 0 ? OP_IS_NIL : OP_IS_NOT_NIL,
				    random_field(random));
	case 2:
		return random_operand(random, depth);
	case 4:
	case 5:
		return random_binary(random, OP_AND, random_claim(random, depth - 1),
				     random_claim(random, depth - 1));
	case 6:
		return random_binary(random, OP_OR, random_claim(random, depth - 1),
				     random_claim(random, depth - 1));
	case 7:
		return random_unary(random, OP_NOT, random_claim(random, depth - 1));
	default:
		return random_binary(random, OP_EQUAL + (unsigned)pick(random, 6),
				     random_operand(random, depth), random_operand(random, depth));
	}
}

static struct expression *random_operand(struct random_query *random, unsigned depth)
{
	switch (pick(random, depth == 0 ? 5 : 8)) {
	case 0:
	case 1:
		return random_constant(random);
	case 5:
		return random_unary(random, OP_NEGATE, random_operand(random, depth - 1));
	case 6:
		return random_binary(random, OP_ADD + (unsigned)pick(random, 6),
				     random_operand(random, depth - 1),
				     random_operand(random, depth - 1));
	case 7:
		return random_claim(random, depth - 1);
	default:
		return random_field(random);
	}
}

static void random_pipeline(struct random_query *random, struct pipeline *pipeline, unsigned depth);

static struct scalar *random_scalar(struct random_query *random, unsigned depth)
{
	struct scalar *scalar = room(random, sizeof(*scalar));

	scalar->kind = (enum scalar_kind)pick(random, depth == 0 ? 2 : 5);
	switch (scalar->kind) {
	case SCALAR_CONSTANT:
		scalar->constant = ref_int(SL_TYPE_INT, (int64_t)pick(random, 4));
		break;
	case SCALAR_AGGREGATE:
		scalar->aggregate = (enum aggregate)pick(random, 5);
		if (scalar->aggregate != AGGREGATE_COUNT)
			scalar->argument = random_operand(random, depth);
		break;
	case SCALAR_BINARY:
		scalar->op = OP_ADD + (unsigned)pick(random, 5);
		scalar->right = random_scalar(random, depth - 1);
		__attribute__((fallthrough));
	case SCALAR_NEGATE:
		scalar->left = random_scalar(random, depth - 1);
		break;
	case SCALAR_PIPELINE:
		scalar->pipeline = room(random, sizeof(*scalar->pipeline));
		random_pipeline(random, scalar->pipeline, depth - 1);
		scalar->last = random_scalar(random, 0);
		break;
	}
	return scalar;
}

static struct stage *random_stage(struct random_query *random, unsigned depth)
{
	struct stage *stage = room(random, sizeof(*stage));

	stage->kind = (enum stage_kind)pick(random, STAGE_SELECT + 1);
	if (depth == 0 || pick(random, 3) == 0)
		stage->kind = STAGE_FILTER;
	switch (stage->kind) {
	case STAGE_FILTER:
		stage->expression = random_claim(random, 2);
		break;
	case STAGE_BY:
		stage->expression = random_operand(random, 1);
		break;
	case STAGE_OPERATOR:
		stage->op = OP_CHILD + (unsigned)pick(random, 15);
		if (pick(random, 3) == 0)
			stage->op = pick(random, 2) == 0 ? OP_AND : OP_OR;
		stage->right = random_stage(random, depth - 1);
		__attribute__((fallthrough));
	case STAGE_NOT:
		stage->left = random_stage(random, depth - 1);
		break;
	case STAGE_PIPELINE:
		stage->pipeline = room(random, sizeof(*stage->pipeline));
		random_pipeline(random, stage->pipeline, depth - 1);
		break;
	case STAGE_COMPARE:
		stage->comparison = OP_EQUAL + (unsigned)pick(random, 6);
		stage->left_scalar = random_scalar(random, depth);
		stage->right_scalar = random_scalar(random, 0);
		break;
	case STAGE_COALESCE:
	case STAGE_SELECT:
		break;
	}
	return stage;
}

static void random_pipeline(struct random_query *random, struct pipeline *pipeline, unsigned depth)
{
	pipeline->count = 1 + pick(random, 3);
	pipeline->stages = room(random, pipeline->count * sizeof(*pipeline->stages));
	for (size_t i = 0; i < pipeline->count; i++)
		pipeline->stages[i] = random_stage(random, depth);
}

/* In random->query, until the next. */
static void random_query(struct random_query *random, unsigned depth)
{
	random->query = (struct sl_query){ .tempo = pick(random, 4) == 0,
					   .text = SL_SLICE(""),
					   .regexes = random->regexes };
	random_pipeline(random, &random->query.pipeline, depth);
}

#endif
