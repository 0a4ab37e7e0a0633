/*
 * line_filter [KEY=TEXT] FILE: counts the spans of service "checkout" with status error, or those
 * with that attribute, over the path by which line filters read; so that it can be measured apart
 * from the language of queries.
 */
#include "spanline/flow.h"
#include <stdio.h>

struct wanted {
	struct sl_slice key; /* of the attribute; empty: by the head of the line */
	struct sl_slice text;
	uint64_t matches;
};

static bool is_wanted(const struct wanted *wanted, const struct sl_span *span)
{
	struct sl_value value;

	if (wanted->key.len == 0)
		return span->status_code == SL_STATUS_ERROR && span->resource->service != NULL &&
		       sl_slice_equal(span->resource->service->value.text, SL_SLICE("checkout"));
	return sl_span_attribute(span, SL_OWNER_SPAN, wanted->key, &value) &&
	       value.type == SL_VALUE_STRING && sl_slice_equal(value.text, wanted->text);
}

static enum sl_status see_span(void *worker, const struct sl_span *span, struct sl_buffer *out,
			       struct sl_error *err)
{
	struct wanted *wanted = worker;

	(void)err;
	if (!is_wanted(wanted, span) || sl_span_damaged(span))
		return SL_OK;
	wanted->matches++;
	sl_buffer_add_slice(out, span->line);
	sl_buffer_add_byte(out, '\n');
	return SL_OK;
}

static enum sl_status open_worker(void **worker, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	(void)notes;
	(void)err;
	*worker = context;
	return SL_OK;
}

static void complain(void *context, const char *path, const struct sl_complaint *complaint)
{
	(void)context;
	fprintf(stderr, "%s:%llu: %s\n", path, (unsigned long long)complaint->line,
		complaint->text);
}

int main(int argc, char **argv)
{
	struct wanted wanted = { .matches = 0 };
	char *paths[] = { argc > 1 ? argv[argc - 1] : NULL, NULL };
	const struct sl_flow_work work = {
		.open = open_worker, .span = see_span, .context = &wanted, .in_order = true
	};
	struct sl_flow_options options = {
		.paths = paths,
		.source = { .max_message = (size_t)64 << 20 },
		.reader = { .decode = { .signal = SL_SIGNAL_SPANS, .lazy = true },
			    .max_message = (size_t)64 << 20 },
		.workers = 1,
		.complain = complain,
	};
	char *equals = argc > 2 ? strchr(argv[1], '=') : NULL;
	struct sl_tally tally;
	struct sl_error err;

	options.reader.decode.needs = SL_NEED_SERVICE | SL_NEED_STATUS;
	if (equals != NULL) {
		wanted.key = (struct sl_slice){ argv[1], (size_t)(equals - argv[1]) };
		wanted.text = (struct sl_slice){ equals + 1, strlen(equals + 1) };
		options.reader.decode.needs = SL_NEED_ATTRIBUTES;
		options.reader.decode.literal = wanted.text;
	}
	if (sl_flow_run(&options, &work, &tally, &err) != SL_OK) {
		fprintf(stderr, "line_filter: %s\n", err.text);
		return 2;
	}
	printf("%llu of %llu\n", (unsigned long long)wanted.matches,
	       (unsigned long long)tally.spans);
	sl_tally_free(&tally);
	return 0;
}
