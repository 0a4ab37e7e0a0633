/*
 * What a query means, slowly: every definition as it is said, by recursion over the tree, with
 * nothing remembered and no numbers of the trace but parents.
 */
#ifndef QUERY_REFERENCE_H
#define QUERY_REFERENCE_H

#include "../../lib/query/node.h"
#include <math.h>
#include <stdlib.h>

typedef struct sl_query_value value;

/* A span, and which of its events and links is spoken of. */
struct subject {
	const struct sl_trace *trace;
	uint32_t index;
	size_t event, link;
	bool tempo;
};

static const struct sl_span *subject_span(const struct subject *s)
{
	return s->trace->nodes[s->index].span;
}

static value ref_nil(void)
{
	return (value){ .type = SL_TYPE_NIL };
}

static value ref_bool(bool claim)
{
	return (value){ .type = SL_TYPE_BOOL, .boolean = claim };
}

static value ref_int(enum sl_query_type type, int64_t integer)
{
	return (value){ .type = type, .integer = integer };
}

static value ref_text(struct sl_slice text)
{
	return (value){ .type = SL_TYPE_STRING, .text = text };
}

static bool ref_number(value v)
{
	return v.type == SL_TYPE_INT || v.type == SL_TYPE_FLOAT || v.type == SL_TYPE_DURATION;
}

static double ref_double(value v)
{
	return v.type == SL_TYPE_FLOAT ? v.number : (double)v.integer;
}

static value ref_attribute(const struct sl_value *v)
{
	if (v->type == SL_VALUE_STRING)
		return ref_text(v->text);
	if (v->type == SL_VALUE_BOOL)
		return ref_bool(v->boolean);
	if (v->type == SL_VALUE_INT)
		return ref_int(SL_TYPE_INT, v->integer);
	if (v->type == SL_VALUE_DOUBLE)
		return (value){ .type = SL_TYPE_FLOAT, .number = v->number };
	if (v->type == SL_VALUE_ARRAY)
		return (value){ .type = SL_TYPE_ARRAY, .list = v->list };
	return ref_nil();
}

/* -1, 0, 1, or 2 where there is no order. */
static int ref_order(value a, value b)
{
	if (ref_number(a) && ref_number(b)) {
		if (a.type != SL_TYPE_FLOAT && b.type != SL_TYPE_FLOAT)
			return a.integer < b.integer ? -1 : a.integer > b.integer;
		if (isnan(ref_double(a)) || isnan(ref_double(b)))
			return 2;
		return ref_double(a) < ref_double(b) ? -1 : ref_double(a) > ref_double(b);
	}
	if (a.type == SL_TYPE_STRING) {
		int order = sl_slice_compare(a.text, b.text);

		return order < 0 ? -1 : order > 0;
	}
	if (a.type == SL_TYPE_BOOL)
		return a.boolean == b.boolean ? 0 : 2;
	return a.integer == b.integer ? 0 : 2;
}

static bool ref_compare_one(enum operator op, value a, value b)
{
	int order;

	if (a.type == SL_TYPE_NIL || b.type == SL_TYPE_NIL)
		return false;
	if (a.type != b.type && !(ref_number(a) && ref_number(b)))
		return false;
	if ((a.type == SL_TYPE_BOOL || a.type == SL_TYPE_STATUS || a.type == SL_TYPE_KIND) &&
	    op != OP_EQUAL && op != OP_NOT_EQUAL)
		return false;
	order = ref_order(a, b);
	return (op == OP_EQUAL && order == 0) || (op == OP_NOT_EQUAL && order != 0) ||
	       (op == OP_LESS && order == -1) ||
	       (op == OP_LESS_EQUAL && (order == -1 || order == 0)) ||
	       (op == OP_GREATER && order == 1) ||
	       (op == OP_GREATER_EQUAL && (order == 1 || order == 0));
}

static bool ref_compare(enum operator op, value a, value b)
{
	bool left = a.type == SL_TYPE_ARRAY, right = b.type == SL_TYPE_ARRAY;
	struct sl_attributes list = left ? a.list : b.list;
	size_t holding = 0;

	if (!left && !right)
		return ref_compare_one(op, a, b);
	if ((left && right) || a.type == SL_TYPE_NIL || b.type == SL_TYPE_NIL)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		value item = ref_attribute(&list.items[i].value);

		holding += left ? ref_compare_one(op, item, b) : ref_compare_one(op, a, item);
	}
	return op == OP_NOT_EQUAL ? holding == list.count : holding > 0;
}

