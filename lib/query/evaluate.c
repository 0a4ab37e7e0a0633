/*
 * Expressions, walked.
 *
 * Where something is to be true or not, only the value true is true: nil and all else are false.
 *
 * Events and links.  A span may have several, a condition speaks of one: a filter is true if there
 * is an event and a link for which it is true.  So `event:name = "x" && event.y = 1` wants both of
 * the same event, and `||` any.  A span without events stands for one with an event of which all is
 * nil.  What is below `!` is a filter of its own: `!(event:name = "x")` says that no event has that
 * name.
 */
#include "match.h"

static const struct sl_query_value nil = { .type = SL_TYPE_NIL };

/* The choices of events and links; the outer ones stand in it meanwhile. */
struct choice {
	size_t event, link;
	bool met_events, met_links;
	bool any_met_events; /* with any of the links */
	unsigned tried;
};

/* A million pairs are more than anybody meant; then the answer is not known. */
enum { CHOICE_LIMIT = 1 << 20 };

static struct choice choice_start(struct context *context)
{
	struct choice outer = { context->event,	    context->link, context->met_events,
				context->met_links, false,	   0 };

	context->event = context->link = 0;
	context->met_events = context->met_links = false;
	return outer;
}

/* The next choice that may give another answer; false: there is none. */
static bool choice_next(struct context *context, struct choice *outer)
{
	bool met_links = context->met_links;

	if (++outer->tried >= CHOICE_LIMIT) {
		context->matcher->limits_hit++;
		return false;
	}
	outer->any_met_events |= context->met_events;
	context->met_events = context->met_links = false;
	if (met_links && context->link + 1 < context_lists(context)->link_count) {
		context->link++;
		return true;
	}
	context->link = 0;
	if (outer->any_met_events && context->event + 1 < context_lists(context)->event_count) {
		outer->any_met_events = false;
		context->event++;
		return true;
	}
	return false;
}

static void choice_end(struct context *context, const struct choice *outer)
{
	context->event = outer->event;
	context->link = outer->link;
	context->met_events = outer->met_events;
	context->met_links = outer->met_links;
}

static bool is_true(struct context *context, const struct expression *expression)
{
	struct sl_query_value value = expression_value(context, expression);

	return value_is_true(&value);
}

bool expression_holds(struct context *context, const struct expression *expression)
{
	struct choice outer = choice_start(context);
	bool holds;

	do
		holds = is_true(context, expression);
	while (!holds && choice_next(context, &outer));
	choice_end(context, &outer);
	return holds || (outer.tried >= CHOICE_LIMIT && context->negated);
}

/*
 * A negation speaks of the whole span, whatever is bound: it is answered once for each span, so
 * that negations within each other cost no more than beside each other.
 */
static bool negation_holds(struct context *context, const struct expression *operand)
{
	struct found *memory = table_find(&context->matcher->table, operand);
	bool holds;

	if (memory->subject == context->matcher->subject)
		return memory->value.boolean;
	context->negated = !context->negated;
	holds = !expression_holds(context, operand);
	context->negated = !context->negated;
	memory->subject = context->matcher->subject;
	memory->value = value_bool(holds);
	return holds;
}

static enum answer match_one(struct context *context, const struct query_regex *regex,
			     const struct sl_query_value *subject)
{
	return regex_match(context->matcher->regexes, regex, subject->text);
}

/* Any of the members for =~, all of them for !~; what is no string matches neither. */
static enum answer match_list(struct context *context, const struct expression *expression,
			      struct sl_attributes list)
{
	const struct query_regex *regex = query_regex(context->matcher->query, expression->regex);
	bool negative = expression->op == OP_NOT_REGEX, unknown = false;

	for (size_t i = 0; i < list.count; i++) {
		struct sl_query_value item = value_of_attribute(&list.items[i].value);
		enum answer answer = negative ? YES : NO;

		if (item.type == SL_TYPE_STRING)
			answer = match_one(context, regex, &item);
		unknown |= answer == UNKNOWN;
		if (answer == YES)
			return negative ? NO : YES;
	}
	if (unknown)
		return UNKNOWN;
	return negative ? YES : NO;
}

bool regex_holds(struct context *context, const struct expression *expression,
		 const struct sl_query_value *subject)
{
	enum answer answer = NO;

	if (subject->type == SL_TYPE_ARRAY) {
		answer = match_list(context, expression, subject->list);
	} else if (subject->type == SL_TYPE_STRING) {
		answer = match_one(context, query_regex(context->matcher->query, expression->regex),
				   subject);
		if (answer != UNKNOWN && expression->op == OP_NOT_REGEX)
			answer = answer == YES ? NO : YES;
	}
	return answer == UNKNOWN ? context->negated : answer == YES;
}

