/* A verdict in words. */
#include "gate.h"

void sl_gate_show_title(const struct sl_gate_result *result, struct sl_buffer *out)
{
	sl_buffer_add_slice(out, result->text);
	if (result->group.data == NULL)
		return;
	sl_buffer_add_literal(out, " [");
	sl_buffer_add_slice(out, result->group);
	sl_buffer_add_byte(out, ']');
}

void sl_gate_show_finding(const struct sl_gate_result *result, struct sl_buffer *out)
{
	const char *between = "";

	if (result->value[0] != '\0') {
		sl_buffer_printf(out, "%s, bound %s", result->value, result->bound);
		between = ", ";
	}
	if (result->why[0] != '\0') {
		sl_buffer_printf(out, "%s%s", between, result->why);
		between = ", ";
	}
	sl_buffer_printf(out, "%s%llu span%s", between, (unsigned long long)result->spans,
			 result->spans == 1 ? "" : "s");
	for (size_t i = 0; i < result->worst_count; i++)
		sl_buffer_printf(out, "%s%s", i == 0 ? ", traces " : " ", result->worst[i]);
}