/* Of small numbers only. */
static value ref_compute(enum operator op, value a, value b)
{
	double x = ref_double(a), y = ref_double(b), result = 0;

	if (!ref_number(a) || !ref_number(b))
		return ref_nil();
	if (y == 0 && (op == OP_DIVIDE || op == OP_MODULO))
		return ref_nil();
	if (x == 0 && y < 0 && op == OP_POWER)
		return ref_nil();
	switch (op) {
	case OP_ADD:
		result = x + y;
		break;
	case OP_SUBTRACT:
		result = x - y;
		break;
	case OP_MULTIPLY:
		result = x * y;
		break;
	case OP_DIVIDE:
		result = x / y;
		break;
	case OP_MODULO:
		result = fmod(x, y);
		break;
	default:
		result = pow(x, y);
		break;
	}
	/* an int again, where it is one, but for a negative power and what does not fit */
	if (a.type == SL_TYPE_INT && b.type == SL_TYPE_INT && !(op == OP_POWER && y < 0) &&
	    fabs(result) < 1e15)
		return ref_int(SL_TYPE_INT, (int64_t)result);
	return (value){ .type = SL_TYPE_FLOAT, .number = result };
}

static value ref_negate(value v)
{
	if (v.type == SL_TYPE_FLOAT)
		return (value){ .type = SL_TYPE_FLOAT, .number = -v.number };
	return ref_number(v) ? ref_int(v.type, -v.integer) : ref_nil();
}

/* The few patterns that are used. */
static bool ref_pattern(struct sl_slice pattern, struct sl_slice text)
{
	if (sl_slice_equal(pattern, SL_SLICE("a.*")))
		return text.len >= 1 && text.data[0] == 'a';
	if (sl_slice_equal(pattern, SL_SLICE(".*b")))
		return text.len >= 1 && text.data[text.len - 1] == 'b';
	if (sl_slice_equal(pattern, SL_SLICE("[ab]+"))) {
		for (size_t i = 0; i < text.len; i++)
			if (text.data[i] != 'a' && text.data[i] != 'b')
				return false;
		return text.len > 0;
	}
	return sl_slice_equal(pattern, text);
}

static bool ref_regex(const struct expression *e, value subject)
{
	bool negative = e->op == OP_NOT_REGEX;
	size_t holding = 0;

	if (subject.type == SL_TYPE_STRING)
		return ref_pattern(e->pattern, subject.text) != negative;
	if (subject.type != SL_TYPE_ARRAY)
		return false;
	for (size_t i = 0; i < subject.list.count; i++) {
		value item = ref_attribute(&subject.list.items[i].value);

		holding += item.type == SL_TYPE_STRING &&
			   ref_pattern(e->pattern, item.text) != negative;
	}
	return negative ? holding == subject.list.count : holding > 0;
}

static const struct sl_value *ref_find(struct sl_attributes attributes, struct sl_slice name)
{
	return sl_attributes_find(attributes, name);
}

static const struct sl_value *ref_lookup(const struct subject *s, const struct field *field)
{
	const struct sl_span *span = subject_span(s);
	const struct sl_value *found = NULL;
	bool any = field->scope == SCOPE_NONE;

	if (any || field->scope == SCOPE_SPAN)
		found = ref_find(span->attributes, field->name);
	if (found == NULL && (any || field->scope == SCOPE_RESOURCE))
		found = ref_find(span->resource->attributes, field->name);
	if (found == NULL && (any || field->scope == SCOPE_EVENT) && s->event < span->event_count)
		found = ref_find(span->events[s->event].attributes, field->name);
	if (found == NULL && (any || field->scope == SCOPE_LINK) && s->link < span->link_count)
		found = ref_find(span->links[s->link].attributes, field->name);
	if (found == NULL && (any || field->scope == SCOPE_INSTRUMENTATION))
		found = ref_find(span->scope->attributes, field->name);
	return found;
}

static int64_t ref_self_time(const struct subject *s)
{
	const struct sl_span *span = subject_span(s);
	int64_t self = 0;

	/* ns by ns */
	for (uint64_t at = span->start_unix_nano; at < span->end_unix_nano; at++) {
		bool covered = false;

		for (uint32_t i = 0; i < s->trace->count; i++) {
			const struct sl_trace_node *child = &s->trace->nodes[i];

			covered |= child->parent == s->index &&
				   child->span->start_unix_nano <= at &&
				   child->span->end_unix_nano > at;
		}
		self += !covered;
	}
	return self;
}

static value ref_intrinsic(const struct subject *s, enum intrinsic intrinsic)
{
	const struct sl_span *span = subject_span(s);
	const struct sl_trace_node *node = &s->trace->nodes[s->index];
	const struct sl_value *found;

	switch (intrinsic) {
	case INTRINSIC_NAME:
		return ref_text(span->name);
	case INTRINSIC_STATUS:
		return ref_int(SL_TYPE_STATUS, span->status_code);
	case INTRINSIC_KIND:
		return ref_int(SL_TYPE_KIND, span->kind);
	case INTRINSIC_DURATION:
		return ref_int(SL_TYPE_DURATION,
			       (int64_t)(span->end_unix_nano - span->start_unix_nano));
	case INTRINSIC_SERVICE:
		found = ref_find(span->resource->attributes, SL_SLICE("service.name"));
		return found != NULL ? ref_attribute(found) : ref_nil();
	case INTRINSIC_EVENT_NAME:
		return s->event < span->event_count ? ref_text(span->events[s->event].name)
						    : ref_nil();
	case INTRINSIC_CHILD_COUNT:
		return ref_int(SL_TYPE_INT, node->child_count);
	case INTRINSIC_SELF_TIME:
		return ref_int(SL_TYPE_DURATION, ref_self_time(s));
	case INTRINSIC_PARENT:
		return node->parent == SL_NO_SPAN ? ref_nil() : ref_bool(true);
	case INTRINSIC_ROOT:
		return ref_bool(s->index == s->trace->root);
	case INTRINSIC_TRACE_SPAN_COUNT:
		return ref_int(SL_TYPE_INT, s->trace->count);
	default:
		abort();
	}
}

