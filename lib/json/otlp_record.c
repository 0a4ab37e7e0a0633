/*
 * The messages of OTLP/JSON, field by field: names of opentelemetry-proto 1.11 (trace.proto,
 * logs.proto, common.proto, resource.proto) in lowerCamelCase.
 */
#include "otlp_record.h"

static const struct field span_fields[] = {
	[ROW_TRACE_ID] = FIELD("traceId", FIELD_TRACE_ID, offsetof(struct sl_span, trace_id)),
	[ROW_SPAN_ID] = FIELD("spanId", FIELD_SPAN_ID, offsetof(struct sl_span, span_id)),
	[ROW_TRACE_STATE] =
		FIELD("traceState", FIELD_STRING, offsetof(struct sl_span, trace_state)),
	[ROW_PARENT_SPAN_ID] =
		FIELD("parentSpanId", FIELD_SPAN_ID, offsetof(struct sl_span, parent_span_id)),
	[ROW_FLAGS] = FIELD("flags", FIELD_U32, offsetof(struct sl_span, flags)),
	[ROW_NAME] = FIELD("name", FIELD_STRING, offsetof(struct sl_span, name)),
	[ROW_KIND] = FIELD("kind", FIELD_KIND, offsetof(struct sl_span, kind)),
	[ROW_START] =
		FIELD("startTimeUnixNano", FIELD_U64, offsetof(struct sl_span, start_unix_nano)),
	[ROW_END] = FIELD("endTimeUnixNano", FIELD_U64, offsetof(struct sl_span, end_unix_nano)),
	[ROW_ATTRIBUTES] =
		FIELD("attributes", FIELD_SPAN_ATTRIBUTES, offsetof(struct sl_span, attributes)),
	[ROW_DROPPED_ATTRIBUTES] = FIELD("droppedAttributesCount", FIELD_U32,
					 offsetof(struct sl_span, dropped_attributes_count)),
	[ROW_EVENTS] = FIELD("events", FIELD_EVENTS, offsetof(struct sl_span, events)),
	[ROW_DROPPED_EVENTS] = FIELD("droppedEventsCount", FIELD_U32,
				     offsetof(struct sl_span, dropped_events_count)),
	[ROW_LINKS] = FIELD("links", FIELD_LINKS, offsetof(struct sl_span, links)),
	[ROW_DROPPED_LINKS] = FIELD("droppedLinksCount", FIELD_U32,
				    offsetof(struct sl_span, dropped_links_count)),
	[ROW_STATUS] = FIELD("status", FIELD_STATUS, offsetof(struct sl_span, status_code)),
};
const struct message span_message = MESSAGE(span_fields);

static const struct field status_fields[] = {
	FIELD("message", FIELD_STRING, offsetof(struct sl_span, status_message)),
	FIELD("code", FIELD_STATUS_CODE, offsetof(struct sl_span, status_code)),
	FIELD_ODD("deprecatedCode", FIELD_OLD_STATUS, 0, SL_NOTE_OLD_STATUS),
};
static const struct message status_message = MESSAGE(status_fields);

static const struct field event_fields[] = {
	FIELD("timeUnixNano", FIELD_U64, offsetof(struct sl_event, time_unix_nano)),
	FIELD("name", FIELD_STRING, offsetof(struct sl_event, name)),
	FIELD("attributes", FIELD_ATTRIBUTES, offsetof(struct sl_event, attributes)),
	FIELD("droppedAttributesCount", FIELD_U32,
	      offsetof(struct sl_event, dropped_attributes_count)),
};
const struct message event_message = MESSAGE(event_fields);

static const struct field link_fields[] = {
	FIELD("traceId", FIELD_TRACE_ID, offsetof(struct sl_link, trace_id)),
	FIELD("spanId", FIELD_SPAN_ID, offsetof(struct sl_link, span_id)),
	FIELD("traceState", FIELD_STRING, offsetof(struct sl_link, trace_state)),
	FIELD("attributes", FIELD_ATTRIBUTES, offsetof(struct sl_link, attributes)),
	FIELD("droppedAttributesCount", FIELD_U32,
	      offsetof(struct sl_link, dropped_attributes_count)),
	FIELD("flags", FIELD_U32, offsetof(struct sl_link, flags)),
};
const struct message link_message = MESSAGE(link_fields);

