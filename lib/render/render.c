/* One output in one form. */
#include "spanline/render.h"
#include "paint.h"
#include "spanline/text.h"
#include "view.h"
#include <stdlib.h>

enum { PIECE_BYTES = 1 << 20 };

void sl_render_options_init(struct sl_render_options *options)
{
	struct sl_error err;

	*options = (struct sl_render_options){ .width = 100, .fold = 5 };
	sl_thresholds_init(&options->thresholds);
	(void)!sl_render_columns_parse(&options->columns, SL_SLICE("marks,duration,self,share"),
				       &err);
}

const char *sl_render_form(size_t index, const char **help)
{
	if (index >= form_count)
		return NULL;
	*help = forms[index].help;
	return forms[index].name;
}

static const struct form *find_form(const char *name)
{
	for (size_t i = 0; i < form_count; i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

bool sl_render_form_is_for_all(const char *name)
{
	const struct form *form = find_form(name);

	return form != NULL && form->for_all;
}

bool sl_render_form_is_of_one(const char *name)
{
	const struct form *form = find_form(name);

	return form != NULL && form->of_one;
}

bool sl_render_form_is_of_findings(const char *name)
{
	const struct form *form = find_form(name);

	return form != NULL && form->of_findings;
}

static enum sl_status add_failure(struct sl_fail_on *fail_on, struct sl_slice name,
				  struct sl_error *err)
{
	enum sl_finding_kind kind;
	enum sl_severity severity;

	if (sl_finding_parse(name, &kind)) {
		fail_on->kinds[kind] = true;
		return SL_OK;
	}
	if (!sl_severity_parse(name, &severity))
		return sl_reject(
			err, SL_UNSUPPORTED, SL_NOWHERE,
			"'%.*s' is no severity (error, warning, info) and no kind of finding "
			"(as n-plus-one)",
			(int)name.len, name.data);
	if (!fail_on->any || severity < fail_on->severity)
		fail_on->severity = severity;
	fail_on->any = true;
	return SL_OK;
}

enum sl_status sl_fail_on_parse(struct sl_fail_on *fail_on, struct sl_slice list,
				struct sl_error *err)
{
	enum sl_status status = SL_OK;
	struct sl_slice name;

	while (status == SL_OK && sl_next_item(&list, &name))
		status = add_failure(fail_on, name, err);
	return status;
}

enum sl_status sl_render_open(struct sl_render **render, const char *form,
			      const struct sl_render_options *options, struct sl_error *err)
{
	struct sl_render *opened = calloc(1, sizeof(*opened));

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->form = find_form(form);
	if (opened->form == NULL) {
		free(opened);
		return sl_fail(err, "'%s' is no form", form);
	}
	opened->options = options;
	*render = opened;
	return SL_OK;
}

void sl_render_close(struct sl_render *render)
{
	if (render == NULL)
		return;
	sl_arena_free(&render->arena);
	sl_buffer_free(&render->scratch);
	free(render);
}

void sl_render_entries(struct sl_render *render, const struct sl_entries *entries)
{
	render->entries = entries;
}

void sl_render_linked(struct sl_render *render, const struct sl_linked *linked)
{
	render->linked = linked;
}

void sl_render_list(struct sl_render *render, const struct sl_trace *trace, struct sl_buffer *out)
{
	if (render->form->list == NULL)
		return;
	render->form->list(render, trace, out);
	render->listed++;
}

static void begin(struct sl_render *render, struct sl_buffer *out)
{
	if (!render->begun && render->form->begin != NULL)
		render->form->begin(render, out);
	render->begun = true;
}

void sl_render_write_to(struct sl_render *render,
			enum sl_status (*write)(void *context, struct sl_buffer *out,
						struct sl_error *err),
			void *context)
{
	render->write = write;
	render->context = context;
}

void drain(struct sl_render *render, struct sl_buffer *out)
{
	if (out != render->out || render->write == NULL || out->len < PIECE_BYTES || out->failed)
		return;
	if (render->written == SL_OK)
		render->written = render->write(render->context, out, render->err);
	out->len = 0;
}

enum sl_status sl_render_trace(struct sl_render *render, const struct sl_trace *trace,
			       struct sl_buffer *out, struct sl_error *err)
{
	struct view view;
	enum sl_status status = view_fill(&view, render, trace, err);

	begin(render, out);
	render->out = out;
	render->err = err;
	render->written = SL_OK;
	if (status == SL_OK)
		status = render->form->trace(render, &view, out, err);
	if (status == SL_OK)
		status = render->written;
	if (status == SL_OK && (render->scratch.failed || out->failed))
		status = sl_fail_memory(err);
	render->drawn++;
	return status;
}

enum sl_status sl_render_judge(struct sl_render *render, const struct sl_trace *trace,
			       struct sl_error *err)
{
	struct view view;
	enum sl_status status = view_fill(&view, render, trace, err);

	if (status == SL_OK)
		render->failed += view_fails(&view);
	return status;
}

void sl_render_end(struct sl_render *render, struct sl_buffer *out)
{
	begin(render, out);
	if (render->form->end != NULL)
		render->form->end(render, out);
	if (render->drawn == 0 && render->form->empty != NULL)
		add_text(out, render->form->empty);
}

uint64_t sl_render_failed(const struct sl_render *render)
{
	return render->failed;
}
