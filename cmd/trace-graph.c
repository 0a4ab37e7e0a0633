/* trace-graph: which service calls which, how often, how slow, how wrong. */
#include "spanline/cli.h"
#include "spanline/draw.h"
#include <stdlib.h>

static struct {
	struct sl_outputs to;
	const char *by;
	uint64_t top, width;
	bool ascii;
} opt = { .by = "service", .top = 40 };

static const char *const groupings[] = { "service", "service,name", NULL };

static const struct sl_option options[] = {
	{ 0, "by", "LIST", "services (service), or their operations (service,name)",
	  .text = &opt.by, .choices = groupings },
	{ 0, "to", "FORM[:FILE]", "what is written (text); several, each to its file",
	  .outputs = &opt.to, .choice = sl_draw_form },
	{ 0, "top", "N", "the first N rows of a table (40); 0: all", .count = &opt.top },
	{ 0, "width", "CELLS", "of a line (the terminal's, $COLUMNS or 100)", .count = &opt.width,
	  .least = 40, .most = 1000 },
	{ 0, "ascii", NULL, "ASCII only", .flag = &opt.ascii },
	{ 0 },
};

static const struct sl_command command = {
	.name = "trace-graph",
	.purpose = "which service calls which, how often, how slow, how wrong",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_where_options, sl_selecting_options,
						     sl_output_options, sl_input_options, NULL },
};

static enum sl_status write_form(size_t index, const struct sl_graph *graph, struct sl_buffer *out,
				 struct sl_error *err)
{
	struct sl_draw_options how = { .ascii = opt.ascii, .top = opt.top };

	how.width = opt.width != 0 ? (size_t)opt.width
				   : sl_cli_width(sl_outputs_has_stdout(&opt.to, index));
	return sl_draw(opt.to.items[index].form, &how, graph, out, err);
}

/* Each form where it belongs. */
static enum sl_status report(void *context, const struct sl_graph *graph, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct sl_buffer made = { 0 };
	enum sl_status status = SL_OK;

	(void)context;
	if (!sl_outputs_are_split(&opt.to))
		return write_form(0, graph, out, err);
	for (size_t i = 0; i < opt.to.count && status == SL_OK; i++) {
		made.len = 0;
		status = write_form(i, graph, &made, err);
		if (status == SL_OK)
			status = sl_outputs_write(&opt.to, i, sl_buffer_slice(&made), err);
	}
	sl_buffer_free(&made);
	return status;
}

static int run(struct sl_graphing *graphing, char **paths)
{
	struct sl_flow_work work = sl_graphing_work(graphing);

	sl_reading.outputs = &opt.to;
	sl_reading.needs = sl_graphing_needs(graphing);
	sl_reading.lazy = sl_graphing_is_lazy(graphing);
	return sl_reading_run(&sl_reading, paths, &work);
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	struct sl_graphing graphing = { .now = sl_cli_now, .report = report };
	int outcome;

	if (opt.to.count == 0)
		opt.to.items[opt.to.count++].form = "text";
	sl_selecting_fill(&graphing.wanted);
	sl_selecting_gather(&graphing.traces, &graphing.idle_ns);
	graphing.traces.gather.live = !graphing.traces.gather.sorted && sl_cli_is_live(paths);
	graphing.by_name = strcmp(opt.by, "service") != 0;
	outcome = run(&graphing, paths);
	sl_selecting_warn_late(graphing.reopened);
	sl_selecting_free();
	return outcome;
}
