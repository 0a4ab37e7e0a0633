/* Figures for programs: nothing is rounded that need not be. */
#include "forms.h"
#include "spanline/text.h"

void add_key(struct sl_buffer *out, const struct sl_measure *measure, enum figure_part part)
{
	static const char *const parts[] = { "", "_low", "_high" };

	sl_buffer_printf(out, "%s%s%s", measure->name, parts[part],
			 sl_measure_unit(measure) == SL_FIGURE_NS ? "_ms" : "");
}

static void add_ms(struct sl_buffer *out, int64_t ns)
{
	char text[SL_MS_TEXT];
	uint64_t size = ns < 0 ? ~(uint64_t)ns + 1 : (uint64_t)ns;

	sl_buffer_add(out, text, ns < 0 ? sl_write_ms(text, 0, size) : sl_write_ms(text, size, 0));
}

static void add_double(struct sl_buffer *out, double number)
{
	char text[SL_DOUBLE_TEXT];

	sl_buffer_add(out, text, sl_write_double(text, number));
}

void add_exact(struct sl_buffer *out, const struct sl_figure *figure, enum figure_part part)
{
	if (part == FIGURE_LOW || part == FIGURE_HIGH) {
		if (part == FIGURE_LOW ? figure->has_low : figure->has_high)
			add_ms(out, part == FIGURE_LOW ? figure->low : figure->high);
		return;
	}
	if (!figure->is_known)
		return;
	if (figure->unit == SL_FIGURE_NS)
		sl_sum_show_ms(out, figure->exact);
	else if (figure->unit == SL_FIGURE_COUNT)
		sl_buffer_printf(out, "%llu", (unsigned long long)figure->exact.low);
	else
		add_double(out, figure->number);
}
