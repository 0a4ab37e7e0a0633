/* Figures for a person to read. */
#include "forms.h"
#include "spanline/text.h"

void show_duration(struct sl_buffer *out, int64_t ns, bool ascii)
{
	if (ns < 0)
		sl_buffer_add_byte(out, '-');
	sl_show_duration(out, ns < 0 ? ~(uint64_t)ns + 1 : (uint64_t)ns, ascii);
}

/* Of a sum that 64 bits do not hold, which spans that begin in 1970 make, the size alone. */
static void show_sum(struct sl_buffer *out, struct sl_sum sum, bool ascii)
{
	if (sum.high == (sum.low > INT64_MAX ? -1 : 0))
		show_duration(out, (int64_t)sum.low, ascii);
	else
		sl_buffer_printf(out, "%.2e s", sl_sum_as_double(sum) / 1e9);
}

/* At most two places, three digits. */
static void add_number(struct sl_buffer *out, double number)
{
	if (number == 0)
		sl_buffer_add_byte(out, '0');
	else if (number < 0.005)
		sl_buffer_add_literal(out, "<0.01");
	else
		sl_buffer_printf(out, "%.*f",
				 number >= 99.95   ? 0
				 : number >= 9.995 ? 1
						   : 2,
				 number);
}

void add_figure(struct sl_buffer *out, const struct sl_figure *figure, bool ascii)
{
	if (!figure->is_known) {
		sl_buffer_add_byte(out, '-');
		return;
	}
	switch (figure->unit) {
	case SL_FIGURE_COUNT:
		sl_buffer_add_u64(out, figure->exact.low);
		break;
	case SL_FIGURE_NS:
		show_sum(out, figure->exact, ascii);
		break;
	case SL_FIGURE_PART:
		add_number(out, 100 * figure->number);
		break;
	case SL_FIGURE_NUMBER:
		add_number(out, figure->number);
		break;
	}
}

const char *heading_of(const struct sl_measure *measure)
{
	switch (measure->kind) {
	case SL_MEASURE_ERROR_RATE:
		return "error %";
	case SL_MEASURE_RATE:
		return "per s";
	case SL_MEASURE_SUM:
		return measure->of == SL_TIME_SELF	 ? "self"
		       : measure->of == SL_TIME_CRITICAL ? "critical"
							 : "total";
	case SL_MEASURE_SHARE:
		return "critical %";
	case SL_MEASURE_CALLS_MAX:
		return "max calls";
	default:
		return measure->name;
	}
}

void add_error(struct sl_buffer *out, const struct report *report)
{
	double error = report->options->error;

	if (error != 0)
		sl_buffer_printf(out, "quantiles are within %g %% of the exact ones\n",
				 100 * error);
}
