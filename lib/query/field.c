/* The value of a field: of a span, of its place in the trace, of the event and link that are
 * bound. */
#include "match.h"
#include "spanline/text.h"

static const struct sl_query_value nil = { .type = SL_TYPE_NIL };

const struct sl_span *context_whole(struct context *context)
{
	if (!context->whole_known) {
		context->whole = sl_span_whole(context->span);
		context->whole_known = true;
	}
	return context->whole != NULL ? context->whole : &sl_span_empty;
}

const struct sl_span *context_lists(struct context *context)
{
	if (!context->whole_known && !sl_span_has_lists(context->span))
		return &sl_span_empty;
	return context_whole(context);
}

struct sl_query_value span_service(const struct sl_span *span)
{
	const struct sl_attribute *settled = span->resource->service;
	struct sl_value value;

	if (settled != NULL)
		return value_text(settled->value.text);
	if (!sl_span_attribute(span, SL_OWNER_RESOURCE, SL_SLICE("service.name"), &value))
		return nil;
	return value_of_attribute(&value);
}

static struct sl_query_value hex_value(struct context *context, struct sl_slice id)
{
	char *hex = sl_arena_alloc(&context->matcher->arena, 2 * id.len);

	if (hex == NULL) {
		context->matcher->failed = true;
		return nil;
	}
	sl_write_hex(hex, id.data, id.len);
	return value_text((struct sl_slice){ hex, 2 * id.len });
}

static const struct sl_event *bound_event(struct context *context)
{
	const struct sl_span *whole = context_lists(context);

	context->met_events = true;
	return context->event < whole->event_count ? &whole->events[context->event] : NULL;
}

static const struct sl_link *bound_link(struct context *context)
{
	const struct sl_span *whole = context_lists(context);

	context->met_links = true;
	return context->link < whole->link_count ? &whole->links[context->link] : NULL;
}

static struct sl_query_value list_intrinsic(struct context *context, enum intrinsic intrinsic)
{
	if (intrinsic == INTRINSIC_EVENT_NAME || intrinsic == INTRINSIC_EVENT_TIME_SINCE_START) {
		const struct sl_event *event = bound_event(context);

		if (event == NULL)
			return nil;
		if (intrinsic == INTRINSIC_EVENT_NAME)
			return value_text(event->name);
		return value_int(SL_TYPE_DURATION, sl_difference_ns(context->span->start_unix_nano,
								    event->time_unix_nano));
	}
	const struct sl_link *link = bound_link(context);

	if (link == NULL)
		return nil;
	return hex_value(context,
			 intrinsic == INTRINSIC_LINK_TRACE_ID ? link->trace_id : link->span_id);
}

/* Over a whole trace each is computed once: `parent.span:selfTime` asks for one again and again. */
static int64_t known_self_time(struct context *context)
{
	struct sl_matcher *matcher = context->matcher;
	size_t count = context->trace->count;
	int64_t *known = matcher->self_times;

	if (known == NULL && matcher->keeps_self_times) {
		known = sl_arena_alloc(&matcher->arena, count * sizeof(*known));
		for (size_t i = 0; known != NULL && i < count; i++)
			known[i] = INT64_MIN;
		matcher->self_times = known;
	}
	if (known == NULL)
		return sl_trace_self_ns(context->trace, context->index);
	if (known[context->index] == INT64_MIN)
		known[context->index] = sl_trace_self_ns(context->trace, context->index);
	return known[context->index];
}

/* Counters on the way in and out of every span, from 1: of `enter` spans before it all but its
 * ancestors have been left. */
static int64_t nested_set_left(const struct sl_trace_node *node)
{
	return 2 * (int64_t)node->enter - node->depth + 1;
}

static struct sl_query_value nested_set(struct context *context, enum intrinsic intrinsic)
{
	const struct sl_trace_node *node = &context->trace->nodes[context->index];
	int64_t left = nested_set_left(node), number = -1;

