/* The outputs of trace-tree, each in its form, and what is known of the traces that none shows. */
#include "spanline/drawing.h"
#include <stdlib.h>
#include <unistd.h>

/* Nothing says which traces are wanted. */
static bool is_overview(const struct sl_drawing_options *options)
{
	return !sl_selecting_anything() && options->slowest == 0 && options->first == 0 &&
	       !options->errors && !options->all;
}

/* An output, and what it takes. */
struct drawn_form {
	struct sl_drawing *drawing; /* that it is of, as number `index` */
	size_t index;
	struct sl_render *render;
	struct sl_render_options how;
	struct sl_buffer out; /* where outputs are split: of one trace */
	bool takes_all;	      /* each trace that is selected, though only few are drawn */
	uint64_t limit, drawn;
};

struct sl_drawing {
	struct drawn_form forms[SL_MOST_OUTPUTS];
	size_t count;
	bool split;
	struct sl_drawing_options *options;
	const struct sl_show *show;
	struct sl_entries *entries; /* or NULL: no findings are wanted */
	struct sl_linked *linked;   /* or NULL: no links are wanted */
};

/* The rows of a waterfall that nobody has asked for must fit a look. */
static uint64_t usual_rows(const struct sl_drawing_options *options, const char *form, bool for_all)
{
	bool is_waterfall = strcmp(form, "text") == 0 || strcmp(form, "markdown") == 0;

	return is_overview(options) && is_waterfall && !for_all ? 60 : 0;
}

static void read_form(struct drawn_form *drawn, const struct sl_drawing_options *options,
		      const struct sl_form_output *output)
{
	bool to_stdout = output->path == NULL && sl_reading.output == NULL;
	bool of_one = sl_render_form_is_of_one(output->form);
	bool for_all =
		sl_render_form_is_for_all(output->form) || (options->how.findings_only && !of_one);

	if (options->how.no_findings && sl_render_form_is_of_findings(output->form))
		sl_die_usage("--no-findings contradicts --to %s", output->form);
	drawn->how = options->how;
	drawn->how.width = options->width != 0 ? (size_t)options->width : sl_cli_width(to_stdout);
	drawn->how.wrap = options->width != 0 || (to_stdout && isatty(STDOUT_FILENO));
	drawn->how.colour = sl_cli_has_colour(options->colour, to_stdout);
	drawn->how.rows = options->rows != UINT64_MAX ? options->rows
						      : usual_rows(options, output->form, for_all);
	drawn->limit = of_one ? 1 : UINT64_MAX;
	drawn->takes_all = is_overview(options) && for_all;
}

static void read_forms(struct sl_drawing *drawing)
{
	struct sl_outputs *to = &drawing->options->to;

	if (to->count == 0)
		to->items[to->count++].form = "text";
	drawing->count = to->count;
	drawing->split = sl_outputs_are_split(to);
	for (size_t i = 0; i < to->count; i++)
		read_form(&drawing->forms[i], drawing->options, &to->items[i]);
}

/* Traces that are drawn: where nothing says which, the slowest for those who look at them. */
static void read_which(struct sl_show *show, struct sl_drawing *drawing)
{
	const struct sl_drawing_options *options = drawing->options;
	bool overview = false;

	if ((options->slowest != 0) + (options->first != 0) + options->all > 1)
		sl_die_usage("only one of --slowest, --first and --all can be had");
	show->limit = 0;
	for (size_t i = 0; i < drawing->count; i++) {
		const struct drawn_form *drawn = &drawing->forms[i];
		const char *form = options->to.items[i].form;

		if (drawn->limit == 1 &&
		    (options->all || options->slowest > 1 || options->first > 1))
			sl_die_usage("--to %s is of one trace", form);
		show->limit = drawn->limit > show->limit ? drawn->limit : show->limit;
		overview |= is_overview(options) && !drawn->takes_all;
		if (is_overview(options) && !drawn->takes_all && strcmp(form, "text") == 0)
			show->listed = 10;
	}
	show->errors = options->errors;
	show->slowest = overview || options->slowest != 0;
	if (overview)
		show->limit = 1;
	else if (show->limit != 1 && (options->slowest != 0 || options->first != 0))
		show->limit = options->slowest + options->first;
	/* all are drawn then: nothing is left to be taken apart */
	for (size_t i = 0; i < drawing->count && !overview; i++)
		drawing->forms[i].takes_all = false;
}

