/* Spans kept as lines, and read again when their trace is complete. */
#include "spanline/traces.h"
#include <stdlib.h>

struct sl_traces {
	struct sl_gatherer *gatherer;
	struct sl_json_reader *reader;
	struct sl_notes notes; /* what was told when the spans were first read */
	/* the current trace */
	struct sl_arena arena;
	struct sl_span_copier copier;
	struct sl_slice *lines; /* of records that were not gathered */
	size_t line_capacity;
	const struct sl_span **spans;
	size_t capacity;
	struct sl_trace trace;
};

enum sl_status sl_traces_open(struct sl_traces **traces, const struct sl_traces_options *options,
			      struct sl_error *err)
{
	struct sl_decode_options decode = { .signal = SL_SIGNAL_SPANS,
					    .max_depth = options->max_depth };
	struct sl_traces *opened = calloc(1, sizeof(*opened));
	enum sl_status status;

	if (opened == NULL)
		return sl_fail_memory(err);
	status = sl_gather_open(&opened->gatherer, &options->gather, err);
	if (status == SL_OK)
		status = sl_json_open(&opened->reader, &decode, &opened->notes, err);
	if (status != SL_OK)
		sl_traces_close(opened);
	else
		*traces = opened;
	return status;
}

void sl_traces_close(struct sl_traces *traces)
{
	if (traces == NULL)
		return;
	sl_gather_close(traces->gatherer);
	if (traces->reader != NULL)
		sl_json_close(traces->reader);
	free(traces->lines);
	sl_arena_free(&traces->arena);
	free(traces->spans);
	free(traces);
}

/* Before the id and the line of each record; in this process's order of bytes. */
struct record {
	size_t id_len;
	size_t line_len;
};

static void fill_in(struct sl_buffer *out, size_t at, size_t id_len)
{
	struct record record = { id_len, (uint32_t)(out->len - at - sizeof(record) - id_len) };

	memcpy(out->data + at, &record, sizeof(record));
}

void sl_traces_pack(struct sl_line_writer *writer, const struct sl_span *span,
		    struct sl_buffer *out)
{
	struct record record = { 0 };
	size_t at = out->len;

	sl_buffer_add(out, &record, sizeof(record));
	sl_buffer_add_slice(out, span->trace_id);
	if (span->line.len != 0) {
		sl_buffer_add_slice(out, span->line);
	} else {
		sl_line_write(writer, span, out);
		out->len -= !out->failed; /* its newline */
	}
	if (!out->failed)
		fill_in(out, at, span->trace_id.len);
}

static struct sl_slice take_bytes(struct sl_slice *from, size_t len)
{
	struct sl_slice taken = { from->data, len };

	from->data += len;
	from->len -= len;
	return taken;
}

enum sl_status sl_trace_packer_open(void **packer, void *context, struct sl_notes *notes,
				    struct sl_error *err)
{
	struct sl_line_writer *writer;
	enum sl_status status = sl_line_writer_open(&writer, err);

	(void)context;
	(void)notes;
	if (status == SL_OK)
		*packer = writer;
	return status;
}

enum sl_status sl_trace_packer_span(void *packer, const struct sl_span *span, struct sl_buffer *out,
				    struct sl_error *err)
{
	(void)err;
	sl_traces_pack(packer, span, out);
	return SL_OK;
}

void sl_trace_packer_close(void *packer)
{
	sl_line_writer_close(packer);
}

struct sl_flow_work sl_traces_work(void *context)
{
	return (struct sl_flow_work){ .open = sl_trace_packer_open,
				      .span = sl_trace_packer_span,
				      .close = sl_trace_packer_close,
				      .context = context };
}

/* The next of the records. */
static struct sl_slice take_record(struct sl_slice *records, struct sl_slice *id)
{
	struct sl_slice head = take_bytes(records, sizeof(struct record));
	struct record record;

	memcpy(&record, head.data, sizeof(record));
	*id = take_bytes(records, record.id_len);
	return take_bytes(records, record.line_len);
}

enum sl_status sl_traces_take(struct sl_traces *traces, struct sl_slice records,
			      struct sl_error *err)
{
	enum sl_status status = SL_OK;

	while (records.len != 0 && status == SL_OK) {
		struct sl_slice id, line = take_record(&records, &id);

		status = sl_gather_add(traces->gatherer, id, line, err);
	}
	return status;
}

void sl_traces_end(struct sl_traces *traces)
{
	sl_gather_end(traces->gatherer);
}

enum sl_status sl_traces_idle(struct sl_traces *traces, uint64_t now_ns, uint64_t idle_ns,
			      struct sl_error *err)
{
	return sl_gather_idle(traces->gatherer, now_ns, idle_ns, err);
}

uint64_t sl_traces_reopened(const struct sl_traces *traces)
{
	return sl_gather_counts(traces->gatherer)->reopened;
}

/* Each is read where it is, and what its copy needs of it stays there. */
static enum sl_status read_span(struct sl_traces *traces, struct sl_slice line,
				const struct sl_span **copy, struct sl_error *err)
{
	const struct sl_span *span;
	enum sl_status status;

	sl_json_start(traces->reader, SL_JSON_DOCUMENTS, line);
	status = sl_json_next(traces->reader, &span, err);
	if (status != SL_OK)
		return sl_fail(err, "a span that was kept cannot be read again: %s",
			       status == SL_END ? "it is not there" : err->text);
	traces->copier.lasting = line;
	*copy = sl_span_copy(&traces->copier, span);
	return *copy != NULL ? SL_OK : sl_fail_memory(err);
}

static void forget(struct sl_traces *traces)
{
	sl_arena_reset(&traces->arena);
	traces->copier = (struct sl_span_copier){ .arena = &traces->arena };
}

static enum sl_status build(struct sl_traces *traces, const struct sl_slice *lines, size_t count,
			    struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (!sl_array_reserve((void **)&traces->spans, &traces->capacity, count,
			      sizeof(struct sl_span *)))
		return sl_fail_memory(err);
	for (size_t i = 0; i < count && status == SL_OK; i++)
		status = read_span(traces, lines[i], &traces->spans[i], err);
	if (status == SL_OK)
		status = sl_trace_build(&traces->trace, traces->spans, count, &traces->arena, err);
	return status;
}

enum sl_status sl_traces_next(struct sl_traces *traces, const struct sl_trace **trace,
			      struct sl_error *err)
{
	struct sl_gathered gathered;
	enum sl_status status;

	forget(traces);
	status = sl_gather_next(traces->gatherer, &gathered, err);
	if (status == SL_OK)
		status = build(traces, gathered.records, gathered.count, err);
	if (status == SL_OK)
		*trace = &traces->trace;
	return status;
}

enum sl_status sl_traces_read(struct sl_traces *traces, struct sl_slice records,
			      const struct sl_trace **trace, struct sl_error *err)
{
	enum sl_status status;
	size_t count = 0;

	forget(traces);
	for (struct sl_slice id; records.len != 0; count++) {
		if (!sl_array_reserve((void **)&traces->lines, &traces->line_capacity, count + 1,
				      sizeof(*traces->lines)))
			return sl_fail_memory(err);
		traces->lines[count] = take_record(&records, &id);
	}
	status = build(traces, traces->lines, count, err);
	if (status == SL_OK)
		*trace = &traces->trace;
	return status;
}
