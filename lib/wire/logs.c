/*
 * LogRecord: time 1, severity_number 2, severity_text 3, body 5, attributes 6, trace_id 9,
 * span_id 10, observed_time 11.
 */
#include "walk.h"

bool wire_walk_log(struct wire_walk *walk, struct sl_slice message, struct sl_log *log)
{
	const char *at = message.data, *end = at + message.len;
	uint64_t observed = 0;
	const char *field = NULL;
	uint32_t tag;

	while (next_field(walk, &at, end, &field, &tag)) {
		switch (tag) {
		case FIXED64(1):
		case PACKED(1):
			at = read_fixed64(at, end, tag, &log->time_unix_nano);
			break;
		case VARINT(2):
		case PACKED(2):
			at = read_int32(at, end, tag, &log->severity_number);
			break;
		case BYTES(3):
			at = read_bytes(at, end, &log->severity);
			break;
		case BYTES(5):
			at = wire_walk_value(walk, at, end, &log->body);
			break;
		case BYTES(6):
			at = wire_walk_attribute(walk, at, end, 0);
			break;
		case BYTES(9):
			at = read_bytes(at, end, &log->trace_id);
			break;
		case BYTES(10):
			at = read_bytes(at, end, &log->span_id);
			break;
		case FIXED64(11):
		case PACKED(11):
			at = read_fixed64(at, end, tag, &observed);
			break;
		default:
			at = wire_skip(at, end, tag);
		}
	}
	if (log->time_unix_nano == 0)
		log->time_unix_nano = observed;
	return wire_finish(walk, 0, &log->attributes) && wire_is_whole(walk);
}