static const struct field scope_fields[] = {
	FIELD("name", FIELD_STRING, offsetof(struct sl_scope, name)),
	FIELD("version", FIELD_STRING, offsetof(struct sl_scope, version)),
	FIELD("attributes", FIELD_ATTRIBUTES, offsetof(struct sl_scope, attributes)),
	FIELD("droppedAttributesCount", FIELD_U32,
	      offsetof(struct sl_scope, dropped_attributes_count)),
};
const struct message scope_message = MESSAGE(scope_fields);

static const struct field resource_fields[] = {
	FIELD("attributes", FIELD_ATTRIBUTES, offsetof(struct sl_resource, attributes)),
	FIELD("droppedAttributesCount", FIELD_U32,
	      offsetof(struct sl_resource, dropped_attributes_count)),
	FIELD("entityRefs", FIELD_ENTITY_REFS, offsetof(struct sl_resource, entity_refs)),
};
const struct message resource_message = MESSAGE(resource_fields);

static const struct field entity_ref_fields[] = {
	FIELD("schemaUrl", FIELD_STRING, offsetof(struct sl_entity_ref, schema_url)),
	FIELD("type", FIELD_STRING, offsetof(struct sl_entity_ref, type)),
	FIELD("idKeys", FIELD_STRINGS, offsetof(struct sl_entity_ref, id_keys)),
	FIELD("descriptionKeys", FIELD_STRINGS, offsetof(struct sl_entity_ref, description_keys)),
};
static const struct message entity_ref_message = MESSAGE(entity_ref_fields);

static const struct field log_fields[] = {
	FIELD("timeUnixNano", FIELD_U64, offsetof(union record, log.time_unix_nano)),
	FIELD("observedTimeUnixNano", FIELD_U64, offsetof(union record, observed_unix_nano)),
	FIELD("severityNumber", FIELD_SEVERITY, offsetof(union record, log.severity_number)),
	FIELD("severityText", FIELD_STRING, offsetof(union record, log.severity)),
	FIELD("body", FIELD_VALUE, offsetof(union record, log.body)),
	FIELD("attributes", FIELD_ATTRIBUTES, offsetof(union record, log.attributes)),
	FIELD("traceId", FIELD_TRACE_ID, offsetof(union record, log.trace_id)),
	FIELD("spanId", FIELD_SPAN_ID, offsetof(union record, log.span_id)),
};
const struct message log_message = MESSAGE(log_fields);

static const char *const kind_names[] = {
	"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER",
	"SPAN_KIND_CLIENT",	 "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER",
};

static const char *const status_names[] = {
	"STATUS_CODE_UNSET",
	"STATUS_CODE_OK",
	"STATUS_CODE_ERROR",
};

static const char *const severity_names[] = {
	"SEVERITY_NUMBER_UNSPECIFIED", "SEVERITY_NUMBER_TRACE",	 "SEVERITY_NUMBER_TRACE2",
	"SEVERITY_NUMBER_TRACE3",      "SEVERITY_NUMBER_TRACE4", "SEVERITY_NUMBER_DEBUG",
	"SEVERITY_NUMBER_DEBUG2",      "SEVERITY_NUMBER_DEBUG3", "SEVERITY_NUMBER_DEBUG4",
	"SEVERITY_NUMBER_INFO",	       "SEVERITY_NUMBER_INFO2",	 "SEVERITY_NUMBER_INFO3",
	"SEVERITY_NUMBER_INFO4",       "SEVERITY_NUMBER_WARN",	 "SEVERITY_NUMBER_WARN2",
	"SEVERITY_NUMBER_WARN3",       "SEVERITY_NUMBER_WARN4",	 "SEVERITY_NUMBER_ERROR",
	"SEVERITY_NUMBER_ERROR2",      "SEVERITY_NUMBER_ERROR3", "SEVERITY_NUMBER_ERROR4",
	"SEVERITY_NUMBER_FATAL",       "SEVERITY_NUMBER_FATAL2", "SEVERITY_NUMBER_FATAL3",
	"SEVERITY_NUMBER_FATAL4",
};

