/* Single fields of spans as JSON values, each as the span line shows it. */
#include "spanline/json.h"
#include "write_string.h"
#include "write_value.h"

void sl_json_write_field(struct sl_buffer *out, const struct sl_field *field,
			 const struct sl_span *span)
{
	struct sl_value value = { .type = SL_VALUE_EMPTY };

	if (field->get != NULL)
		field->get(span, &value);
	if (value.type == SL_VALUE_EMPTY)
		sl_buffer_add_literal(out, "null");
	else if (field->type == SL_FIELD_ID)
		sl_buffer_add_id(out, value.text);
	else if (field->type == SL_FIELD_MS)
		sl_buffer_add_ms(out, span->end_unix_nano, span->start_unix_nano);
	else if (field->type == SL_FIELD_TIME && strcmp(field->name, "start") == 0)
		write_quoted_time(out, span->start_unix_nano);
	else if (field->type == SL_FIELD_TIME)
		write_quoted_u64(out, (uint64_t)value.integer);
	else
		write_plain_value(out, &value);
}

void sl_json_write_value(struct sl_buffer *out, const struct sl_value *value)
{
	write_plain_value(out, value);
}
