/* What a group is known by, as text. */
#include "forms.h"
#include "spanline/json.h"
#include "spanline/text.h"

/* But for arrays, which are JSON already. */
static struct sl_query_value as_query_value(const struct sl_group_value *value)
{
	struct sl_query_value other = { .type = value->type };

	switch (value->type) {
	case SL_TYPE_BOOL:
		other.boolean = value->boolean;
		break;
	case SL_TYPE_FLOAT:
		other.number = value->number;
		break;
	case SL_TYPE_STRING:
		other.text = value->text;
		break;
	default:
		other.integer = value->integer;
		break;
	}
	return other;
}

void add_exact_value(struct sl_buffer *out, const struct sl_group_value *value)
{
	struct sl_query_value other = as_query_value(value);
	char room[SL_QUERY_VALUE_TEXT];
	bool is_text;

	if (value->type == SL_TYPE_ARRAY)
		sl_buffer_add_slice(out, value->text);
	else
		sl_buffer_add_slice(out, sl_query_value_text(&other, room, &is_text));
}

void add_json_value(struct sl_buffer *out, const struct sl_group_value *value)
{
	struct sl_query_value other = as_query_value(value);

	if (value->type == SL_TYPE_ARRAY)
		sl_buffer_add_slice(out, value->text);
	else
		sl_write_query_value(out, &other);
}

/* Without the zeros at the end of the fraction: windows are mostly of whole seconds. */
static void add_time(struct sl_buffer *out, uint64_t unix_ns)
{
	char text[SL_TIME_TEXT];
	size_t len = sl_write_time(text, unix_ns) - 1;

	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	sl_buffer_add(out, text, len);
	sl_buffer_add_byte(out, 'Z');
}

void add_value(struct sl_buffer *out, const struct sl_group_value *value)
{
	if (value->type == SL_TYPE_NIL)
		sl_buffer_add_byte(out, '-');
	else if (value->type == SL_TYPE_DURATION)
		show_duration(out, value->integer, true);
	else if (value->type == SL_TYPE_TIME)
		add_time(out, (uint64_t)value->integer);
	else
		add_exact_value(out, value);
}
