/* Events and links of span lines. */
#include "line_read.h"

struct line_event {
	struct sl_event event;
	struct sl_slice exact;
};

struct line_link {
	struct sl_link link;
	struct sl_slice exact;
};

static const struct line_field event_fields[] = {
	{ LINE_KEY("time_unix_nano"), read_time, offsetof(struct line_event, event.time_unix_nano),
	  EXACT_NOTHING },
	{ LINE_KEY("name"), read_text, offsetof(struct line_event, event.name), EXACT_TEXT },
	{ LINE_KEY("attributes"), read_attributes, offsetof(struct line_event, event.attributes),
	  EXACT_ATTRIBUTES },
	{ LINE_KEY("dropped_attributes_count"), read_count,
	  offsetof(struct line_event, event.dropped_attributes_count), EXACT_NOTHING },
	{ LINE_KEY("exact"), read_raw, offsetof(struct line_event, exact), EXACT_NOTHING },
};

static const struct line_shape event_shape = {
	.fields = event_fields,
	.count = SL_COUNT(event_fields),
	.exact = offsetof(struct line_event, exact),
};

static const struct line_field link_fields[] = {
	{ LINE_KEY("trace_id"), read_hex, offsetof(struct line_link, link.trace_id),
	  EXACT_NOTHING },
	{ LINE_KEY("span_id"), read_hex, offsetof(struct line_link, link.span_id), EXACT_NOTHING },
	{ LINE_KEY("trace_state"), read_text, offsetof(struct line_link, link.trace_state),
	  EXACT_TEXT },
	{ LINE_KEY("flags"), read_count, offsetof(struct line_link, link.flags), EXACT_NOTHING },
	{ LINE_KEY("attributes"), read_attributes, offsetof(struct line_link, link.attributes),
	  EXACT_ATTRIBUTES },
	{ LINE_KEY("dropped_attributes_count"), read_count,
	  offsetof(struct line_link, link.dropped_attributes_count), EXACT_NOTHING },
	{ LINE_KEY("exact"), read_raw, offsetof(struct line_link, exact), EXACT_NOTHING },
};

static const struct line_shape link_shape = {
	.fields = link_fields,
	.count = SL_COUNT(link_fields),
	.exact = offsetof(struct line_link, exact),
};

void *list_item(struct line_list *list, size_t i, size_t size)
{
	if (!sl_array_reserve(&list->items, &list->capacity, i + 1, size))
		return NULL;
	return (char *)list->items + i * size;
}

bool read_events(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	struct sl_span *span = into;
	uint64_t given;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun); span->event_count++) {
		struct line_event read = { 0 };
		struct sl_event *kept;

		if (!read_object(reader, cursor, &event_shape, &read, &given))
			return false;
		kept = list_item(&reader->events, span->event_count, sizeof(*kept));
		if (kept == NULL)
			return sl_cursor_memory(cursor);
		*kept = read.event;
	}
	span->events = reader->events.items;
	return cursor->fault == SL_FAULT_NONE;
}

bool read_links(struct line_reader *reader, struct sl_cursor *cursor, void *into)
{
	struct sl_span *span = into;
	uint64_t given;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun); span->link_count++) {
		struct line_link read = { 0 };
		struct sl_link *kept;

		if (!read_object(reader, cursor, &link_shape, &read, &given))
			return false;
		kept = list_item(&reader->links, span->link_count, sizeof(*kept));
		if (kept == NULL)
			return sl_cursor_memory(cursor);
		*kept = read.link;
	}
	span->links = reader->links.items;
	return cursor->fault == SL_FAULT_NONE;
}
