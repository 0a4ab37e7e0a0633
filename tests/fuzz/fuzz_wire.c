/*
 * Bytes as a protobuf request, in every way of reading it.  What protobuf-c unpacks, and both can
 * be trusted with, must be the same spans.
 */
#include "otlp.pb-c.h"
#include "padded.h"
#include "spanline/wire.h"

enum { ORACLE_BYTES = 64 * 1024, ORACLE_DEPTH = 60 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Where protobuf-c is another reader than protobuf: it does not know whether a message that comes
 * twice has its default or nothing, takes tags of more than 32 bits, has no limit of depth, and
 * lacks the fields that are only read from old senders.
 */
enum message {
	REQUEST,
	RESOURCE_SPANS,
	SCOPE_SPANS,
	RESOURCE,
	ENTITY_REF,
	SCOPE,
	SPAN,
	EVENT,
	LINK,
	STATUS,
	KEY_VALUE,
	ANY_VALUE,
	ARRAY,
	KVLIST,
	NOT_COMPARED
};

static const struct child {
	enum message parent;
	uint32_t number;
	enum message message;
	bool once;
} children[] = {
	{ REQUEST, 1, RESOURCE_SPANS, false },
	{ RESOURCE_SPANS, 1, RESOURCE, true },
	{ RESOURCE_SPANS, 2, SCOPE_SPANS, false },
	{ RESOURCE_SPANS, 1000, NOT_COMPARED, false },
	{ SCOPE_SPANS, 1, SCOPE, true },
	{ SCOPE_SPANS, 2, SPAN, false },
	{ RESOURCE, 1, KEY_VALUE, false },
	{ RESOURCE, 3, ENTITY_REF, false },
	{ SCOPE, 3, KEY_VALUE, false },
	{ SPAN, 9, KEY_VALUE, false },
	{ SPAN, 11, EVENT, false },
	{ SPAN, 13, LINK, false },
	{ SPAN, 15, STATUS, true },
	{ EVENT, 3, KEY_VALUE, false },
	{ LINK, 4, KEY_VALUE, false },
	{ STATUS, 1, NOT_COMPARED, false },
	{ KEY_VALUE, 2, ANY_VALUE, true },
	{ KEY_VALUE, 3, NOT_COMPARED, false },
	{ ANY_VALUE, 5, ARRAY, true },
	{ ANY_VALUE, 6, KVLIST, true },
	{ ANY_VALUE, 8, NOT_COMPARED, false },
	{ ARRAY, 1, ANY_VALUE, false },
	{ KVLIST, 1, KEY_VALUE, false },
};

static bool is_comparable(enum message message, struct sl_slice bytes, unsigned depth);

static bool is_child_comparable(enum message parent, uint32_t number, struct sl_slice payload,
				uint64_t *seen, unsigned depth)
{
	for (size_t i = 0; i < SL_COUNT(children); i++) {
		const struct child *child = &children[i];

		if (child->parent != parent || child->number != number)
			continue;
		if (child->message == NOT_COMPARED || (child->once && (*seen >> i & 1) != 0))
			return false;
		*seen |= (uint64_t)1 << i;
		return is_comparable(child->message, payload, depth + 1);
	}
	return true;
}

static bool is_comparable(enum message message, struct sl_slice bytes, unsigned depth)
{
	const char *at = bytes.data, *end = at + bytes.len;
	uint64_t seen = 0;

	if (depth > ORACLE_DEPTH)
		return false;
	while (at < end) {
		struct sl_slice payload;
		uint32_t number;
		unsigned wire_type;
		size_t size = sl_wire_field(at, end, &number, &wire_type, &payload);

		if (size == 0 || size == SIZE_MAX)
			return false;
		if (wire_type == 0 && size > 10 && at[size - 1] > 1)
			return false; /* more than 64 bits */
		if (!is_child_comparable(message, number,
					 wire_type == 2 ? payload : (struct sl_slice){ at, 0 },
					 &seen, depth))
			return false;
		at += size;
	}
	return true;
}

static bool same_bytes(struct sl_slice ours, ProtobufCBinaryData theirs)
{
	return ours.len == theirs.len &&
	       (ours.len == 0 || memcmp(ours.data, theirs.data, ours.len) == 0);
}

static uint64_t double_bits(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static bool same_value(const struct sl_value *ours, const Spanline__AnyValue *theirs);

static bool same_attributes(struct sl_attributes ours, Spanline__KeyValue **theirs, size_t count)
{
	if (ours.count != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!same_bytes(ours.items[i].key, theirs[i]->key) ||
		    !same_value(&ours.items[i].value, theirs[i]->value))
			return false;
	return true;
}

static bool same_array(struct sl_attributes ours, const Spanline__ArrayValue *theirs)
{
	if (ours.count != theirs->n_values)
		return false;
	for (size_t i = 0; i < ours.count; i++)
		if (!same_value(&ours.items[i].value, theirs->values[i]))
			return false;
	return true;
}

static bool same_value(const struct sl_value *ours, const Spanline__AnyValue *theirs)
{
	switch (theirs != NULL ? theirs->value_case : SPANLINE__ANY_VALUE__VALUE__NOT_SET) {
	case SPANLINE__ANY_VALUE__VALUE_STRING_VALUE:
		return ours->type == SL_VALUE_STRING &&
		       same_bytes(ours->text, theirs->string_value);
	case SPANLINE__ANY_VALUE__VALUE_BOOL_VALUE:
		return ours->type == SL_VALUE_BOOL && ours->boolean == (theirs->bool_value != 0);
	case SPANLINE__ANY_VALUE__VALUE_INT_VALUE:
		return ours->type == SL_VALUE_INT && ours->integer == theirs->int_value;
	case SPANLINE__ANY_VALUE__VALUE_DOUBLE_VALUE:
		return ours->type == SL_VALUE_DOUBLE &&
		       double_bits(ours->number) == double_bits(theirs->double_value);
	case SPANLINE__ANY_VALUE__VALUE_ARRAY_VALUE:
		return ours->type == SL_VALUE_ARRAY && same_array(ours->list, theirs->array_value);
	case SPANLINE__ANY_VALUE__VALUE_KVLIST_VALUE:
		return ours->type == SL_VALUE_KVLIST &&
		       same_attributes(ours->list, theirs->kvlist_value->values,
				       theirs->kvlist_value->n_values);
	case SPANLINE__ANY_VALUE__VALUE_BYTES_VALUE:
		return ours->type == SL_VALUE_BYTES && same_bytes(ours->text, theirs->bytes_value);
	default:
		return ours->type == SL_VALUE_EMPTY;
	}
}

static void compare_events(const struct sl_span *ours, const Spanline__Span *theirs)
{
	demand(ours->event_count == theirs->n_events);
	for (size_t i = 0; i < ours->event_count; i++) {
		const struct sl_event *a = &ours->events[i];
		const Spanline__Event *b = theirs->events[i];

		demand(a->time_unix_nano == b->time_unix_nano && same_bytes(a->name, b->name) &&
		       a->dropped_attributes_count == b->dropped_attributes_count &&
		       same_attributes(a->attributes, b->attributes, b->n_attributes));
	}
}

static void compare_links(const struct sl_span *ours, const Spanline__Span *theirs)
{
	demand(ours->link_count == theirs->n_links);
	for (size_t i = 0; i < ours->link_count; i++) {
		const struct sl_link *a = &ours->links[i];
		const Spanline__Link *b = theirs->links[i];

		demand(same_bytes(a->trace_id, b->trace_id) && same_bytes(a->span_id, b->span_id) &&
		       same_bytes(a->trace_state, b->trace_state) && a->flags == b->flags &&
		       a->dropped_attributes_count == b->dropped_attributes_count &&
		       same_attributes(a->attributes, b->attributes, b->n_attributes));
	}
}

static void compare_span(const struct sl_span *ours, const Spanline__Span *theirs)
{
	const Spanline__Status none = SPANLINE__STATUS__INIT;
	const Spanline__Status *status = theirs->status != NULL ? theirs->status : &none;

	demand(same_bytes(ours->trace_id, theirs->trace_id));
	demand(same_bytes(ours->span_id, theirs->span_id));
	demand(same_bytes(ours->parent_span_id, theirs->parent_span_id));
	demand(same_bytes(ours->trace_state, theirs->trace_state));
	demand(same_bytes(ours->name, theirs->name));
	demand(ours->kind == theirs->kind);
	demand(ours->status_code == status->code);
	demand(same_bytes(ours->status_message, status->message));
	demand(ours->start_unix_nano == theirs->start_time_unix_nano);
	demand(ours->end_unix_nano == theirs->end_time_unix_nano);
	demand(ours->flags == theirs->flags);
	demand(ours->dropped_attributes_count == theirs->dropped_attributes_count);
	demand(ours->dropped_events_count == theirs->dropped_events_count);
	demand(ours->dropped_links_count == theirs->dropped_links_count);
	demand(same_attributes(ours->attributes, theirs->attributes, theirs->n_attributes));
	compare_events(ours, theirs);
	compare_links(ours, theirs);
}

static void compare_scope(const struct sl_scope *ours, const Spanline__ScopeSpans *theirs)
{
	const Spanline__InstrumentationScope none = SPANLINE__INSTRUMENTATION_SCOPE__INIT;
	const Spanline__InstrumentationScope *scope = theirs->scope != NULL ? theirs->scope : &none;

	demand(ours->present == (theirs->scope != NULL));
	demand(same_bytes(ours->schema_url, theirs->schema_url));
	demand(same_bytes(ours->name, scope->name) && same_bytes(ours->version, scope->version));
	demand(ours->dropped_attributes_count == scope->dropped_attributes_count);
	demand(same_attributes(ours->attributes, scope->attributes, scope->n_attributes));
}

static void compare_entity(const struct sl_entity_ref *ours, const Spanline__EntityRef *theirs)
{
	demand(same_bytes(ours->schema_url, theirs->schema_url));
	demand(same_bytes(ours->type, theirs->type));
	demand(ours->id_key_count == theirs->n_id_keys);
	for (size_t i = 0; i < ours->id_key_count; i++)
		demand(same_bytes(ours->id_keys[i], theirs->id_keys[i]));
	demand(ours->description_key_count == theirs->n_description_keys);
	for (size_t i = 0; i < ours->description_key_count; i++)
		demand(same_bytes(ours->description_keys[i], theirs->description_keys[i]));
}

static void compare_resource(const struct sl_resource *ours, const Spanline__ResourceSpans *theirs)
{
	const Spanline__Resource none = SPANLINE__RESOURCE__INIT;
	const Spanline__Resource *resource = theirs->resource != NULL ? theirs->resource : &none;

	demand(ours->present == (theirs->resource != NULL));
	demand(same_bytes(ours->schema_url, theirs->schema_url));
	demand(ours->dropped_attributes_count == resource->dropped_attributes_count);
	demand(same_attributes(ours->attributes, resource->attributes, resource->n_attributes));
	demand(ours->entity_ref_count == resource->n_entity_refs);
	for (size_t i = 0; i < ours->entity_ref_count; i++)
		compare_entity(&ours->entity_refs[i], resource->entity_refs[i]);
}

static void compare(struct sl_wire_reader *reader,
		    const Spanline__ExportTraceServiceRequest *theirs)
{
	const struct sl_span *span;
	struct sl_error err;

	for (size_t i = 0; i < theirs->n_resource_spans; i++) {
		const Spanline__ResourceSpans *resource = theirs->resource_spans[i];

		for (size_t k = 0; k < resource->n_scope_spans; k++) {
			const Spanline__ScopeSpans *scope = resource->scope_spans[k];

			for (size_t m = 0; m < scope->n_spans; m++) {
				demand(sl_wire_next(reader, &span, &err) == SL_OK);
				compare_span(span, scope->spans[m]);
				compare_scope(span->scope, scope);
				compare_resource(span->resource, resource);
			}
		}
	}
	demand(sl_wire_next(reader, &span, &err) == SL_END);
}

static struct sl_wire_reader *open_reader(enum sl_signal signal, bool strict)
{
	static struct sl_notes notes;
	const struct sl_decode_options options = { .signal = signal, .strict = strict };
	struct sl_wire_reader *reader;
	struct sl_error err;

	demand(sl_wire_open(&reader, &options, &notes, &err) == SL_OK);
	return reader;
}

/* Every outcome up to the end, which comes; at most one for each two bytes, and a few. */
static void drain(enum sl_signal signal, struct sl_slice bytes, bool strict, bool truncated)
{
	struct sl_wire_reader *reader = open_reader(signal, strict);
	size_t outcomes = 0;

	sl_wire_start(reader, bytes, truncated);
	for (;;) {
		const struct sl_span *span;
		const struct sl_log *log;
		struct sl_error err;
		enum sl_status status = signal == SL_SIGNAL_SPANS
						? sl_wire_next(reader, &span, &err)
						: sl_wire_next_log(reader, &log, &err);

		if (status == SL_END)
			break;
		demand(status != SL_FAILED && ++outcomes <= bytes.len + 2);
		demand(status != SL_BAD_RECORD || err.offset <= bytes.len);
	}
	demand(!truncated || outcomes > 0);
	sl_wire_close(reader);
}

static void ask_oracle(struct sl_slice bytes)
{
	Spanline__ExportTraceServiceRequest *request;
	struct sl_wire_reader *reader;

	if (bytes.len > ORACLE_BYTES || !is_comparable(REQUEST, bytes, 0))
		return;
	request = spanline__export_trace_service_request__unpack(NULL, bytes.len,
								 (const uint8_t *)bytes.data);
	if (request == NULL)
		return;
	reader = open_reader(SL_SIGNAL_SPANS, false);
	sl_wire_start(reader, bytes, false);
	compare(reader, request);
	sl_wire_close(reader);
	spanline__export_trace_service_request__free_unpacked(request, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_slice bytes = padded(data, size);

	demand((sl_wire_signal(bytes) == SL_SIGNAL_NONE) == (size == 0));
	for (unsigned way = 0; way < 8; way++)
		drain((way & 1) != 0 ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS, bytes, (way & 2) != 0,
		      (way & 4) != 0);
	ask_oracle(bytes);
	padded_free(bytes);
	return 0;
}