/* An enum given by a string: a name, or its number in quotes. */
static bool enum_of_text(struct sl_cursor *cursor, const char *const *names, size_t count,
			 int32_t *number)
{
	const char *start = cursor->at;
	struct sl_slice text = { "", 0 };
	int64_t wide;

	if (!sl_cursor_string(cursor, &text))
		return false;
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == text.len && memcmp(names[i], text.data, text.len) == 0) {
			*number = (int32_t)i;
			return sl_cursor_note(cursor, SL_NOTE_ENUM_NAME, start);
		}
	if (!sl_parse_i64(text, &wide) || wide < INT32_MIN || wide > INT32_MAX)
		return sl_cursor_note(cursor, SL_NOTE_ENUM_UNKNOWN, start);
	*number = (int32_t)wide;
	return sl_cursor_note(cursor, SL_NOTE_NUMBER_AS_STRING, start);
}

/* The specification wants the number; *number stays 0 where there is none. */
static bool decode_enum(struct sl_cursor *cursor, const char *const *names, size_t count,
			int32_t *number)
{
	const char *start = cursor->at;
	struct sl_slice text;
	int64_t wide;
	double fraction;

	if (sl_cursor_peek(cursor) == '"')
		return enum_of_text(cursor, names, count, number);
	if (*start >= '0' && *start <= '9' && (start[1] == ',' || start[1] == '}') &&
	    sl_cursor_left(cursor, 2)) {
		*number = *start - '0';
		cursor->at++;
		return true;
	}
	if (!sl_cursor_plain_integer(cursor, &wide)) {
		if (!sl_cursor_number_or_string(cursor, &text))
			return false;
		if (sl_number_of(text, &wide, &fraction) != SL_NUMBER_INTEGER)
			return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	}
	if (wide < INT32_MIN || wide > INT32_MAX)
		return sl_cursor_note(cursor, SL_NOTE_BAD_NUMBER, start);
	*number = (int32_t)wide;
	return true;
}

/* The Collector writes {} for a status that is unset. */
static bool decode_status(struct decoder *decoder, struct sl_span *span)
{
	struct sl_cursor *cursor = &decoder->cursor;

	if (!sl_cursor_left(cursor, 2) || sl_load_2(cursor->at) != sl_load_2("{}"))
		return decode_fields(decoder, &status_message, span);
	cursor->at += 2;
	return true;
}

/* `code` wins over the deprecated one, wherever it stands. */
static bool decode_status_code(struct sl_cursor *cursor, int32_t *code)
{
	int32_t given = SL_STATUS_UNSET;

	if (!decode_enum(cursor, status_names, SL_COUNT(status_names), &given))
		return false;
	if (given != SL_STATUS_UNSET)
		*code = given;
	return true;
}

/* Any code but OK, which is 0, was an error (trace.proto 0.15). */
static bool decode_old_status(struct sl_cursor *cursor, struct sl_span *span)
{
	static const char *const names[] = { "DEPRECATED_STATUS_CODE_OK" };
	struct sl_notes *notes = cursor->notes, ignored = { { 0 }, { 0 } };
	bool strict = cursor->strict;
	int32_t code = 0;
	bool read;

	if (sl_cursor_peek(cursor) == '"')
		code = -1;	  /* every other name */
	cursor->notes = &ignored; /* the key has been noted */
	cursor->strict = false;
	read = decode_enum(cursor, names, SL_COUNT(names), &code);
	cursor->notes = notes;
	cursor->strict = strict;
	notes->count[SL_NOTE_BAD_NUMBER] += ignored.count[SL_NOTE_BAD_NUMBER];
	if (code != 0 && span->status_code == SL_STATUS_UNSET)
		span->status_code = SL_STATUS_ERROR;
	return read;
}

/* An array that grows in the arena, at most to twice its size. */
struct list {
	char *items;
	size_t count, capacity;
};

/* A zeroed item at the end, or NULL. */
static void *list_add(struct sl_cursor *cursor, struct list *list, size_t size)
{
	char *items = list->items;

	if (list->count == list->capacity) {
		list->capacity = list->capacity == 0 ? 2 : list->capacity * 2;
		items = list->capacity < SIZE_MAX / size
				? sl_arena_alloc(cursor->arena, list->capacity * size)
				: NULL;
		if (items == NULL) {
			sl_cursor_memory(cursor);
			return NULL;
		}
		if (list->count != 0)
			memcpy(items, list->items, list->count * size);
		list->items = items;
	}
	items += list->count++ * size;
	memset(items, 0, size);
	return items;
}