	if (context->matcher->query->tempo && !node->connected)
		return value_int(SL_TYPE_INT, 0);
	if (intrinsic == INTRINSIC_NESTED_SET_LEFT)
		number = left;
	else if (intrinsic == INTRINSIC_NESTED_SET_RIGHT)
		number = left + 2 * (int64_t)(node->exit - node->enter) - 1;
	else if (node->parent != SL_NO_SPAN)
		number = nested_set_left(&context->trace->nodes[node->parent]);
	return value_int(SL_TYPE_INT, number);
}

/* Tempo knows of no root where no span is without a parent id. */
static struct sl_query_value root_intrinsic(struct context *context, enum intrinsic intrinsic)
{
	const struct sl_span *root = context->trace->nodes[context->trace->root].span;

	if (context->matcher->query->tempo && root->parent_span_id.len != 0)
		return value_text(SL_SLICE(""));
	if (intrinsic == INTRINSIC_ROOT_NAME)
		return value_text(root->name);
	return span_service(root);
}

static struct sl_query_value trace_intrinsic(struct context *context, enum intrinsic intrinsic)
{
	const struct sl_trace *trace = context->trace;
	const struct sl_trace_node *node;

	if (trace == NULL)
		return nil;
	node = &trace->nodes[context->index];
	switch (intrinsic) {
	case INTRINSIC_CHILD_COUNT:
		return value_int(SL_TYPE_INT, node->child_count);
	case INTRINSIC_TRACE_DURATION:
		return value_int(SL_TYPE_DURATION,
				 sl_difference_ns(trace->start_ns, trace->end_ns));
	case INTRINSIC_ROOT_NAME:
	case INTRINSIC_ROOT_SERVICE:
		return root_intrinsic(context, intrinsic);
	case INTRINSIC_NESTED_SET_LEFT:
	case INTRINSIC_NESTED_SET_RIGHT:
	case INTRINSIC_NESTED_SET_PARENT:
		return nested_set(context, intrinsic);
	case INTRINSIC_PARENT: /* it is compared with nil only */
		return node->parent != SL_NO_SPAN ? value_bool(true) : nil;
	case INTRINSIC_ROOT:
		return value_bool(context->index == trace->root);
	case INTRINSIC_SELF_TIME:
		return value_int(SL_TYPE_DURATION, known_self_time(context));
	case INTRINSIC_TRACE_SPAN_COUNT:
		return value_int(SL_TYPE_INT, trace->count);
	default:
		return nil;
	}
}

static struct sl_query_value start_value(const struct sl_span *span)
{
	uint64_t start = span->start_unix_nano;

	return value_int(SL_TYPE_TIME, start <= INT64_MAX ? (int64_t)start : INT64_MAX);
}

/* Where the wire has no difference between empty and absent. */
static struct sl_query_value text_or_nil(struct sl_slice text)
{
	return text.len != 0 ? value_text(text) : nil;
}

static struct sl_query_value intrinsic_value(struct context *context, enum intrinsic intrinsic)
{
	const struct sl_span *span = context->span;

	switch (intrinsic) {
	case INTRINSIC_DURATION:
		return value_int(SL_TYPE_DURATION, sl_span_duration_ns(span));
	case INTRINSIC_DURATION_MS:
		return value_float((double)sl_span_duration_ns(span) / 1e6);
	case INTRINSIC_START:
		return start_value(span);
	case INTRINSIC_NAME:
		return value_text(span->name);
	case INTRINSIC_STATUS:
		return value_int(SL_TYPE_STATUS, span->status_code);
	case INTRINSIC_STATUS_MESSAGE:
		return value_text(span->status_message);
	case INTRINSIC_KIND:
		return value_int(SL_TYPE_KIND, span->kind);
	case INTRINSIC_SERVICE:
		return span_service(span);
	case INTRINSIC_SPAN_ID:
		return hex_value(context, span->span_id);
	case INTRINSIC_PARENT_ID:
		return hex_value(context, span->parent_span_id);
	case INTRINSIC_TRACE_ID:
		return hex_value(context, span->trace_id);
	case INTRINSIC_EVENT_NAME:
	case INTRINSIC_EVENT_TIME_SINCE_START:
	case INTRINSIC_LINK_TRACE_ID:
	case INTRINSIC_LINK_SPAN_ID:
		return list_intrinsic(context, intrinsic);
	case INTRINSIC_INSTRUMENTATION_NAME:
		return text_or_nil(context_whole(context)->scope->name);
	case INTRINSIC_INSTRUMENTATION_VERSION:
		return text_or_nil(context_whole(context)->scope->version);
	default:
		return trace_intrinsic(context, intrinsic);
	}
}