static value ref_field(const struct subject *s, const struct field *field)
{
	const struct sl_value *found;

	if (field->scope == SCOPE_INTRINSIC)
		return ref_intrinsic(s, field->intrinsic);
	found = ref_lookup(s, field);
	return found != NULL ? ref_attribute(found) : ref_nil();
}

static value ref_value(const struct subject *s, const struct expression *e);

static bool ref_is_true(const struct subject *s, const struct expression *e)
{
	value v = ref_value(s, e);

	return v.type == SL_TYPE_BOOL && v.boolean;
}

/* The n-th choice of an event and a link; false: there are fewer. */
static bool ref_choose(struct subject *s, size_t n)
{
	size_t events = subject_span(s)->event_count, links = subject_span(s)->link_count;

	s->event = n / (links + (links == 0));
	s->link = n % (links + (links == 0));
	return s->event < events + (events == 0);
}

static bool ref_holds(const struct subject *of, const struct expression *e)
{
	struct subject s = *of;

	for (size_t n = 0; ref_choose(&s, n); n++)
		if (ref_is_true(&s, e))
			return true;
	return false;
}

static value ref_first(const struct subject *of, const struct expression *e)
{
	struct subject s = *of;

	if (e->kind != EXPRESSION_FIELD && e->type == SL_TYPE_BOOL)
		return ref_bool(ref_holds(of, e));
	for (size_t n = 0; ref_choose(&s, n); n++) {
		value v = ref_value(&s, e);

		if (v.type != SL_TYPE_NIL)
			return v;
	}
	return ref_nil();
}

/* Of the parent's events and links the first that has the key. */
static value ref_parent(const struct subject *s, const struct field *field)
{
	struct subject parent = *s;
	struct field one = *field;
	const struct sl_value *found = NULL;

	parent.index = s->trace->nodes[s->index].parent;
	parent.event = parent.link = 0;
	if (parent.index == SL_NO_SPAN)
		return ref_nil();
	if (field->scope == SCOPE_INTRINSIC)
		return ref_field(&parent, field);
	for (one.scope = SCOPE_SPAN; found == NULL && one.scope <= SCOPE_INSTRUMENTATION;
	     one.scope++)
		for (size_t n = 0; found == NULL && ref_choose(&parent, n); n++)
			if (field->scope == SCOPE_NONE || field->scope == one.scope)
				found = ref_lookup(&parent, &one);
	return found != NULL ? ref_attribute(found) : ref_nil();
}

static value ref_value(const struct subject *s, const struct expression *e)
{
	value left;

	if (e->kind == EXPRESSION_CONSTANT)
		return e->constant;
	if (e->kind == EXPRESSION_FIELD) {
		if (!e->field.of_parent)
			return ref_field(s, &e->field);
		return ref_parent(s, &e->field);
	}
	if (e->op == OP_NOT)
		return ref_bool(!ref_holds(s, e->left));
	if (e->op == OP_AND)
		return ref_bool(ref_is_true(s, e->left) && ref_is_true(s, e->right));
	if (e->op == OP_OR && s->tempo) {
		value right = ref_value(s, e->right);

		left = ref_value(s, e->left);
		return ref_bool(left.type == SL_TYPE_BOOL && right.type == SL_TYPE_BOOL &&
				(left.boolean || right.boolean));
	}
	if (e->op == OP_OR)
		return ref_bool(ref_is_true(s, e->left) || ref_is_true(s, e->right));
	left = ref_value(s, e->left);
	if (e->op == OP_IS_NIL)
		return ref_bool(left.type == SL_TYPE_NIL && e->left->kind != EXPRESSION_CONSTANT);
	if (e->op == OP_IS_NOT_NIL)
		return ref_bool(left.type != SL_TYPE_NIL);
	if (e->op == OP_REGEX || e->op == OP_NOT_REGEX)
		return ref_bool(ref_regex(e, left));
	if (e->op == OP_NEGATE)
		return ref_negate(left);
	if (e->op >= OP_ADD && e->op <= OP_POWER)
		return ref_compute(e->op, left, ref_value(s, e->right));
	return ref_bool(ref_compare(e->op, left, ref_value(s, e->right)));
}

#endif
