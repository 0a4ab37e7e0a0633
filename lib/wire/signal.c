/*
 * The signal of a binary request.  All requests look alike down to their items (1, then 2 or 1000,
 * then 2), so that the items' wire types have to tell.
 *
 *	Span		trace_id 1 (16 bytes), start 7 and end 8 fixed64
 *	LogRecord	time 1 or observed_time 11 fixed64
 *	Metric		name 1, and the data: 5, 7, 9, 10 or 11; no fixed64
 *	ProfilesData	dictionary 2, at the top
 */
#include "fields.h"

/* What the fields of an item say of it. */
struct evidence {
	bool span_time, log_time, other_fixed64;
	bool data;	 /* one of a metric's, by its content too */
	bool maybe_data; /* by its number only */
	bool name;	 /* field 1 of bytes */
	bool id;	 /* the same with 16 bytes */
};

/* Gauge, Sum, Histogram, Summary: data points 1, and perhaps the varints 2 and 3. */
static bool is_metric_data(struct sl_slice payload)
{
	const char *at = payload.data, *end = at + payload.len;
	bool points = false;

	while (at != NULL && at < end) {
		uint32_t tag;

		at = read_tag(at, end, &tag);
		if (tag != BYTES(1) && tag != VARINT(2) && tag != VARINT(3))
			return false;
		points |= tag == BYTES(1);
		at = wire_skip(at, end, tag);
	}
	return at != NULL && points;
}

static void weigh_bytes(struct evidence *evidence, uint32_t number, struct sl_slice payload)
{
	switch (number) {
	case 1:
		evidence->name = true;
		evidence->id = payload.len == 16;
		break;
	case 5:
	case 7:
	case 9:
	case 10:
	case 11:
		evidence->maybe_data = true;
		evidence->data |= is_metric_data(payload);
		break;
	default:
		break;
	}
}

/* SL_SIGNAL_NONE: the item may be anything. */
static enum sl_signal item_signal(const char *at, const char *end)
{
	struct evidence evidence = { .name = false };

	while (at != NULL && at < end) {
		struct sl_slice payload;
		uint32_t tag;
		const char *content = read_tag(at, end, &tag);

		if (tag % 8 == WIRE_BYTES) {
			at = read_bytes(content, end, &payload);
			if (at != NULL)
				weigh_bytes(&evidence, tag >> 3, payload);
			continue;
		}
		at = wire_skip(content, end, tag);
		evidence.span_time |= tag == FIXED64(7) || tag == FIXED64(8);
		evidence.log_time |= tag == FIXED64(1) || tag == FIXED64(11);
		evidence.other_fixed64 |= tag % 8 == WIRE_FIXED64;
	}
	if (evidence.span_time != evidence.log_time)
		return evidence.span_time ? SL_SIGNAL_SPANS : SL_SIGNAL_LOGS;
	if (evidence.name && evidence.data && !evidence.other_fixed64)
		return SL_SIGNAL_METRICS;
	if (evidence.id)
		return SL_SIGNAL_SPANS;
	if (evidence.name && evidence.maybe_data && !evidence.other_fixed64)
		return SL_SIGNAL_METRICS;
	return SL_SIGNAL_NONE;
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