static enum sl_status remember(void *context, const struct sl_trace *trace, struct sl_error *err)
{
	struct sl_drawing *drawing = context;
	enum sl_status status = SL_OK;

	if (drawing->entries != NULL)
		status = sl_entries_add(drawing->entries, trace, err);
	if (drawing->linked != NULL && status == SL_OK)
		status = sl_linked_add(drawing->linked, trace, err);
	return status;
}

static enum sl_status all_remembered(void *context, struct sl_error *err)
{
	struct sl_drawing *drawing = context;

	for (size_t i = 0; i < drawing->count; i++) {
		sl_render_entries(drawing->forms[i].render, drawing->entries);
		sl_render_linked(drawing->forms[i].render, drawing->linked);
	}
	if (drawing->linked != NULL)
		sl_linked_end(drawing->linked);
	return drawing->entries != NULL ? sl_entries_end(drawing->entries, err) : SL_OK;
}

/* Where outputs are split, what was made for one goes to its file at once. */
static enum sl_status hand_out(struct sl_drawing *drawing, size_t index, struct sl_error *err)
{
	struct sl_buffer *made = &drawing->forms[index].out;
	enum sl_status status;

	if (made->failed)
		return sl_fail_memory(err);
	status = sl_outputs_write(&drawing->options->to, index, sl_buffer_slice(made), err);
	made->len = 0;
	return status;
}

static enum sl_status draw_form(struct sl_drawing *drawing, size_t index,
				const struct sl_trace *trace, struct sl_buffer *out,
				struct sl_error *err)
{
	struct drawn_form *drawn = &drawing->forms[index];
	enum sl_status status;

	if (drawn->drawn == drawn->limit)
		return SL_OK;
	drawn->drawn++;
	status = sl_render_trace(drawn->render, trace, drawing->split ? &drawn->out : out, err);
	return status == SL_OK && drawing->split ? hand_out(drawing, index, err) : status;
}

static enum sl_status draw_those(struct sl_drawing *drawing, bool takes_all,
				 const struct sl_trace *trace, struct sl_buffer *out,
				 struct sl_error *err)
{
	enum sl_status status = SL_OK;

	for (size_t i = 0; i < drawing->count && status == SL_OK; i++)
		if (drawing->forms[i].takes_all == takes_all)
			status = draw_form(drawing, i, trace, out, err);
	return status;
}

static enum sl_status examine(void *context, const struct sl_trace *trace, struct sl_error *err)
{
	struct sl_drawing *drawing = context;
	enum sl_status status = SL_OK;

	if (drawing->options->gated && drawing->options->slowest == 0)
		status = sl_render_judge(drawing->forms[0].render, trace, err);
	return status == SL_OK ? draw_those(drawing, true, trace, NULL, err) : status;
}

static void list(void *context, const struct sl_trace *trace, struct sl_buffer *out)
{
	struct sl_drawing *drawing = context;

	for (size_t i = 0; i < drawing->count; i++)
		if (!drawing->forms[i].takes_all)
			sl_render_list(drawing->forms[i].render, trace,
				       drawing->split ? &drawing->forms[i].out : out);
}

static enum sl_status draw(void *context, const struct sl_trace *trace, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct sl_drawing *drawing = context;
	enum sl_status status = SL_OK;

	/* which are the slowest is known only here */
	if (drawing->options->gated && drawing->options->slowest != 0)
		status = sl_render_judge(drawing->forms[0].render, trace, err);
	return status == SL_OK ? draw_those(drawing, false, trace, out, err) : status;
}