/* Into a pointer and the count behind it, of whatever type the pointer is. */
static bool list_store(struct sl_cursor *cursor, const struct list *list, void *into)
{
	memcpy(into, &list->items, sizeof(list->items));
	memcpy((char *)into + sizeof(list->items), &list->count, sizeof(list->count));
	return cursor->fault == SL_FAULT_NONE;
}

static bool decode_objects(struct decoder *decoder, const struct message *message, size_t size,
			   void *into)
{
	struct sl_cursor *cursor = &decoder->cursor;
	struct list list = { NULL, 0, 0 };

	for (bool begun = false; sl_cursor_next_object(cursor, &begun);) {
		void *item = list_add(cursor, &list, size);

		if (item == NULL || !decode_fields(decoder, message, item))
			break;
	}
	return list_store(cursor, &list, into);
}

static bool decode_strings(struct sl_cursor *cursor, void *into)
{
	struct list list = { NULL, 0, 0 };

	for (bool begun = false; sl_cursor_next_element(cursor, &begun);) {
		struct sl_slice *text;

		if (sl_cursor_peek(cursor) != '"') {
			if (!sl_cursor_skip_bad_element(cursor))
				break;
			continue;
		}
		text = list_add(cursor, &list, sizeof(*text));
		if (text == NULL || !sl_cursor_string(cursor, text))
			break;
	}
	return list_store(cursor, &list, into);
}

static bool decode_span_attributes(struct decoder *decoder, struct sl_span *span)
{
	if (decoder->as_text && transcode_attributes(decoder, &span->attributes_text))
		return true;
	return decode_attributes(decoder, &span->attributes);
}

static bool decode_field(struct decoder *decoder, const struct field *field, void *record)
{
	struct sl_cursor *cursor = &decoder->cursor;
	void *into = (char *)record + field->offset;

	switch ((enum field_type)field->type) {
	case FIELD_STRING:
		return sl_cursor_string(cursor, into);
	case FIELD_STRINGS:
		return decode_strings(cursor, into);
	case FIELD_TRACE_ID:
		return sl_cursor_id(cursor, 16, into);
	case FIELD_SPAN_ID:
		return sl_cursor_id(cursor, 8, into);
	case FIELD_U64:
		return sl_cursor_u64(cursor, into);
	case FIELD_U32:
		return sl_cursor_u32(cursor, into);
	case FIELD_KIND:
		return decode_enum(cursor, kind_names, SL_COUNT(kind_names), into);
	case FIELD_STATUS_CODE:
		return decode_status_code(cursor, into);
	case FIELD_SEVERITY:
		return decode_enum(cursor, severity_names, SL_COUNT(severity_names), into);
	case FIELD_ATTRIBUTES:
		return decode_attributes(decoder, into);
	case FIELD_SPAN_ATTRIBUTES:
		return decode_span_attributes(decoder, record);
	case FIELD_EVENTS:
		return decode_objects(decoder, &event_message, sizeof(struct sl_event), into);
	case FIELD_LINKS:
		return decode_objects(decoder, &link_message, sizeof(struct sl_link), into);
	case FIELD_ENTITY_REFS:
		return decode_objects(decoder, &entity_ref_message, sizeof(struct sl_entity_ref),
				      into);
	case FIELD_STATUS:
		return decode_status(decoder, record);
	case FIELD_OLD_STATUS:
		return decode_old_status(cursor, record);
	default:
		return decode_value_field(decoder, (enum field_type)field->type, into);
	}
}

/* The members from where the walk over them stands. */
static bool decode_members(struct decoder *decoder, struct members members, void *record)
{
	struct sl_cursor *cursor = &decoder->cursor;

	for (;;) {
		const struct field *field = next_likely_field(cursor, &members);

		if (field == NULL) {
			if (members.begun && sl_cursor_peek(cursor) == '}') {
				cursor->at++;
				return true;
			}
			field = next_field(cursor, &members);
			if (field == NULL)
				return cursor->fault == SL_FAULT_NONE;
		}
		if (SL_UNLIKELY(!decode_field(decoder, field, record)) &&
		    !sl_cursor_recover_bad_field(cursor))
			return false;
	}
}

bool decode_fields(struct decoder *decoder, const struct message *message, void *record)
{
	return decode_members(decoder, members_of(message), record);
}

bool decode_span(struct decoder *decoder, struct sl_span *span)
{
	struct members members = members_of(&span_message);

	take_usual_start(&decoder->cursor, &members, span);
	return decode_members(decoder, members, span);
}
