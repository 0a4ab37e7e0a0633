/* Random small traces, and random queries that are often true of them. */
#ifndef QUERY_RANDOM_H
#define QUERY_RANDOM_H

#include "query_reference_sets.h"
#include "query_trace.h"
#include "random.h"

struct random_query {
	uint64_t state; /* the seed, not 0 */
	struct sl_arena arena;
	struct expression *regexes[64];
	struct sl_query query;
};

static uint64_t pick(struct random_query *random, uint64_t limit)
{
	return (next_random(&random->state) >> 11) % limit;
}

static void *room(struct random_query *random, size_t size)
{
	void *at = sl_arena_alloc(&random->arena, size + 1);

	if (at == NULL)
		abort();
	memset(at, 0, size);
	return at;
}

static struct sl_slice random_word(struct random_query *random)
{
	static const char *const words[] = { "a", "b", "ab", "" };
	const char *word = words[pick(random, 4)];

	return (struct sl_slice){ word, strlen(word) };
}

static struct sl_attributes random_attributes(struct random_query *random, bool keys);

static struct sl_value random_attribute(struct random_query *random)
{
	struct sl_value v = { .type = (enum sl_value_type)pick(random, SL_VALUE_BYTES + 1) };

	if (pick(random, 2) == 0)
		v.type = pick(random, 2) == 0 ? SL_VALUE_INT : SL_VALUE_STRING;
	if (v.type == SL_VALUE_STRING || v.type == SL_VALUE_BYTES)
		v.text = random_word(random);
	else if (v.type == SL_VALUE_BOOL)
		v.boolean = pick(random, 2) != 0;
	else if (v.type == SL_VALUE_INT)
		v.integer = (int64_t)pick(random, 4) - 1;
	else if (v.type == SL_VALUE_DOUBLE)
		v.number = pick(random, 8) == 0 ? (double)NAN : (double)pick(random, 4) / 2;
	else if (v.type != SL_VALUE_EMPTY)
		v.list = random_attributes(random, v.type == SL_VALUE_KVLIST);
	return v;
}

static struct sl_attributes random_attributes(struct random_query *random, bool keys)
{
	struct sl_attributes list = { room(random, 2 * sizeof(struct sl_attribute)),
				      pick(random, 3) };

	for (size_t i = 0; i < list.count; i++) {
		if (keys)
			list.items[i].key = pick(random, 2) == 0 ? SL_SLICE("a") : SL_SLICE("b");
		list.items[i].value = random_attribute(random);
	}
	return list;
}

static struct sl_span *random_span(struct random_query *random)
{
	struct sl_span *span = room(random, sizeof(*span));
	struct sl_resource *resource = room(random, sizeof(*resource));
	struct sl_scope *scope = room(random, sizeof(*scope));

	resource->attributes = random_attributes(random, true);
	if (resource->attributes.count > 0 && pick(random, 2) == 0)
		resource->attributes.items[0].key = SL_SLICE("service.name");
	sl_resource_settle(resource);
	scope->attributes = random_attributes(random, true);
	*span = (struct sl_span){ .name = random_word(random), .scope = scope };
	span->resource = resource;
	span->kind = (int32_t)pick(random, 3);
	span->status_code = (int32_t)pick(random, 3);
	span->start_unix_nano = pick(random, 20);
	span->end_unix_nano = span->start_unix_nano + pick(random, 10);
	span->attributes = random_attributes(random, true);
	span->event_count = pick(random, 3);
	span->events = room(random, 2 * sizeof(*span->events));
	for (size_t i = 0; i < span->event_count; i++) {
		span->events[i].name = random_word(random);
		span->events[i].attributes = random_attributes(random, true);
	}
	span->link_count = pick(random, 3);
	span->links = room(random, 2 * sizeof(*span->links));
	for (size_t i = 0; i < span->link_count; i++)
		span->links[i].attributes = random_attributes(random, true);
	return span;
}

/* The parent of the i-th is among those before it, by start; then all are shuffled. */
static void random_trace(struct random_query *random, struct sl_trace *trace)
{
	uint32_t count = 1 + (uint32_t)pick(random, REF_SPANS), place[REF_SPANS];
	struct sl_trace_node *nodes = room(random, count * sizeof(*nodes));

	for (uint32_t i = 0; i < count; i++) {
		uint32_t other = (uint32_t)pick(random, i + 1);

		place[i] = place[other];
		place[other] = i;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct sl_span *span = random_span(random);
		struct sl_trace_node *node = &nodes[place[i]];

		node->span = span;
		node->parent = i == 0 || pick(random, 6) == 0 ? SL_NO_SPAN : place[pick(random, i)];
		if (node->parent == SL_NO_SPAN && pick(random, 2) == 0) {
			node->orphan = pick(random, 4) != 0;
			node->cyclic = !node->orphan;
			span->parent_span_id = random_word(random);
		}
	}
	*trace = (struct sl_trace){ .nodes = nodes, .count = count, .root = place[0] };
	query_trace_link(trace);
}

/* Children have to stand by start for self time: so they do where all starts rise with the index.
 */
static void raise_starts(struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++) {
		struct sl_span *span = (struct sl_span *)(uintptr_t)trace->nodes[i].span;

		span->end_unix_nano -= span->start_unix_nano;
		span->start_unix_nano = 2 * (uint64_t)i + span->start_unix_nano % 2;
		span->end_unix_nano += span->start_unix_nano;
	}
}

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
		/* fallthrough */
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
		/* fallthrough */
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