static enum sl_status write_piece(void *context, struct sl_buffer *out, struct sl_error *err)
{
	const struct drawn_form *drawn = context;
	const struct sl_flow_writer *writer = &drawn->drawing->show->writer;

	return drawn->drawing->split ? hand_out(drawn->drawing, drawn->index, err)
				     : writer->write(writer->flow, out, err);
}

static void end(void *context, struct sl_buffer *out)
{
	struct sl_drawing *drawing = context;
	struct sl_error unused;

	for (size_t i = 0; i < drawing->count; i++) {
		sl_render_end(drawing->forms[i].render,
			      drawing->split ? &drawing->forms[i].out : out);
		/* what fails here is told when the output is closed */
		if (drawing->split)
			(void)!hand_out(drawing, i, &unused);
	}
}

/* Of other traces, for findings and for links each: of some hundred thousand. */
enum { REMEMBERED_BYTES = 64 << 20 };

/* What is known of the traces around those that are drawn.  Where only some need be gathered it is
 * nothing, unless it is asked for. */
static void remember_others(struct sl_drawing *drawing, struct sl_show *show)
{
	const struct sl_drawing_options *options = drawing->options;
	/* what is found must not depend on the memory for gathering */
	size_t limit = REMEMBERED_BYTES;
	bool gathers_all = show->wanted.ids == NULL &&
			   (options->slowest == 0 || !sl_show_can_find_slowest(show));
	struct sl_error err;

	if (!options->links && (options->how.no_findings || !gathers_all))
		return;
	if (options->links && sl_linked_open(&drawing->linked, limit, &err) != SL_OK)
		sl_die("%s", err.text);
	if (!options->how.no_findings && sl_entries_open(&drawing->entries, limit, &err) != SL_OK)
		sl_die("%s", err.text);
	show->ahead = remember;
	show->ready = all_remembered;
}

static void open_forms(struct sl_drawing *drawing)
{
	struct sl_error err;

	for (size_t i = 0; i < drawing->count; i++) {
		struct drawn_form *drawn = &drawing->forms[i];

		if (sl_render_open(&drawn->render, drawing->options->to.items[i].form, &drawn->how,
				   &err) != SL_OK)
			sl_die("%s", err.text);
		drawn->drawing = drawing;
		drawn->index = i;
		sl_render_write_to(drawn->render, write_piece, drawn);
	}
}

static bool some_take_all(const struct sl_drawing *drawing)
{
	for (size_t i = 0; i < drawing->count; i++)
		if (drawing->forms[i].takes_all)
			return true;
	return false;
}

enum sl_status sl_drawing_open(struct sl_drawing **opened, struct sl_drawing_options *options,
			       struct sl_show *show, struct sl_error *err)
{
	struct sl_drawing *drawing = calloc(1, sizeof(*drawing));

	if (drawing == NULL)
		return sl_fail_memory(err);
	drawing->options = options;
	drawing->show = show;
	read_forms(drawing);
	read_which(show, drawing);
	open_forms(drawing);
	show->context = drawing;
	show->examine = options->gated || some_take_all(drawing) ? examine : NULL;
	remember_others(drawing, show);
	show->list = list;
	show->draw = draw;
	show->end = end;
	*opened = drawing;
	return SL_OK;
}

uint64_t sl_drawing_failed(const struct sl_drawing *drawing)
{
	return sl_render_failed(drawing->forms[0].render);
}

void sl_drawing_close(struct sl_drawing *drawing)
{
	for (size_t i = 0; i < drawing->count; i++) {
		sl_render_close(drawing->forms[i].render);
		sl_buffer_free(&drawing->forms[i].out);
	}
	sl_entries_close(drawing->entries);
	sl_linked_close(drawing->linked);
	free(drawing);
}
