/* Spans, resources and scopes as protobuf: messages of protobuf-c, built in an arena and packed. */
#include "otlp.pb-c.h"
#include "spanline/text.h"
#include "spanline/wire.h"
#include <stdlib.h>

struct sl_wire_encoder {
	struct sl_arena arena;	   /* the messages of one call */
	bool failed;		   /* no memory for them */
	struct sl_notes *repaired; /* or NULL: text stays as it is */
	unsigned depth;		   /* of the value that is filled in */
};

/* What parsers with the usual limit of 100 messages take for a map inside a request. */
enum { PARSED_DEPTH = 31 };

enum sl_status sl_wire_encoder_open(struct sl_wire_encoder **encoder, struct sl_error *err)
{
	*encoder = calloc(1, sizeof(**encoder));
	return *encoder != NULL ? SL_OK : sl_fail_memory(err);
}

void sl_wire_encoder_close(struct sl_wire_encoder *encoder)
{
	if (encoder == NULL)
		return;
	sl_arena_free(&encoder->arena);
	free(encoder);
}

/* Memory for `count` items, or NULL, which is remembered; also where there are none. */
static void *room(struct sl_wire_encoder *encoder, size_t count, size_t size)
{
	void *at;

	if (count == 0 || encoder->failed)
		return NULL;
	at = count <= SIZE_MAX / size ? sl_arena_alloc(&encoder->arena, count * size) : NULL;
	encoder->failed = at == NULL;
	return at;
}

static void *room_for_pointers(struct sl_wire_encoder *encoder, size_t count)
{
	return room(encoder, count, sizeof(void *));
}

/* protobuf-c wants what it packs not to be const, but only reads it. */
static ProtobufCBinaryData bytes(struct sl_slice slice)
{
	return (ProtobufCBinaryData){ slice.len, (uint8_t *)(uintptr_t)slice.data };
}

void sl_wire_encoder_repair(struct sl_wire_encoder *encoder, struct sl_notes *notes)
{
	encoder->repaired = notes;
}

struct sl_slice sl_wire_repair(struct sl_wire_encoder *encoder, struct sl_slice text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	struct sl_slice done = { NULL, 0 };
	char *at;

	if (encoder->repaired == NULL || sl_utf8_valid(text))
		return text;
	encoder->repaired->count[SL_NOTE_REPLACED_UTF8]++;
	at = room(encoder, text.len, sizeof(replacement) - 1);
	done.data = at;
	while (at != NULL && text.len != 0) {
		size_t good = sl_utf8_prefix(text), bad;

		memcpy(at + done.len, text.data, good);
		done.len += good;
		text.data += good;
		text.len -= good;
		if (text.len == 0)
			break;
		bad = sl_utf8_bad_length(text);
		memcpy(at + done.len, replacement, sizeof(replacement) - 1);
		done.len += sizeof(replacement) - 1;
		text.data += bad;
		text.len -= bad;
	}
	return done;
}

/* What a string field of OTLP is to hold. */
static ProtobufCBinaryData string(struct sl_wire_encoder *encoder, struct sl_slice slice)
{
	return bytes(sl_wire_repair(encoder, slice));
}

static void fill_value(struct sl_wire_encoder *encoder, const struct sl_value *from,
		       Spanline__AnyValue *to);

/* A list is begun; `depth` is one less again behind it. */
static void deepen(struct sl_wire_encoder *encoder)
{
	if (++encoder->depth == PARSED_DEPTH + 1 && encoder->repaired != NULL)
		encoder->repaired->count[SL_NOTE_DEEP_VALUE]++;
}

static Spanline__KeyValue **key_values(struct sl_wire_encoder *encoder, struct sl_attributes list)
{
	Spanline__KeyValue **pointers = room_for_pointers(encoder, list.count);
	Spanline__KeyValue *items = room(encoder, list.count, sizeof(*items));
	Spanline__AnyValue *values = room(encoder, list.count, sizeof(*values));

	if (values == NULL)
		return NULL;
	for (size_t i = 0; i < list.count; i++) {
		fill_value(encoder, &list.items[i].value, &values[i]);
		items[i] = (Spanline__KeyValue)SPANLINE__KEY_VALUE__INIT;
		items[i].key = string(encoder, list.items[i].key);
		items[i].value = &values[i];
		pointers[i] = &items[i];
	}
	return pointers;
}

