/* From groups to a report: sorted, cut off, measured, written. */
#include "forms.h"
#include <stdlib.h>

const char *sl_report_form(size_t index, const char **help)
{
	if (index >= report_form_count)
		return NULL;
	*help = report_forms[index].help;
	return report_forms[index].name;
}

static const struct form *find_form(const char *name)
{
	size_t i = 0;

	while (strcmp(report_forms[i].name, name) != 0)
		i++;
	return &report_forms[i];
}

bool sl_report_form_needs_durations(const char *form)
{
	return find_form(form)->durations;
}

/* A group and what it is sorted by. */
struct place {
	const struct sl_groups *groups;
	struct sl_group *group;
	struct sl_figure figure;
};

static int compare_places(const void *one, const void *other)
{
	const struct place *a = one, *b = other;
	int order = sl_figure_compare(&b->figure, &a->figure);

	return order != 0 ? order : sl_group_compare(a->groups, a->group, b->group);
}

static enum sl_status sort(struct report *report, struct sl_groups *groups, struct sl_error *err)
{
	const struct sl_report_options *options = report->options;
	struct place *places = calloc(groups->count + 1, sizeof(*places));
	enum sl_status status = SL_OK;

	report->rows = calloc(groups->count + 1, sizeof(struct sl_group *));
	if (places == NULL || report->rows == NULL) {
		free(places);
		return sl_fail_memory(err);
	}
	for (size_t i = 0; i < groups->count && status == SL_OK; i++) {
		places[i].groups = groups;
		places[i].group = &groups->items[i];
		if (!options->by_group)
			status = sl_measure_group(groups, places[i].group,
						  (struct sl_measures){ &options->sort, 1 },
						  &places[i].figure, err);
	}
	if (status == SL_OK) {
		qsort(places, groups->count, sizeof(*places), compare_places);
		for (size_t i = 0; i < groups->count; i++)
			report->rows[i] = places[i].group;
	}
	free(places);
	return status;
}

struct rest rest_of(const struct report *report)
{
	struct rest rest = { .groups = report->groups->count - report->shown };

	for (size_t i = report->shown; i < report->groups->count; i++)
		rest.spans += report->rows[i]->durations.count;
	return rest;
}

/* What the form shows where the user does not say. */
static size_t usual_measures(const char *list, struct sl_measure *measures)
{
	size_t count = 0, len;

	for (; *list != '\0'; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		if (sl_measure_parse((struct sl_slice){ list, len }, &measures[count]))
			count++;
	}
	return count;
}

/* The first quantile of a list, or its end. */
static size_t find_quantile(const struct sl_measure *measures, size_t count)
{
	size_t i = 0;

	while (i < count && measures[i].kind != SL_MEASURE_QUANTILE)
		i++;
	return i;
}

/* Puts others in the place of the quantiles; gives the new count. */
static size_t replace_quantiles(struct sl_measure *measures, size_t count,
				const struct sl_report_options *options)
{
	size_t first = find_quantile(measures, count), end = first;
	size_t others = options->quantile_count;

	while (end < count && measures[end].kind == SL_MEASURE_QUANTILE)
		end++;
	memmove(&measures[first + others], &measures[end], (count - end) * sizeof(*measures));
	memcpy(&measures[first], options->quantiles, others * sizeof(*measures));
	return first + others + (count - end);
}

/* Each once, where it comes first: they are keys of objects. */
static size_t drop_repeated(struct sl_measure *measures, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t same = 0;

		while (same < kept && strcmp(measures[same].name, measures[i].name) != 0)
			same++;
		if (same == kept)
			measures[kept++] = measures[i];
	}
	return kept;
}

static void choose_measures(const struct form *form, const struct sl_report_options *options,
			    struct report *report, struct sl_measure *measures)
{
	size_t count = options->measure_count;

	if (count != 0)
		memcpy(measures, options->measures, count * sizeof(*measures));
	else
		count = usual_measures(form->measures, measures);
	if (options->quantile_count != 0)
		count = replace_quantiles(measures, count, options);
	if (options->adjusted)
		count += usual_measures("adjusted,unknown", &measures[count]);
	count = drop_repeated(measures, count);
	for (size_t i = 0; i < count; i++)
		measures[i].interval = form->intervals;
	report->measures = measures;
	report->measure_count = count;
}

static enum sl_status measure_shown(struct report *report, struct sl_error *err)
{
	struct sl_measures measures = { report->measures, report->measure_count };
	size_t count = measures.count;
	enum sl_status status = SL_OK;

	report->figures = calloc(report->shown * count + 1, sizeof(*report->figures));
	if (report->figures == NULL)
		return sl_fail_memory(err);
	for (size_t i = 0; i < report->shown && status == SL_OK; i++)
		status = sl_measure_group(report->groups, report->rows[i], measures,
					  &report->figures[i * count], err);
	return status;
}

enum sl_status sl_report_write(const char *form_name, const struct sl_report_options *options,
			       struct sl_groups *groups, struct sl_buffer *out,
			       struct sl_error *err)
{
	const struct form *form = find_form(form_name);
	struct report report = { .options = options, .groups = groups };
	struct sl_measure measures[SL_MEASURE_LIMIT];
	uint64_t top = options->top == UINT64_MAX ? form->top : options->top;
	enum sl_status status = sort(&report, groups, err);

	report.shown = top != 0 && top < groups->count ? (size_t)top : groups->count;
	choose_measures(form, options, &report, measures);
	if (status == SL_OK)
		status = measure_shown(&report, err);
	if (status == SL_OK)
		form->write(&report, out);
	free(report.rows);
	free(report.figures);
	return status;
}
