/* What a group is known by, as text. */
#include "forms.h"
#include "spanline/text.h"

static void add_name(struct sl_buffer *out, const char *name, int64_t number)
{
	if (name != NULL)
		sl_buffer_add(out, name, strlen(name));
	else
		sl_buffer_printf(out, "%lld", (long long)number);
}

static void add_double(struct sl_buffer *out, double number)
{
	char text[SL_DOUBLE_TEXT];

	if (number != number)
		sl_buffer_add_literal(out, "NaN");
	else if (number - number != 0)
		sl_buffer_add_slice(out, number > 0 ? SL_SLICE("Infinity") : SL_SLICE("-Infinity"));
	else
		sl_buffer_add(out, text, sl_write_double(text, number));
}

static void add_time(struct sl_buffer *out, int64_t unix_ns)
{
	char time[SL_TIME_TEXT];

	sl_buffer_add(out, time, sl_write_time(time, (uint64_t)unix_ns));
}

void add_exact_value(struct sl_buffer *out, const struct sl_group_value *value)
{
	switch (value->type) {
	case SL_TYPE_NIL:
	case SL_TYPE_DYNAMIC:
		break;
	case SL_TYPE_BOOL:
		sl_buffer_add_slice(out, value->boolean ? SL_SLICE("true") : SL_SLICE("false"));
		break;
	case SL_TYPE_INT:
	case SL_TYPE_DURATION:
		sl_buffer_printf(out, "%lld", (long long)value->integer);
		break;
	case SL_TYPE_FLOAT:
		add_double(out, value->number);
		break;
	case SL_TYPE_STRING:
	case SL_TYPE_ARRAY:
		sl_buffer_add_slice(out, value->text);
		break;
	case SL_TYPE_TIME:
		add_time(out, value->integer);
		break;
	case SL_TYPE_STATUS:
		add_name(out, sl_status_name((int32_t)value->integer), value->integer);
		break;
	case SL_TYPE_KIND:
		add_name(out, sl_kind_name((int32_t)value->integer), value->integer);
		break;
	}
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
