/*
 * Where time was spent itself, as stacks: folded lines for flame graphs, and speedscope's file.
 *
 * Of deep traces only the outermost frames are named, so that a trace of any depth is written in
 * linear time.
 */
#include "forms.h"
#include "json.h"
#include "paint.h"
#include "spanline/json.h"
#include "spanline/text.h"

enum { MOST_FRAMES = 128 };

/* The chain of parents, outermost first; gives how many of `frames` it takes. */
static uint32_t find_frames(const struct sl_trace *trace, uint32_t node, const uint32_t *by_depth,
			    uint32_t frames[MOST_FRAMES])
{
	uint32_t depth = trace->nodes[node].depth;
	uint32_t count = depth + 1 < MOST_FRAMES ? depth + 1 : MOST_FRAMES;

	for (uint32_t i = 0; i < count; i++)
		frames[i] = by_depth[i];
	if (depth + 1 > MOST_FRAMES)
		frames[MOST_FRAMES - 1] = node;
	return count;
}

/* Calls `add` with the frames of each span that spent time itself. */
static void each_stack(const struct view *view,
		       void (*add)(void *context, const struct view *view, const uint32_t *frames,
				   uint32_t count, uint64_t self_ns),
		       void *context)
{
	const struct sl_trace *trace = view->trace;
	uint32_t by_depth[MOST_FRAMES] = { 0 }, frames[MOST_FRAMES];

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t node = trace->preorder[i], depth = trace->nodes[node].depth;

		if (depth < MOST_FRAMES)
			by_depth[depth] = node;
		if (view->self_ns[node] <= 0)
			continue;
		add(context, view, frames, find_frames(trace, node, by_depth, frames),
		    (uint64_t)view->self_ns[node]);
	}
}

/* ';' and blanks at the end have a meaning, so they are others here. */
static void add_frame(struct sl_buffer *out, struct sl_buffer *scratch, const struct sl_span *span)
{
	struct sl_slice service = service_of(span);

	scratch->len = 0;
	sl_text_show(scratch, service, false);
	if (service.len != 0)
		sl_buffer_add_byte(scratch, ' ');
	sl_text_show(scratch, name_of(span), false);
	for (size_t i = 0; i < scratch->len; i++)
		if (scratch->data[i] == ';')
			sl_buffer_add_byte(out, ',');
		else
			sl_buffer_add_byte(out, scratch->data[i]);
}

struct folded {
	struct sl_render *render;
	struct sl_buffer *out;
};

static void add_folded(void *context, const struct view *view, const uint32_t *frames,
		       uint32_t count, uint64_t self_ns)
{
	struct folded *folded = context;

	for (uint32_t i = 0; i < count; i++) {
		add_text(folded->out, i != 0 ? ";" : "");
		add_frame(folded->out, &folded->render->scratch,
			  view->trace->nodes[frames[i]].span);
	}
	sl_buffer_printf(folded->out, " %llu\n", (unsigned long long)((self_ns + 500) / 1000));
	drain(folded->render, folded->out);
}

enum sl_status folded_trace(struct sl_render *render, const struct view *view,
			    struct sl_buffer *out, struct sl_error *err)
{
	struct folded folded = { render, out };

	(void)err;
	each_stack(view, add_folded, &folded);
	return SL_OK;
}

/* One span, one frame: speedscope puts equal names together itself. */
static void add_frames(struct sl_buffer *out, struct sl_buffer *scratch, const struct view *view)
{
	for (uint32_t i = 0; i < view->trace->count; i++) {
		const struct sl_span *span = view->trace->nodes[i].span;
		struct sl_slice service = service_of(span);

		scratch->len = 0;
		sl_buffer_add_slice(scratch, service);
		sl_buffer_add_byte(scratch, ' ');
		sl_buffer_add_slice(scratch, span->name);
		add_text(out, i != 0 ? ",\n{\"name\":" : "{\"name\":");
		sl_json_write_string(out, sl_buffer_slice(scratch));
		add_text(out, "}");
	}
}

struct samples {
	struct sl_buffer *stacks;
	struct sl_buffer weights;
	uint64_t total_ns;
};

static void add_sample(void *context, const struct view *view, const uint32_t *frames,
		       uint32_t count, uint64_t self_ns)
{
	struct samples *samples = context;

	(void)view;
	add_text(samples->stacks, samples->weights.len != 0 ? ",[" : "[");
	for (uint32_t i = 0; i < count; i++)
		sl_buffer_printf(samples->stacks, "%s%u", i != 0 ? "," : "", (unsigned)frames[i]);
	add_text(samples->stacks, "]");
	sl_buffer_printf(&samples->weights, "%s%llu", samples->weights.len != 0 ? "," : "",
			 (unsigned long long)self_ns);
	samples->total_ns += self_ns;
}

enum sl_status speedscope_trace(struct sl_render *render, const struct view *view,
				struct sl_buffer *out, struct sl_error *err)
{
	struct samples samples = { .stacks = out };

	(void)err;
	add_text(out, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\","
		      "\"exporter\":\"trace-tree\",\"shared\":{\"frames\":[\n");
	add_frames(out, &render->scratch, view);
	add_text(out, "\n]},\"profiles\":[{\"type\":\"sampled\",\"unit\":\"nanoseconds\","
		      "\"startValue\":0,\"name\":");
	render->scratch.len = 0;
	sl_buffer_add_hex(&render->scratch, view->trace->trace_id);
	sl_json_write_string(out, sl_buffer_slice(&render->scratch));
	add_text(out, ",\"samples\":[");
	each_stack(view, add_sample, &samples);
	add_text(out, "],\"weights\":[");
	sl_buffer_add_slice(out, sl_buffer_slice(&samples.weights));
	sl_buffer_printf(out, "],\"endValue\":%llu}]}\n", (unsigned long long)samples.total_ns);
	out->failed |= samples.weights.failed;
	sl_buffer_free(&samples.weights);
	return SL_OK;
}