/* Of the event that is bound; of a parent's the first that has the key. */
static bool in_event(struct context *context, struct sl_slice name, struct sl_query_value *value)
{
	const struct sl_event *event = bound_event(context);
	const struct sl_value *found = NULL;

	while (event != NULL && found == NULL) {
		found = sl_attributes_find(event->attributes, name);
		context->event += context->of_parent;
		event = context->of_parent ? bound_event(context) : NULL;
	}
	if (found != NULL)
		*value = value_of_attribute(found);
	return found != NULL;
}

static bool in_link(struct context *context, struct sl_slice name, struct sl_query_value *value)
{
	const struct sl_link *link = bound_link(context);
	const struct sl_value *found = NULL;

	while (link != NULL && found == NULL) {
		found = sl_attributes_find(link->attributes, name);
		context->link += context->of_parent;
		link = context->of_parent ? bound_link(context) : NULL;
	}
	if (found != NULL)
		*value = value_of_attribute(found);
	return found != NULL;
}

static bool of_owner(struct context *context, enum sl_owner owner, struct sl_slice name,
		     struct sl_query_value *value)
{
	struct sl_value found;

	if (!sl_span_attribute(context->span, owner, name, &found))
		return false;
	*value = value_of_attribute(&found);
	return true;
}

static struct sl_query_value attribute_value(struct context *context, const struct field *field)
{
	struct sl_query_value value = nil;
	struct sl_slice name = field->name;

	switch (field->scope) {
	case SCOPE_NONE: /* the first that has the key, whatever the value */
		(void)(of_owner(context, SL_OWNER_SPAN, name, &value) ||
		       of_owner(context, SL_OWNER_RESOURCE, name, &value) ||
		       in_event(context, name, &value) || in_link(context, name, &value) ||
		       of_owner(context, SL_OWNER_SCOPE, name, &value));
		break;
	case SCOPE_SPAN:
		(void)of_owner(context, SL_OWNER_SPAN, name, &value);
		break;
	case SCOPE_RESOURCE:
		(void)of_owner(context, SL_OWNER_RESOURCE, name, &value);
		break;
	case SCOPE_EVENT:
		(void)in_event(context, name, &value);
		break;
	case SCOPE_LINK:
		(void)in_link(context, name, &value);
		break;
	case SCOPE_INSTRUMENTATION:
		(void)of_owner(context, SL_OWNER_SCOPE, name, &value);
		break;
	case SCOPE_INTRINSIC:
		return intrinsic_value(context, field->intrinsic);
	}
	return value;
}

/* What is bound is the child's: of the parent's own events and links it is the first. */
static struct sl_query_value parent_value(struct context *context, const struct field *field)
{
	const struct sl_trace *trace = context->trace;
	uint32_t index = trace != NULL ? trace->nodes[context->index].parent : SL_NO_SPAN;
	struct context parent;

	if (index == SL_NO_SPAN)
		return nil;
	parent = (struct context){
		.matcher = context->matcher,
		.span = trace->nodes[index].span,
		.trace = trace,
		.index = index,
		.of_parent = true,
	};
	return attribute_value(&parent, field);
}

struct sl_query_value field_value(struct context *context, const struct field *field)
{
	return field->of_parent ? parent_value(context, field) : attribute_value(context, field);
}