static Spanline__ArrayValue *array_value(struct sl_wire_encoder *encoder, struct sl_attributes list)
{
	Spanline__ArrayValue *array = room(encoder, 1, sizeof(*array));
	Spanline__AnyValue **pointers = room_for_pointers(encoder, list.count);
	Spanline__AnyValue *values = room(encoder, list.count, sizeof(*values));

	if (encoder->failed)
		return NULL;
	for (size_t i = 0; i < list.count; i++) {
		fill_value(encoder, &list.items[i].value, &values[i]);
		pointers[i] = &values[i];
	}
	*array = (Spanline__ArrayValue)SPANLINE__ARRAY_VALUE__INIT;
	array->n_values = list.count;
	array->values = pointers;
	return array;
}

static Spanline__KeyValueList *kvlist_value(struct sl_wire_encoder *encoder,
					    struct sl_attributes list)
{
	Spanline__KeyValueList *kvlist = room(encoder, 1, sizeof(*kvlist));

	if (kvlist == NULL)
		return NULL;
	*kvlist = (Spanline__KeyValueList)SPANLINE__KEY_VALUE_LIST__INIT;
	kvlist->n_values = list.count;
	kvlist->values = key_values(encoder, list);
	return kvlist;
}

/* The case of the oneof is always set, so that "", 0 and false are written; without one the value
 * is a message without content. */
static void fill_value(struct sl_wire_encoder *encoder, const struct sl_value *from,
		       Spanline__AnyValue *to)
{
	*to = (Spanline__AnyValue){ .base = PROTOBUF_C_MESSAGE_INIT(
					    &spanline__any_value__descriptor) };
	switch (from->type) {
	case SL_VALUE_EMPTY:
		break;
	case SL_VALUE_STRING:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_STRING_VALUE;
		to->string_value = string(encoder, from->text);
		break;
	case SL_VALUE_BOOL:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_BOOL_VALUE;
		to->bool_value = from->boolean;
		break;
	case SL_VALUE_INT:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_INT_VALUE;
		to->int_value = from->integer;
		break;
	case SL_VALUE_DOUBLE:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_DOUBLE_VALUE;
		to->double_value = from->number;
		break;
	case SL_VALUE_ARRAY:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_ARRAY_VALUE;
		deepen(encoder);
		to->array_value = array_value(encoder, from->list);
		encoder->depth--;
		break;
	case SL_VALUE_KVLIST:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_KVLIST_VALUE;
		deepen(encoder);
		to->kvlist_value = kvlist_value(encoder, from->list);
		encoder->depth--;
		break;
	case SL_VALUE_BYTES:
		to->value_case = SPANLINE__ANY_VALUE__VALUE_BYTES_VALUE;
		to->bytes_value = bytes(from->text);
		break;
	}
}

static Spanline__Event **events(struct sl_wire_encoder *encoder, const struct sl_span *span)
{
	size_t count = span->event_count;
	Spanline__Event **pointers = room_for_pointers(encoder, count);
	Spanline__Event *items = room(encoder, count, sizeof(*items));

	if (items == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct sl_event *from = &span->events[i];

		items[i] = (Spanline__Event)SPANLINE__EVENT__INIT;
		items[i].time_unix_nano = from->time_unix_nano;
		items[i].name = string(encoder, from->name);
		items[i].n_attributes = from->attributes.count;
		items[i].attributes = key_values(encoder, from->attributes);
		items[i].dropped_attributes_count = from->dropped_attributes_count;
		pointers[i] = &items[i];
	}
	return pointers;
}

static Spanline__Link **links(struct sl_wire_encoder *encoder, const struct sl_span *span)
{
	size_t count = span->link_count;
	Spanline__Link **pointers = room_for_pointers(encoder, count);
	Spanline__Link *items = room(encoder, count, sizeof(*items));

	if (items == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct sl_link *from = &span->links[i];

		items[i] = (Spanline__Link)SPANLINE__LINK__INIT;
		items[i].trace_id = bytes(from->trace_id);
		items[i].span_id = bytes(from->span_id);
		items[i].trace_state = string(encoder, from->trace_state);
		items[i].n_attributes = from->attributes.count;
		items[i].attributes = key_values(encoder, from->attributes);
		items[i].dropped_attributes_count = from->dropped_attributes_count;
		items[i].flags = from->flags;
		pointers[i] = &items[i];
	}
	return pointers;
}

static ProtobufCBinaryData *keys(struct sl_wire_encoder *encoder, const struct sl_slice *from,
				 size_t count)
{
	ProtobufCBinaryData *items = room(encoder, count, sizeof(*items));

	for (size_t i = 0; items != NULL && i < count; i++)
		items[i] = string(encoder, from[i]);
	return items;
}

