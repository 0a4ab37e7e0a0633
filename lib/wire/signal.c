/*
 * The signal of a binary request.  All requests look alike down to their items (1, then 2 or 1000,
 * then 2), so that the items' wire types have to tell.
 *
 *	Span		trace_id 1 (16 bytes), start 7 and end 8 fixed64
 *	LogRecord	time 1 or observed_time 11 fixed64; or what no span has: severity_number 2
 *as a varint, attributes 6 as bytes, flags 8 as fixed32 Metric		name 1, and the data: 5, 7,
 *9, 10 or 11; no fixed64 ProfilesData	dictionary 2, at the top
 */
#include "fields.h"

/* What the fields of an item say of it. */
struct evidence {
	bool span_time, log_time, any_fixed64;
	bool metric_data;
	bool name; /* field 1 of bytes */
	bool id;   /* the same with 16 bytes */
	bool log_field;
};

/* A data point has its times, its number, its count or its sum as fixed64, from 2 to 6. */
static bool is_data_point(const char *at, const char *end)
{
	bool found = false;

	while (at != NULL && at < end) {
		uint32_t tag;

		at = read_tag(at, end, &tag);
		at = wire_skip(at, end, tag);
		found |= tag % 8 == WIRE_FIXED64 && tag >= FIXED64(2) && tag <= FIXED64(6);
	}
	return at != NULL && found;
}

/*
 * Gauge, Sum, Histogram and so on: data points 1, the varints 2 and 3, and nothing else.  What a
 * span has under these numbers is text, a KeyValue or an Event.
 */
static bool is_metric_data(const char *at, const char *end)
{
	bool found = false;

	while (at != NULL && at < end) {
		struct sl_slice point;
		uint32_t tag;

		at = read_tag(at, end, &tag);
		if (tag == BYTES(1)) {
			at = read_bytes(at, end, &point);
			if (at == NULL || !is_data_point(point.data, at))
				return false;
		} else if (tag == VARINT(2) || tag == VARINT(3)) {
			at = wire_skip(at, end, tag);
		} else {
			return false;
		}
		found = true;
	}
	return at != NULL && found;
}

static void weigh_bytes(struct evidence *evidence, uint32_t number, struct sl_slice payload)
{
	switch (number) {
	case 1:
		evidence->name = true;
		evidence->id = payload.len == 16;
		break;
	case 6:
		evidence->log_field = true;
		break;
	case 5:
	case 7:
	case 9:
	case 10:
	case 11:
		evidence->metric_data |= is_metric_data(payload.data, payload.data + payload.len);
		break;
	default:
		break;
	}
}

static void weigh_number(struct evidence *evidence, uint32_t tag)
{
	evidence->span_time |= tag == FIXED64(7) || tag == FIXED64(8);
	evidence->log_time |= tag == FIXED64(1) || tag == FIXED64(11);
	evidence->any_fixed64 |= tag % 8 == WIRE_FIXED64;
	evidence->log_field |= tag == VARINT(2) || tag == FIXED32(8);
}

/* SL_SIGNAL_NONE: it may be anything. */
static enum sl_signal judge(const struct evidence *evidence)
{
	if (evidence->span_time != evidence->log_time)
		return evidence->span_time ? SL_SIGNAL_SPANS : SL_SIGNAL_LOGS;
	if (evidence->name && evidence->metric_data && !evidence->any_fixed64)
		return SL_SIGNAL_METRICS;
	if (evidence->id)
		return SL_SIGNAL_SPANS;
	return evidence->log_field && !evidence->span_time ? SL_SIGNAL_LOGS : SL_SIGNAL_NONE;
}

static enum sl_signal item_signal(const char *at, const char *end)
{
	struct evidence evidence = { .name = false };

	while (at != NULL && at < end) {
		struct sl_slice payload;
		uint32_t tag;

		at = read_tag(at, end, &tag);
		if (tag % 8 != WIRE_BYTES) {
			at = wire_skip(at, end, tag);
			if (at != NULL)
				weigh_number(&evidence, tag);
			continue;
		}
		at = read_bytes(at, end, &payload);
		if (at != NULL)
			weigh_bytes(&evidence, tag >> 3, payload);
	}
	return judge(&evidence);
}

struct range {
	const char *at, *end;
};

/* The content of the next field with one of the tags, as far as it is there; false: none. */
static bool next_inside(struct range *range, uint32_t tag, uint32_t other, struct range *inside)
{
	while (range->at != NULL && range->at < range->end) {
		uint64_t len;
		uint32_t found;
		const char *content = read_tag(range->at, range->end, &found);

		range->at = wire_skip(content, range->end, found);
		if (content == NULL || (found != tag && found != other))
			continue;
		inside->at = read_varint(content, range->end, &len);
		inside->end = range->at != NULL ? range->at : range->end;
		return true;
	}
	return false;
}

/* The first item that says it. */
static enum sl_signal items_signal(struct range request)
{
	struct range resource, scope, item;

	while (next_inside(&request, BYTES(1), BYTES(1), &resource))
		while (next_inside(&resource, BYTES(2), BYTES(1000), &scope))
			while (next_inside(&scope, BYTES(2), BYTES(2), &item)) {
				enum sl_signal signal = item_signal(item.at, item.end);

				if (signal != SL_SIGNAL_NONE)
					return signal;
			}
	return SL_SIGNAL_NONE;
}

enum sl_signal sl_wire_signal(struct sl_slice message)
{
	struct range request, dictionary;
	enum sl_signal signal;

	if (message.len == 0)
		return SL_SIGNAL_NONE;
	request = (struct range){ message.data, message.data + message.len };
	signal = items_signal(request);
	if (signal == SL_SIGNAL_SPANS || signal == SL_SIGNAL_LOGS)
		return signal;
	if (next_inside(&request, BYTES(2), BYTES(2), &dictionary))
		return SL_SIGNAL_PROFILES;
	return signal == SL_SIGNAL_METRICS ? SL_SIGNAL_METRICS : SL_SIGNAL_SPANS;
}
