/*
 * Chrome trace events, for ui.perfetto.dev and chrome://tracing: a process for each service, a
 * thread for each lane, an arrow to each call of another service.
 *
 * Times are us with three places, which is exact in ns, from the start of the first trace: doubles
 * would lose ns since 1970.
 */
#include "forms.h"
#include "json.h"
#include "lanes.h"
#include "paint.h"
#include "spanline/json.h"
#include "spanline/text.h"

static void add_us(struct sl_buffer *out, int64_t signed_ns)
{
	uint64_t ns = signed_ns < 0 ? 0 - (uint64_t)signed_ns : (uint64_t)signed_ns;

	add_text(out, signed_ns < 0 ? "-" : "");
	sl_buffer_printf(out, "%llu.%03u", (unsigned long long)(ns / 1000), (unsigned)(ns % 1000));
}

/* Where the span stands: `"pid":1,"tid":2,"ts":3.000`. */
static void add_place(struct sl_buffer *out, uint64_t process, uint32_t lane, int64_t ns)
{
	sl_buffer_printf(out, "\"pid\":%llu,\"tid\":%u,\"ts\":", (unsigned long long)process,
			 (unsigned)lane + 1);
	add_us(out, ns);
}

static void begin_event(struct sl_render *render, struct sl_buffer *out, const char *phase)
{
	sl_buffer_printf(out, "%s{\"ph\":\"%s\",", render->items++ != 0 ? ",\n" : "", phase);
}

static void add_span(struct sl_buffer *out, const struct view *view, uint32_t node)
{
	const struct sl_span *span = view->trace->nodes[node].span;
	const char *kind = sl_kind_name(span->kind);

	add_text(out, ",\"dur\":");
	add_us(out, (int64_t)duration_of(span));
	add_text(out, ",\"name\":");
	sl_json_write_string(out, span->name);
	sl_buffer_printf(out,
			 ",\"cat\":\"%s\"%s,\"args\":{\"span_id\":", kind != NULL ? kind : "span",
			 is_error(span) ? ",\"cname\":\"terrible\"" : "");
	sl_buffer_add_id(out, span->span_id);
	add_text(out, ",\"trace_id\":");
	sl_buffer_add_id(out, span->trace_id);
	sl_buffer_printf(out,
			 ",\"error\":%s,\"critical_path_ms\":", is_error(span) ? "true" : "false");
	sl_buffer_add_ms(out, view->path.on_path_ns[node], 0);
	if (span->status_message.len != 0) {
		add_text(out, ",\"status_message\":");
		sl_json_write_string(out, span->status_message);
	}
	add_text(out, ",\"attributes\":");
	sl_json_write_value(
		out, &(struct sl_value){ .type = SL_VALUE_KVLIST, .list = span->attributes });
	add_text(out, "}}");
}

static void name_processes(struct sl_render *render, const struct view *view, uint64_t first,
			   struct sl_buffer *out)
{
	for (uint32_t i = 0; i < view->service_count; i++) {
		begin_event(render, out, "M");
		sl_buffer_printf(out,
				 "\"pid\":%llu,\"tid\":0,\"name\":\"process_name\",\"args\":{"
				 "\"name\":",
				 (unsigned long long)first + i);
		sl_json_write_string(out, view->services[i]);
		add_text(out, "}}");
	}
}

/* An arrow from the caller to what another service did for it. */
static void add_call(struct sl_render *render, const struct view *view, const uint32_t *lanes,
		     uint32_t node, struct sl_buffer *out)
{
	const struct sl_trace_node *at = &view->trace->nodes[node];
	uint32_t ends[2] = { at->parent, node };

	if (at->parent == SL_NO_SPAN || view->service[node] == view->service[at->parent])
		return;
	for (int i = 0; i < 2; i++) {
		uint64_t start = at->span->start_unix_nano;

		begin_event(render, out, i == 0 ? "s" : "f");
		add_place(out, render->processes + view->service[ends[i]] + 1, lanes[ends[i]],
			  (int64_t)(start - render->start_ns));
		sl_buffer_printf(out, ",\"id\":%llu,\"name\":\"call\",\"cat\":\"call\"%s}",
				 (unsigned long long)render->calls + node,
				 i == 0 ? "" : ",\"bp\":\"e\"");
	}
}

void perfetto_begin(struct sl_render *render, struct sl_buffer *out)
{
	(void)render;
	add_text(out, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
}

void perfetto_end(struct sl_render *render, struct sl_buffer *out)
{
	(void)render;
	add_text(out, "\n]}\n");
}

enum sl_status perfetto_trace(struct sl_render *render, const struct view *view,
			      struct sl_buffer *out, struct sl_error *err)
{
	const struct sl_trace *trace = view->trace;
	uint32_t *lanes;
	enum sl_status status = lanes_assign(view, &lanes, err);

	if (status != SL_OK)
		return status;
	if (render->drawn == 0)
		render->start_ns = trace->start_ns;
	name_processes(render, view, render->processes + 1, out);
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t node = trace->preorder[i];

		begin_event(render, out, "X");
		add_place(out, render->processes + view->service[node] + 1, lanes[node],
			  (int64_t)(trace->nodes[node].span->start_unix_nano - render->start_ns));
		add_span(out, view, node);
		add_call(render, view, lanes, node, out);
		drain(render, out);
	}
	render->processes += view->service_count;
	render->calls += trace->count;
	return SL_OK;
}
