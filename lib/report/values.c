/* What a group is known by, as text. */
#include "forms.h"
#include "spanline/json.h"

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

void add_value(struct sl_buffer *out, const struct sl_group_value *value)
{
	if (value->type == SL_TYPE_NIL)
		sl_buffer_add_byte(out, '-');
	else if (value->type == SL_TYPE_DURATION)
		show_duration(out, value->integer, true);
	else
		add_exact_value(out, value);
}
