/* Log records as lines, all of the same shape: seven keys, always there. */
/* This order: {"trace_id","span_id","time","severity","service","body","attributes"}. */
#include "spanline/json.h"
#include "write_string.h"
#include "write_value.h"

/* What the specification calls SeverityNumber 1 to 24, where the record itself has no text. */
static void write_severity(struct sl_buffer *out, const struct sl_log *log)
{
	static const char names[6][6] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };
	int32_t number = log->severity_number;

	if (log->severity.len > 0 || number < 1 || number > 24) {
		write_string(out, log->severity);
		return;
	}
	sl_buffer_add_byte(out, '"');
	sl_buffer_add(out, names[(number - 1) / 4], strlen(names[(number - 1) / 4]));
	if ((number - 1) % 4 > 0)
		sl_buffer_add_byte(out, (char)('1' + (number - 1) % 4));
	sl_buffer_add_byte(out, '"');
}

void sl_log_line_write(const struct sl_log *log, struct sl_buffer *out)
{
	const struct sl_value *service =
		sl_attributes_find(log->resource->attributes, SL_SLICE("service.name"));

	sl_buffer_add_literal(out, "{\"trace_id\":");
	sl_buffer_add_id(out, log->trace_id);
	sl_buffer_add_literal(out, ",\"span_id\":");
	sl_buffer_add_id(out, log->span_id);
	sl_buffer_add_literal(out, ",\"time\":");
	write_quoted_time(out, log->time_unix_nano);
	sl_buffer_add_literal(out, ",\"severity\":");
	write_severity(out, log);
	sl_buffer_add_literal(out, ",\"service\":");
	if (service != NULL)
		write_plain_value(out, service);
	else
		write_string(out, SL_SLICE(""));
	sl_buffer_add_literal(out, ",\"body\":");
	write_plain_value(out, &log->body);
	sl_buffer_add_literal(out, ",\"attributes\":");
	write_plain_attributes(out, log->attributes, NULL);
	sl_buffer_add_literal(out, "}\n");
}