static Spanline__EntityRef **entity_refs(struct sl_wire_encoder *encoder,
					 const struct sl_resource *resource)
{
	size_t count = resource->entity_ref_count;
	Spanline__EntityRef **pointers = room_for_pointers(encoder, count);
	Spanline__EntityRef *items = room(encoder, count, sizeof(*items));

	if (items == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct sl_entity_ref *from = &resource->entity_refs[i];

		items[i] = (Spanline__EntityRef)SPANLINE__ENTITY_REF__INIT;
		items[i].schema_url = string(encoder, from->schema_url);
		items[i].type = string(encoder, from->type);
		items[i].n_id_keys = from->id_key_count;
		items[i].id_keys = keys(encoder, from->id_keys, from->id_key_count);
		items[i].n_description_keys = from->description_key_count;
		items[i].description_keys =
			keys(encoder, from->description_keys, from->description_key_count);
		pointers[i] = &items[i];
	}
	return pointers;
}

static void begin(struct sl_wire_encoder *encoder)
{
	sl_arena_reset(&encoder->arena);
	encoder->failed = false;
}

static enum sl_status pack(const struct sl_wire_encoder *encoder, const ProtobufCMessage *message,
			   struct sl_buffer *out, struct sl_error *err)
{
	size_t size;
	char *at;

	if (encoder->failed)
		return sl_fail_memory(err);
	size = protobuf_c_message_get_packed_size(message);
	if (size > INT32_MAX)
		return sl_fail(err, "%s: %zu bytes are more than protobuf allows",
			       message->descriptor->short_name, size);
	if (size == 0)
		return SL_OK;
	at = sl_buffer_reserve(out, size);
	if (at == NULL)
		return sl_fail_memory(err);
	out->len += protobuf_c_message_pack(message, (uint8_t *)at);
	return SL_OK;
}

static void fill_span(struct sl_wire_encoder *encoder, const struct sl_span *from,
		      Spanline__Span *to)
{
	to->trace_id = bytes(from->trace_id);
	to->span_id = bytes(from->span_id);
	to->trace_state = string(encoder, from->trace_state);
	to->parent_span_id = bytes(from->parent_span_id);
	to->name = string(encoder, from->name);
	to->kind = from->kind;
	to->start_time_unix_nano = from->start_unix_nano;
	to->end_time_unix_nano = from->end_unix_nano;
	to->n_attributes = from->attributes.count;
	to->attributes = key_values(encoder, from->attributes);
	to->dropped_attributes_count = from->dropped_attributes_count;
	to->n_events = from->event_count;
	to->events = events(encoder, from);
	to->dropped_events_count = from->dropped_events_count;
	to->n_links = from->link_count;
	to->links = links(encoder, from);
	to->dropped_links_count = from->dropped_links_count;
	to->flags = from->flags;
}

enum sl_status sl_wire_encode_span(struct sl_wire_encoder *encoder, const struct sl_span *span,
				   struct sl_buffer *out, struct sl_error *err)
{
	Spanline__Span message = SPANLINE__SPAN__INIT;
	Spanline__Status status = SPANLINE__STATUS__INIT;

	begin(encoder);
	fill_span(encoder, span, &message);
	if (span->status_code != SL_STATUS_UNSET || span->status_message.len != 0) {
		status.message = string(encoder, span->status_message);
		status.code = span->status_code;
		message.status = &status;
	}
	return pack(encoder, &message.base, out, err);
}

enum sl_status sl_wire_encode_resource(struct sl_wire_encoder *encoder,
				       const struct sl_resource *resource, struct sl_buffer *out,
				       struct sl_error *err)
{
	Spanline__Resource message = SPANLINE__RESOURCE__INIT;

	begin(encoder);
	message.n_attributes = resource->attributes.count;
	message.attributes = key_values(encoder, resource->attributes);
	message.dropped_attributes_count = resource->dropped_attributes_count;
	message.n_entity_refs = resource->entity_ref_count;
	message.entity_refs = entity_refs(encoder, resource);
	return pack(encoder, &message.base, out, err);
}

enum sl_status sl_wire_encode_scope(struct sl_wire_encoder *encoder, const struct sl_scope *scope,
				    struct sl_buffer *out, struct sl_error *err)
{
	Spanline__InstrumentationScope message = SPANLINE__INSTRUMENTATION_SCOPE__INIT;

	begin(encoder);
	message.name = string(encoder, scope->name);
	message.version = string(encoder, scope->version);
	message.n_attributes = scope->attributes.count;
	message.attributes = key_values(encoder, scope->attributes);
	message.dropped_attributes_count = scope->dropped_attributes_count;
	return pack(encoder, &message.base, out, err);
}
