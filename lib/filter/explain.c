/* How a filter would be run, in words: what --explain shows. */
#include "filter.h"

static void explain_queries(const struct sl_selection *selection, const char *label,
			    struct sl_buffer *out)
{
	for (size_t i = 0; i < selection->query_count; i++) {
		sl_buffer_printf(out, "%s", label);
		sl_query_print(selection->queries[i], out);
		sl_buffer_add_byte(out, '\n');
		sl_query_print_patterns(selection->queries[i], out);
	}
}

static void explain_traces(const struct sl_gather_options *gather, struct sl_buffer *out)
{
	if (gather->sorted)
		sl_buffer_add_literal(out, "trace by trace: each is complete where another one "
					   "begins, and what is held is one trace");
	else
		sl_buffer_add_literal(out, "trace by trace: gathered in memory");
	sl_buffer_printf(out, "%s up to %zu bytes, then in files in %s\n",
			 gather->sorted ? "," : "", gather->limit_bytes, gather->directory);
}

/* The order in which a span has to get through. */
static void explain_choice(const struct sl_filter *filter, struct sl_buffer *out)
{
	const struct sl_selection *wanted = &filter->wanted;

	if (wanted->ids != NULL)
		sl_buffer_printf(out, "only traces of %zu id%s\n", wanted->ids->count,
				 wanted->ids->count == 1 ? "" : "s");
	if (wanted->shard_count != 0)
		sl_buffer_printf(out, "only part %llu of %llu of all traces\n",
				 (unsigned long long)wanted->shard + 1,
				 (unsigned long long)wanted->shard_count);
	if (filter->dropped != NULL)
		explain_queries(filter->dropped, "drops ", out);
	if (filter->reparent)
		sl_buffer_add_literal(out, "gives the children of what is left out another parent"
					   "\n");
	if (!filter->samples)
		return;
	sl_buffer_printf(out,
			 "samples: keeps %g%% of all traces, those whose randomness is not "
			 "below 0x%014llx of 2^56\n",
			 100.0 * (double)(SL_SAMPLE_ALL - filter->threshold) /
				 (double)SL_SAMPLE_ALL,
			 (unsigned long long)filter->threshold);
	if (filter->kept != NULL)
		explain_queries(filter->kept, "keeps, unsampled, the traces of ", out);
}

static void explain_needs(const struct sl_filter *filter, struct sl_buffer *out)
{
	static const char *const names[] = {
		"trace_id", "span_id",	      "parent_span_id", "name",	      "service", "kind",
		"status",   "status_message", "times",		"attributes", "all",
	};
	unsigned needs = sl_filter_needs(filter);

	sl_buffer_add_literal(out, "looks at:");
	for (size_t i = 0; i < SL_COUNT(names); i++)
		if (needs & 1U << i)
			sl_buffer_printf(out, " %s", names[i]);
	sl_buffer_printf(out, needs == 0 ? " nothing\n" : "\n");
}

static void explain_attribute(const struct sl_attribute_test *test, struct sl_buffer *out)
{
	sl_buffer_add_literal(out, "lines without ");
	if (test->key.data != NULL)
		sl_buffer_printf(out, "\"%.*s\":", (int)test->key.len, test->key.data);
	if (test->type == SL_VALUE_STRING)
		sl_buffer_printf(out, "\"%.*s\"", (int)test->text.len, test->text.data);
	else if (test->type == SL_VALUE_BOOL)
		sl_buffer_printf(out, "%s", test->boolean ? "true" : "false");
	else if (test->type == SL_VALUE_DOUBLE && test->least == test->most)
		sl_buffer_printf(out, "%.15g", test->least);
	sl_buffer_add_literal(out, " are passed over\n");
}

void sl_filter_explain(const struct sl_filter *filter, struct sl_buffer *out)
{
	struct sl_attribute_test attribute;
	struct sl_head_tests tests;

	explain_queries(&filter->wanted, "", out);
	explain_choice(filter, out);
	if (sl_filter_needs_traces(filter))
		explain_traces(&filter->traces.gather, out);
	else
		sl_buffer_add_literal(out, "span by span, in the order of the input, in constant "
					   "memory\n");
	explain_needs(filter, out);
	if (sl_filter_head(filter, &tests))
		sl_buffer_add_literal(out, "lines whose head says no are passed over\n");
	if (sl_filter_attribute(filter, &attribute))
		explain_attribute(&attribute, out);
}
