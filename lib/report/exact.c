/* Figures for programs: nothing is rounded that need not be. */
#include "forms.h"
#include "spanline/text.h"

void add_key(struct sl_buffer *out, const struct sl_measure *measure, enum figure_part part)
{
	static const char *const parts[] = { "", "_low", "_high" };

	sl_buffer_printf(out, "%s%s%s", measure->name, parts[part],
			 sl_measure_unit(measure) == SL_FIGURE_NS ? "_ms" : "");
}

void add_exact(struct sl_buffer *out, const struct sl_figure *figure, enum figure_part part)
{
	if (part == FIGURE_LOW || part == FIGURE_HIGH) {
		if (part == FIGURE_LOW ? figure->has_low : figure->has_high)
			sl_buffer_add_signed_ms(out,
						part == FIGURE_LOW ? figure->low : figure->high);
		return;
	}
	if (!figure->is_known)
		return;
	if (figure->unit == SL_FIGURE_NS)
		sl_sum_show_ms(out, figure->exact);
	else if (figure->unit == SL_FIGURE_COUNT)
		sl_buffer_add_u64(out, figure->exact.low);
	else
		sl_buffer_add_double(out, figure->number);
}