static struct sl_slice without_zeros(struct sl_slice id)
{
	while (id.len > 0 && id.data[0] == '0') {
		id.data++;
		id.len--;
	}
	return id;
}

static bool is_trace_id(const struct expression *expression)
{
	return expression->kind == EXPRESSION_FIELD && expression->field.scope == SCOPE_INTRINSIC &&
	       expression->field.intrinsic == INTRINSIC_TRACE_ID;
}

/* What is unknown about an operand makes the comparison of two claims unknown too. */
static bool compare(struct context *context, const struct expression *expression)
{
	uint64_t limits_hit = sl_matcher_limits_hit(context->matcher);
	struct sl_query_value left = expression_value(context, expression->left);
	struct sl_query_value right = expression_value(context, expression->right);

	if (left.type == SL_TYPE_BOOL && limits_hit != regex_limits_hit(context->matcher->regexes))
		return context->negated;
	/* people leave the leading zeros of trace ids away */
	if (left.type == SL_TYPE_STRING && right.type == SL_TYPE_STRING &&
	    (expression->op == OP_EQUAL || expression->op == OP_NOT_EQUAL) &&
	    (is_trace_id(expression->left) || is_trace_id(expression->right))) {
		left.text = without_zeros(left.text);
		right.text = without_zeros(right.text);
	}
	return value_compare(expression->op, &left, &right);
}

/* In Tempo `||` too is false where one side is nil, or no truth value. */
static bool either_of_tempo(struct context *context, const struct expression *expression)
{
	struct sl_query_value left = expression_value(context, expression->left);
	struct sl_query_value right = expression_value(context, expression->right);

	return left.type == SL_TYPE_BOOL && right.type == SL_TYPE_BOOL &&
	       (left.boolean || right.boolean);
}

/* `&&` and `||` lean to the left in long chains: down their left sides without recursion. */
static bool logic_holds(struct context *context, const struct expression *expression)
{
	enum operator op = expression->op;
	bool decides = op == OP_OR;

	if (decides && context->matcher->query->tempo)
		return either_of_tempo(context, expression);
	for (; expression->kind == EXPRESSION_BINARY && expression->op == op;
	     expression = expression->left)
		if (is_true(context, expression->right) == decides)
			return decides;
	return is_true(context, expression);
}

static struct sl_query_value binary_value(struct context *context,
					  const struct expression *expression)
{
	struct sl_query_value left, right;

	switch (expression->op) {
	case OP_AND:
	case OP_OR:
		return value_bool(logic_holds(context, expression));
	case OP_REGEX:
	case OP_NOT_REGEX:
		left = expression_value(context, expression->left);
		return value_bool(regex_holds(context, expression, &left));
	case OP_ADD:
	case OP_SUBTRACT:
	case OP_MULTIPLY:
	case OP_DIVIDE:
	case OP_MODULO:
	case OP_POWER:
		left = expression_value(context, expression->left);
		right = expression_value(context, expression->right);
		return value_compute(expression->op, &left, &right);
	default:
		return value_bool(compare(context, expression));
	}
}

static struct sl_query_value unary_value(struct context *context,
					 const struct expression *expression)
{
	struct sl_query_value value;

	if (expression->op == OP_NOT)
		return value_bool(negation_holds(context, expression->left));
	value = expression_value(context, expression->left);
	if (expression->op == OP_NEGATE)
		return value_negate(&value);
	/* of `nil = nil` and `nil != nil` both are false */
	if (expression->left->kind == EXPRESSION_CONSTANT && value.type == SL_TYPE_NIL)
		return value_bool(false);
	return value_bool((value.type == SL_TYPE_NIL) == (expression->op == OP_IS_NIL));
}

struct sl_query_value expression_value(struct context *context, const struct expression *expression)
{
	switch (expression->kind) {
	case EXPRESSION_CONSTANT:
		return expression->constant;
	case EXPRESSION_FIELD:
		return field_value(context, &expression->field);
	case EXPRESSION_UNARY:
		return unary_value(context, expression);
	case EXPRESSION_BINARY:
		return binary_value(context, expression);
	}
	return nil;
}

struct sl_query_value expression_first(struct context *context, const struct expression *expression)
{
	bool claim = expression->kind != EXPRESSION_FIELD;
	struct choice outer = choice_start(context);
	struct sl_query_value value, first = nil;
	bool found;

	do {
		value = expression_value(context, expression);
		found = value.type != SL_TYPE_NIL &&
			(value.type != SL_TYPE_BOOL || value.boolean || !claim);
		if (found || first.type == SL_TYPE_NIL)
			first = value;
	} while (!found && choice_next(context, &outer));
	choice_end(context, &outer);
	return first;
}
