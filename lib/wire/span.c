/*
 * Span, Event, Link and Status.
 *
 *	Span	trace_id 1, span_id 2, trace_state 3, parent_span_id 4, name 5, kind 6, start 7,
 *		end 8, attributes 9 (10 dropped), events 11 (12 dropped), links 13 (14 dropped),
 *		status 15, flags 16
 *	Event	time 1, name 2, attributes 3 (4 dropped)
 *	Link	trace_id 1, span_id 2, trace_state 3, attributes 4 (5 dropped), flags 6
 *	Status	deprecated_code 1 (until 2021), message 2, code 3
 */
#include "walk.h"

static const char *walk_event(struct wire_walk *walk, const char *at, const char *end,
			      struct sl_event *event)
{
	size_t height = walk->builder.height;
	const char *field = NULL;
	uint32_t tag;

	*event = (struct sl_event){ 0 };
	at = enter(at, &end);
	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case FIXED64(1):
		case PACKED(1):
			at = read_fixed64(at, end, tag, &event->time_unix_nano);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &event->name);
			break;
		case BYTES(3):
			at = wire_walk_attribute(walk, at, end, 0);
			break;
		case VARINT(4):
		case PACKED(4):
			at = read_uint32(at, end, tag, &event->dropped_attributes_count);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	return at != NULL && wire_finish(walk, height, &event->attributes) ? at : NULL;
}

static const char *walk_link(struct wire_walk *walk, const char *at, const char *end,
			     struct sl_link *link)
{
	size_t height = walk->builder.height;
	const char *field = NULL;
	uint32_t tag;

	*link = (struct sl_link){ .flags = 0 };
	at = enter(at, &end);
	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case BYTES(1):
			at = read_bytes(at, end, &link->trace_id);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &link->span_id);
			break;
		case BYTES(3):
			at = read_bytes(at, end, &link->trace_state);
			break;
		case BYTES(4):
			at = wire_walk_attribute(walk, at, end, 0);
			break;
		case VARINT(5):
		case PACKED(5):
			at = read_uint32(at, end, tag, &link->dropped_attributes_count);
			break;
		case FIXED32(6):
		case PACKED(6):
			at = read_fixed32(at, end, tag, &link->flags);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	return at != NULL && wire_finish(walk, height, &link->attributes) ? at : NULL;
}

/* Before there was a code, any deprecated code but 0 said that the span failed. */
static const char *walk_status(struct wire_walk *walk, const char *at, const char *end,
			       struct sl_span *span)
{
	int32_t deprecated_code = 0;
	const char *field = NULL;
	uint32_t tag;

	at = enter(at, &end);
	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case VARINT(1):
			wire_depart(walk, SL_NOTE_OLD_STATUS, field);
			at = read_int32(at, end, tag, &deprecated_code);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &span->status_message);
			break;
		case VARINT(3):
		case PACKED(3):
			at = read_int32(at, end, tag, &span->status_code);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	if (deprecated_code != 0 && span->status_code == SL_STATUS_UNSET)
		span->status_code = SL_STATUS_ERROR;
	return at;
}

static const char *add_event(struct wire_walk *walk, const char *field, const char *at,
			     const char *end, struct sl_span *span)
{
	if (span->event_count == 0)
		span->events = wire_elements(walk, field, end, sizeof(*span->events));
	if (span->events == NULL)
		return NULL;
	return walk_event(walk, at, end, &span->events[span->event_count++]);
}

static const char *add_link(struct wire_walk *walk, const char *field, const char *at,
			    const char *end, struct sl_span *span)
{
	if (span->link_count == 0)
		span->links = wire_elements(walk, field, end, sizeof(*span->links));
	if (span->links == NULL)
		return NULL;
	return walk_link(walk, at, end, &span->links[span->link_count++]);
}

/* The fields of a span that are numbers; others are skipped. */
static const char *read_number(const char *at, const char *end, uint32_t tag, struct sl_span *span)
{
	switch (tag) {
	case VARINT(6):
	case PACKED(6):
		return read_int32(at, end, tag, &span->kind);
	case FIXED64(7):
	case PACKED(7):
		return read_fixed64(at, end, tag, &span->start_unix_nano);
	case FIXED64(8):
	case PACKED(8):
		return read_fixed64(at, end, tag, &span->end_unix_nano);
	case VARINT(10):
	case PACKED(10):
		return read_uint32(at, end, tag, &span->dropped_attributes_count);
	case VARINT(12):
	case PACKED(12):
		return read_uint32(at, end, tag, &span->dropped_events_count);
	case VARINT(14):
	case PACKED(14):
		return read_uint32(at, end, tag, &span->dropped_links_count);
	case FIXED32(16):
	case PACKED(16):
		return read_fixed32(at, end, tag, &span->flags);
	default:
		return wire_skip(at, end, tag);
	}
}

bool wire_walk_span(struct wire_walk *walk, struct sl_slice message, struct sl_span *span)
{
	const char *at = message.data, *end = at + message.len;
	const char *field = NULL;
	uint32_t tag;

	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case BYTES(1):
			at = read_bytes(at, end, &span->trace_id);
			break;
		case BYTES(2):
			at = read_bytes(at, end, &span->span_id);
			break;
		case BYTES(3):
			at = read_bytes(at, end, &span->trace_state);
			break;
		case BYTES(4):
			at = read_bytes(at, end, &span->parent_span_id);
			break;
		case BYTES(5):
			at = read_bytes(at, end, &span->name);
			break;
		case BYTES(9):
			at = wire_walk_attribute(walk, at, end, 0);
			break;
		case BYTES(11):
			at = add_event(walk, field, at, end, span);
			break;
		case BYTES(13):
			at = add_link(walk, field, at, end, span);
			break;
		case BYTES(15):
			at = walk_status(walk, at, end, span);
			break;
		default:
			at = read_number(at, end, tag, span);
		}
	}
	return wire_finish(walk, 0, &span->attributes) && wire_is_whole(walk);
}
