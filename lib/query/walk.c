/* Every stage and every expression of a query, each once. */
#include "match.h"

static void walk_pipeline(const struct walker *walker, const struct pipeline *pipeline);

/* Down the left sides without recursion: chains lean there. */
void walk_expression(const struct walker *walker, const struct expression *expression)
{
	for (;;) {
		if (walker->expression != NULL)
			walker->expression(walker->context, expression);
		if (expression->kind == EXPRESSION_BINARY)
			walk_expression(walker, expression->right);
		else if (expression->kind != EXPRESSION_UNARY)
			return;
		expression = expression->left;
	}
}

static void walk_scalar(const struct walker *walker, const struct scalar *scalar)
{
	for (;;) {
		if (walker->scalar != NULL)
			walker->scalar(walker->context, scalar);
		switch (scalar->kind) {
		case SCALAR_CONSTANT:
			return;
		case SCALAR_AGGREGATE:
			if (scalar->argument != NULL)
				walk_expression(walker, scalar->argument);
			return;
		case SCALAR_PIPELINE:
			walk_pipeline(walker, scalar->pipeline);
			scalar = scalar->last;
			break;
		case SCALAR_BINARY:
			walk_scalar(walker, scalar->right);
			scalar = scalar->left;
			break;
		case SCALAR_NEGATE:
			scalar = scalar->left;
			break;
		}
	}
}

static void walk_stage(const struct walker *walker, const struct stage *stage)
{
	for (;;) {
		if (walker->stage != NULL)
			walker->stage(walker->context, stage);
		switch (stage->kind) {
		case STAGE_FILTER:
		case STAGE_BY:
			walk_expression(walker, stage->expression);
			return;
		case STAGE_OPERATOR:
			walk_stage(walker, stage->right);
			break;
		case STAGE_NOT:
			break;
		case STAGE_PIPELINE:
			walk_pipeline(walker, stage->pipeline);
			return;
		case STAGE_COMPARE:
			walk_scalar(walker, stage->left_scalar);
			walk_scalar(walker, stage->right_scalar);
			return;
		case STAGE_COALESCE:
			return;
		case STAGE_SELECT:
			for (size_t i = 0; i < stage->field_count; i++)
				walk_expression(walker, stage->fields[i]);
			return;
		}
		stage = stage->left;
	}
}

static void walk_pipeline(const struct walker *walker, const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++)
		walk_stage(walker, pipeline->stages[i]);
}

void walk_query(const struct walker *walker, const struct sl_query *query)
{
	walk_pipeline(walker, &query->pipeline);
	if (query->field != NULL)
		walk_expression(walker, query->field);
}

struct selected {
	const struct sl_query *query;
	void (*found)(void *context, struct sl_slice field);
	void *context;
};

static void tell_selected(void *context, const struct stage *stage)
{
	const struct selected *selected = context;

	if (stage->kind != STAGE_SELECT)
		return;
	for (size_t i = 0; i < stage->field_count; i++) {
		struct place place = stage->fields[i]->place;

		selected->found(
			selected->context,
			(struct sl_slice){ selected->query->text.data + place.at, place.len });
	}
}

void sl_query_selected(const struct sl_query *query,
		       void (*found)(void *context, struct sl_slice field), void *context)
{
	struct selected selected = { query, found, context };

	walk_query(&(struct walker){ .stage = tell_selected, .context = &selected }, query);
}

struct named_fields {
	void (*found)(void *context, struct sl_slice name);
	void *context;
	struct sl_buffer name;
};

static void tell_field(void *context, const struct expression *expression)
{
	static const char *const scopes[] = {
		[SCOPE_NONE] = ".",	  [SCOPE_SPAN] = "span.",
		[SCOPE_EVENT] = "event.", [SCOPE_RESOURCE] = "resource.",
		[SCOPE_LINK] = "link.",	  [SCOPE_INSTRUMENTATION] = "instrumentation.",
		[SCOPE_INTRINSIC] = "",
	};
	struct named_fields *fields = context;
	const char *before;

	if (expression->kind != EXPRESSION_FIELD)
		return;
	before = scopes[expression->field.scope];
	fields->name.len = 0;
	sl_buffer_add(&fields->name, before, strlen(before));
	if (expression->field.scope == SCOPE_INTRINSIC) {
		const char *name = intrinsic_row(expression->field.intrinsic)->name;

		sl_buffer_add(&fields->name, name, strlen(name));
	} else {
		sl_buffer_add_slice(&fields->name, expression->field.name);
	}
	fields->found(fields->context, sl_buffer_slice(&fields->name));
}

static void tell_count(void *context, const struct scalar *scalar)
{
	struct named_fields *fields = context;

	if (scalar->kind == SCALAR_AGGREGATE && scalar->argument == NULL)
		fields->found(fields->context, SL_SLICE("count()"));
}

bool sl_query_fields(const struct sl_query *query,
		     void (*found)(void *context, struct sl_slice name), void *context)
{
	struct named_fields fields = { found, context, { 0 } };

	walk_query(&(struct walker){ .expression = tell_field,
				     .scalar = tell_count,
				     .context = &fields },
		   query);
	sl_buffer_free(&fields.name);
	return !fields.name.failed;
}
