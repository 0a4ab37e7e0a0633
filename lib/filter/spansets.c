/* Spansets as JSON objects: which trace, what by() and the aggregates gave, which spans. */
#include "filter.h"

static void write_members(const struct sl_trace *trace, struct sl_buffer *out)
{
	static const char *const names[] = { "name", "service", "start", "duration_ms" };
	const struct sl_span *root = trace->nodes[trace->root].span;

	sl_buffer_add_literal(out, "{\"trace_id\":");
	sl_json_write_field(out, sl_field_find(SL_SLICE("trace_id")), root);
	sl_buffer_add_literal(out, ",\"root\":{");
	for (size_t i = 0; i < SL_COUNT(names); i++) {
		struct sl_slice name = { names[i], strlen(names[i]) };

		sl_buffer_printf(out, "%s\"%s\":", i == 0 ? "" : ",", names[i]);
		sl_json_write_field(out, sl_field_find(name), root);
	}
	sl_buffer_add_literal(out, "}");
}

/* What --fields and select() name, of each span. */
static enum sl_status write_fields(struct worker *worker, const struct sl_trace *trace,
				   const struct sl_spanset *set, struct sl_buffer *out,
				   struct sl_error *err)
{
	enum sl_status status = SL_OK;

	sl_buffer_add_literal(out, ",\"spans\":[");
	for (uint32_t i = 0; i < set->count && status == SL_OK; i++) {
		uint32_t at = set->spans[i];

		if (i > 0)
			sl_buffer_add_byte(out, ',');
		status = sl_project(worker->projector, trace->nodes[at].span, trace, at, out, err);
		out->len -= !out->failed; /* its newline */
	}
	sl_buffer_add_byte(out, ']');
	return status;
}

/* The name of a value; of equal names, of which readers keep one, the second is "count() (2)". */
static void write_value_name(struct sl_buffer *out, const struct sl_spanset *set, size_t at)
{
	size_t same = 1;

	for (size_t i = 0; i < at; i++)
		same += sl_slice_compare(set->values[i].name, set->values[at].name) == 0;
	sl_json_write_string(out, set->values[at].name);
	if (same == 1 || out->len == 0)
		return;
	out->len--; /* the quote */
	sl_buffer_printf(out, " (%lu)\"", (unsigned long)same);
}

static enum sl_status write_spanset(struct worker *worker, const struct sl_trace *trace,
				    const struct sl_spanset *set, struct sl_buffer *out,
				    struct sl_error *err)
{
	enum sl_status status = SL_OK;

	write_members(trace, out);
	sl_buffer_add_literal(out, ",\"values\":{");
	for (size_t i = 0; i < set->value_count; i++) {
		if (i > 0)
			sl_buffer_add_byte(out, ',');
		write_value_name(out, set, i);
		sl_buffer_add_byte(out, ':');
		sl_write_query_value(out, &set->values[i].value);
	}
	sl_buffer_printf(out, "},\"matched\":%lu,\"span_ids\":[", (unsigned long)set->count);
	for (uint32_t i = 0; i < set->count; i++) {
		if (i > 0)
			sl_buffer_add_byte(out, ',');
		sl_json_write_field(out, sl_field_find(SL_SLICE("span_id")),
				    trace->nodes[set->spans[i]].span);
	}
	sl_buffer_add_byte(out, ']');
	if (worker->projector != NULL)
		status = write_fields(worker, trace, set, out, err);
	sl_buffer_add_literal(out, "}\n");
	return status;
}

enum sl_status write_spansets(struct worker *worker, const struct sl_trace *trace,
			      struct sl_buffer *out, struct sl_error *err)
{
	const struct sl_filter *filter = worker->filter;
	const struct sl_spanset *sets;
	enum sl_status status = SL_OK;
	size_t count;

	for (size_t i = 0; i < filter->wanted.query_count && status == SL_OK; i++) {
		status = sl_query_trace(worker->matchers[i], trace, &sets, &count, err);
		for (size_t j = 0; status == SL_OK && j < count; j++) {
			if (!is_silent(filter))
				status = write_spanset(worker, trace, &sets[j], out, err);
			if (status == SL_OK)
				status = count_unit(worker);
		}
	}
	return status;
}
