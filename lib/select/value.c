/* Values that queries compute, as text and as JSON. */
#include "spanline/json.h"
#include "spanline/select.h"
#include "spanline/text.h"

static struct sl_slice integer_text(int64_t integer, char *room)
{
	return (struct sl_slice){ room, sl_write_i64(room, integer) };
}

/* A number that has a name, which is NULL where it is unknown. */
static struct sl_slice name_text(const char *name, int64_t number, char *room, bool *is_text)
{
	*is_text = name != NULL;
	return name != NULL ? sl_slice_of(name) : integer_text(number, room);
}

static struct sl_slice double_text(double number, char *room, bool *is_text)
{
	*is_text = number - number != 0;
	if (number != number)
		return SL_SLICE("NaN");
	if (*is_text)
		return number > 0 ? SL_SLICE("Infinity") : SL_SLICE("-Infinity");
	return (struct sl_slice){ room, sl_write_double(room, number) };
}

struct sl_slice sl_query_value_text(const struct sl_query_value *value,
				    char room[SL_QUERY_VALUE_TEXT], bool *is_text)
{
	*is_text = false;
	switch (value->type) {
	case SL_TYPE_NIL:
	case SL_TYPE_DYNAMIC:
	case SL_TYPE_ARRAY:
		break;
	case SL_TYPE_BOOL:
		return value->boolean ? SL_SLICE("true") : SL_SLICE("false");
	case SL_TYPE_INT:
	case SL_TYPE_DURATION:
		return integer_text(value->integer, room);
	case SL_TYPE_FLOAT:
		return double_text(value->number, room, is_text);
	case SL_TYPE_STRING:
		*is_text = true;
		return value->text;
	case SL_TYPE_TIME:
		*is_text = true;
		return (struct sl_slice){ room, sl_write_time(room, (uint64_t)value->integer) };
	case SL_TYPE_STATUS:
		return name_text(sl_status_name((int32_t)value->integer), value->integer, room,
				 is_text);
	case SL_TYPE_KIND:
		return name_text(sl_kind_name((int32_t)value->integer), value->integer, room,
				 is_text);
	}
	return (struct sl_slice){ "", 0 };
}

void sl_write_query_value(struct sl_buffer *out, const struct sl_query_value *value)
{
	struct sl_value list = { .type = SL_VALUE_ARRAY, .list = value->list };
	char room[SL_QUERY_VALUE_TEXT];
	struct sl_slice text;
	bool is_text;

	if (value->type == SL_TYPE_ARRAY) {
		sl_json_write_value(out, &list);
		return;
	}
	text = sl_query_value_text(value, room, &is_text);
	if (is_text)
		sl_json_write_string(out, text);
	else if (text.len == 0)
		sl_buffer_add_literal(out, "null");
	else
		sl_buffer_add_slice(out, text);
}
