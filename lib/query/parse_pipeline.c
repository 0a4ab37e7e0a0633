/* Stages behind each other: spansets, comparisons, by, coalesce, select; metrics end them. */
#include "parser.h"

static struct stage *begin_stage(struct parser *parser, enum stage_kind kind, size_t *start)
{
	struct stage *made = parser_alloc(parser, sizeof(*made));

	*start = parser->token.place.at;
	parser_advance(parser);
	if (made == NULL || !parser_require(parser, "("))
		return NULL;
	made->kind = kind;
	made->height = 1;
	return made;
}

static struct stage *end_stage(struct parser *parser, struct stage *stage, size_t start)
{
	if (parser_is_symbol(parser, ",") && stage->kind == STAGE_BY)
		parser_fault(parser, parser->token.place,
			     "by() takes one expression: write by(a) | by(b)");
	if (!parser_require(parser, ")"))
		return NULL;
	stage->place = parser_place(parser, start);
	return stage;
}

static struct stage *parse_by(struct parser *parser)
{
	size_t start;
	struct stage *stage = begin_stage(parser, STAGE_BY, &start);

	if (stage == NULL)
		return NULL;
	stage->expression = parse_expression(parser);
	return stage->expression != NULL ? end_stage(parser, stage, start) : NULL;
}

static struct stage *parse_coalesce(struct parser *parser)
{
	size_t start;
	struct stage *stage = begin_stage(parser, STAGE_COALESCE, &start);

	return stage != NULL ? end_stage(parser, stage, start) : NULL;
}

static struct stage *parse_select(struct parser *parser)
{
	void **fields = NULL;
	size_t start;
	struct stage *stage = begin_stage(parser, STAGE_SELECT, &start);

	if (stage == NULL)
		return NULL;
	do {
		struct expression *field = parse_attribute(parser);
		if (field == NULL || !parser_append(parser, &fields, &stage->field_count, field))
			return NULL;
	} while (parser_take(parser, ","));
	stage->fields = (struct expression **)fields;
	return end_stage(parser, stage, start);
}

/* NULL: fault, or the token begins none of these. */
static struct stage *parse_named(struct parser *parser, bool first)
{
	if (parser_is_word(parser, "by"))
		return parse_by(parser);
	if (parser_is_word(parser, "select"))
		return parse_select(parser);
	if (!parser_is_word(parser, "coalesce"))
		return NULL;
	if (first)
		parser_fault(parser, parser->token.place,
			     "coalesce() needs something before it: {} | coalesce()");
	return parse_coalesce(parser);
}

static bool append_stage(struct parser *parser, struct pipeline *pipeline, struct stage *stage)
{
	void **items = (void **)pipeline->stages;
	bool done = parser_append(parser, &items, &pipeline->count, stage);

	pipeline->stages = (struct stage **)items;
	if (stage->height > pipeline->height)
		pipeline->height = stage->height;
	return done;
}

/* A pipeline in brackets is its stages, where it is no operand. */
static bool append_item(struct parser *parser, struct pipeline *pipeline, const struct item *item)
{
	if (item->stage->kind != STAGE_PIPELINE)
		return append_stage(parser, pipeline, item->stage);
	for (size_t i = 0; i < item->stage->pipeline->count; i++)
		if (!append_stage(parser, pipeline, item->stage->pipeline->stages[i]))
			return false;
	return true;
}

/* One stage, or what ends the pipeline: a number, or metrics. */
static bool parse_stage(struct parser *parser, struct pipeline *pipeline, struct item *item)
{
	bool first = pipeline->count == 0;
	struct stage *named;

	*item = (struct item){ .kind = ITEM_STAGE, .start = parser->token.place.at };
	if (parser_at_metric(parser)) {
		if (first)
			return parser_fault(parser, parser->token.place,
					    "metrics need spans before them: write '{} |' there");
		return parse_metric(parser, item) && parse_metric_seconds(parser, item);
	}
	named = parse_named(parser, first);
	if (named != NULL)
		return append_stage(parser, pipeline, named);
	if (!first && parser->token.kind == TOKEN_WORD && !parser_at_aggregate(parser) &&
	    !parser_is_word(parser, "not") && !parser_is_word(parser, "none"))
		return parser_expected(parser, "a stage, as { ... }, count() > 1 or by(...)");
	if (parser->status != SL_OK || !parse_item(parser, 1, item))
		return false;
	if (item->kind == ITEM_METRIC) {
		if (!first)
			return parser_fault(parser, parser_place(parser, item->start),
					    "metrics in brackets begin a query");
		return parse_metric_seconds(parser, item);
	}
	if (item->wrapped && !first && parser->query->tempo)
		return parser_fault(parser, parser_place(parser, item->start),
				    "Tempo takes no pipeline in brackets behind '|'");
	return item->kind == ITEM_SCALAR || append_item(parser, pipeline, item);
}

bool parse_pipeline(struct parser *parser, struct pipeline *pipeline, struct item *last)
{
	do {
		if (!parse_stage(parser, pipeline, last))
			return false;
		if (last->kind == ITEM_METRIC || last->kind == ITEM_SCALAR)
			break;
		if (last->wrapped && parser->query->tempo && parser_is_symbol(parser, "|"))
			return parser_fault(parser, parser->token.place,
					    "Tempo takes no '|' behind a pipeline in brackets");
	} while (parser_take(parser, "|"));
	return parser->status == SL_OK;
}
