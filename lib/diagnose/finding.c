/* How findings are told: spans, figures, a line for people. */
#include "examine.h"
#include "spanline/text.h"

enum { LONGEST_QUOTE = 100 };

/* The chain from `node` up to its top, cut in the middle where it is long. */
static uint32_t write_chain(const struct sl_trace *trace, uint32_t node, uint32_t *chain)
{
	uint32_t count = 0, at = node;

	for (; at != SL_NO_SPAN && count < LONGEST_CHAIN - 1; at = trace->nodes[at].parent)
		chain[count++] = at;
	if (at == SL_NO_SPAN)
		return count;
	while (trace->nodes[at].parent != SL_NO_SPAN)
		at = trace->nodes[at].parent;
	chain[count++] = at;
	return count;
}

static bool has_node(const struct sl_finding *finding, uint32_t node)
{
	for (uint32_t i = 0; i < finding->chain_count; i++)
		if (finding->nodes[i] == node)
			return true;
	return false;
}

void telling_begin(struct telling *telling, struct examination *exam, const struct suspect *suspect,
		   enum sl_finding_kind kind)
{
	size_t room = LONGEST_CHAIN + suspect->count;

	*telling = (struct telling){ .exam = exam };
	exam->text.len = 0;
	telling->finding = (struct sl_finding){
		.kind = kind,
		.severity = suspect->severity,
		.weight = suspect->weight,
	};
	telling->finding.nodes =
		sl_arena_alloc(exam->arena, room * sizeof(*telling->finding.nodes));
	if (telling->finding.nodes == NULL) {
		exam->failed = true;
		return;
	}
	telling->others = suspect->count;
	telling->finding.chain_count =
		write_chain(exam->trace, suspect->first, telling->finding.nodes);
	telling->finding.node_count = telling->finding.chain_count;
}

void telling_other(struct telling *telling, uint32_t node)
{
	struct sl_finding *finding = &telling->finding;

	if (finding->nodes == NULL || telling->others == 0 || has_node(finding, node))
		return;
	telling->others--;
	finding->nodes[finding->node_count++] = node;
}

void telling_others(struct telling *telling, const struct keyed *run, size_t count)
{
	for (size_t i = 0; i < count; i++)
		telling_other(telling, run[i].node);
}

static struct sl_figure *add_figure(struct telling *telling, const char *name,
				    enum sl_figure_type type)
{
	struct sl_figure *figure = &telling->figures[telling->finding.figure_count++];

	*figure = (struct sl_figure){ .name = name, .type = type };
	return figure;
}

void telling_count(struct telling *telling, const char *name, uint64_t count)
{
	add_figure(telling, name, SL_FIGURE_COUNT)->integer = (int64_t)count;
}

void telling_ms(struct telling *telling, const char *name, int64_t ns)
{
	add_figure(telling, name, SL_FIGURE_MS)->integer = ns;
}

void telling_share(struct telling *telling, const char *name, uint64_t ns)
{
	add_figure(telling, name, SL_FIGURE_SHARE)->number =
		(double)ns / (double)telling->exam->root_ns;
}

void telling_text(struct telling *telling, const char *name, struct sl_slice text)
{
	add_figure(telling, name, SL_FIGURE_TEXT)->text = text;
}

void telling_id(struct telling *telling, const char *name, struct sl_slice id)
{
	add_figure(telling, name, SL_FIGURE_ID)->text = id;
}

void telling_end(struct telling *telling)
{
	struct examination *exam = telling->exam;
	struct sl_findings *findings = exam->findings;
	struct sl_finding *finding = &telling->finding;
	size_t size = finding->figure_count * sizeof(*telling->figures);
	struct sl_figure *figures = sl_arena_alloc(exam->arena, size);

	finding->message = sl_arena_copy(exam->arena, sl_buffer_slice(&exam->text));
	if (figures == NULL || finding->message.data == NULL || finding->nodes == NULL ||
	    exam->text.failed ||
	    !sl_array_reserve((void **)&findings->items, &exam->capacity, findings->count + 1,
			      sizeof(*findings->items))) {
		exam->failed = true;
		return;
	}
	if (size != 0)
		memcpy(figures, telling->figures, size);
	finding->figures = figures;
	findings->items[findings->count++] = *finding;
}

void say_span(struct examination *exam, uint32_t node)
{
	const struct sl_span *span = exam->trace->nodes[node].span;
	struct sl_slice service = sl_span_service(span);

	say_short(exam, service);
	if (service.len > 0)
		sl_buffer_add_byte(&exam->text, ' ');
	say_short(exam, span->name);
}

void say_ms(struct examination *exam, uint64_t ns)
{
	double ms = (double)ns / 1e6;

	if (ms >= 9995)
		sl_buffer_printf(&exam->text, "%.1f s", ms / 1000);
	else
		sl_buffer_printf(&exam->text,
				 ms < 9.995   ? "%.2f ms"
				 : ms < 99.95 ? "%.1f ms"
					      : "%.0f ms",
				 ms);
}

void say_share(struct examination *exam, uint64_t ns)
{
	sl_buffer_printf(&exam->text, "%.0f %%", 100 * (double)ns / (double)exam->root_ns);
}

void say_short(struct examination *exam, struct sl_slice text)
{
	bool cut = text.len > LONGEST_QUOTE;

	if (cut) {
		text.len = LONGEST_QUOTE;
		/* not within a character */
		while (text.len > 0 && ((unsigned char)text.data[text.len] & 0xc0) == 0x80)
			text.len--;
	}
	sl_buffer_add_slice(&exam->text, text);
	if (cut)
		sl_buffer_add_literal(&exam->text, "...");
}
