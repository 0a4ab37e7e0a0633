/*
 * Records of Jaeger: a trace with its processes (UI and API), a batch of one process (protobuf's
 * JSON, Thrift's), or one span that has its process in it (Elasticsearch).  Processes mostly stand
 * behind the spans: spans wait for theirs until the trace ends.
 */
#include "jaeger.h"
#include <stdlib.h>

enum {
	TRACE_KEYS = KEY_SPANS | KEY_PROCESSES,
	SPAN_KEYS = KEY_SPAN_ID_BIG | KEY_SPAN_ID | KEY_OPERATION_NAME,
};

struct process {
	struct sl_slice id, text;
	const struct sl_resource *resource;
};

struct trace {
	struct sl_slice trace_id;
	struct sl_slice process; /* of all spans that have none */
};

bool jaeger_resumes(unsigned keys)
{
	bool has_id = (keys & (KEY_TRACE_ID_BIG | KEY_TRACE_ID | KEY_TRACE_ID_LOW)) != 0;

	return (keys & KEY_SPANS) != 0 || (has_id && (keys & KEY_OPERATION_NAME) != 0);
}

/* What the record at the cursor is, by the first keys that tell. */
static unsigned what_stands(const struct sl_cursor *cursor)
{
	size_t looked;

	return sl_cursor_peek(cursor) == '{'
		       ? foreign_keys_of(cursor, TRACE_KEYS | SPAN_KEYS, &looked)
		       : 0;
}

/* Behind damage: the next span of the list, or false where something else comes. */
static bool resume_in_list(struct sl_foreign_reader *reader)
{
	if (!foreign_resume(reader))
		return false;
	return (what_stands(&reader->cursor) & TRACE_KEYS) == 0 || foreign_leave(reader);
}

static bool read_spans(struct sl_foreign_reader *reader, void *trace)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice trace_id = ((struct trace *)trace)->trace_id;
	bool resumed = false;

	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; resumed || sl_cursor_next_object(cursor, &begun);) {
		resumed = false;
		if (jaeger_read_span(reader, trace_id, false))
			continue;
		if (!resume_in_list(reader))
			return false;
		resumed = begun = true;
	}
	return foreign_end_list(reader);
}

static bool add_process(struct sl_foreign_reader *reader, struct sl_slice id, struct sl_slice text)
{
	struct process *process = foreign_push(reader, &reader->parts, sizeof(*process));

	if (process == NULL)
		return false;
	process->id = id;
	process->text = text;
	return true;
}

/* {"p1": process} */
static bool read_processes(struct sl_foreign_reader *reader, void *unused)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_slice id = { "", 0 }, text = { "", 0 };

	(void)unused;
	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_member(cursor, &begun, &id);)
		if (!foreign_raw(reader, &text) || !add_process(reader, id, text))
			return false;
	return cursor->fault == SL_FAULT_NONE;
}

static const struct foreign_member mapping_members[] = {
	{ FOREIGN_KEY("processId"), foreign_slice, offsetof(struct process, id) },
	{ FOREIGN_KEY("process"), foreign_raw, offsetof(struct process, text) },
};
static const struct foreign_shape mapping_shape = { mapping_members, SL_COUNT(mapping_members) };

/* [{"processId": "p1", "process": process}] */
static bool read_process_map(struct sl_foreign_reader *reader, void *unused)
{
	struct sl_cursor *cursor = &reader->cursor;

	(void)unused;
	if (sl_cursor_peek(cursor) != '[')
		return sl_cursor_skip_bad_field(cursor);
	for (bool begun = false; sl_cursor_next_object(cursor, &begun);) {
		struct process mapping = { .resource = NULL };

		if (!foreign_members(reader, &mapping_shape, &mapping) ||
		    !add_process(reader, mapping.id, mapping.text))
			return false;
	}
	return cursor->fault == SL_FAULT_NONE;
}

static const struct foreign_member trace_members[] = {
	{ FOREIGN_KEY("traceID"), jaeger_trace_id, offsetof(struct trace, trace_id) },
	{ FOREIGN_KEY("spans"), read_spans, 0 },
	{ FOREIGN_KEY("processes"), read_processes, 0 },
	{ FOREIGN_KEY("process"), foreign_raw, offsetof(struct trace, process) },
	{ FOREIGN_KEY("processMap"), read_process_map, 0 },
};
static const struct foreign_shape trace_shape = { trace_members, SL_COUNT(trace_members) };

static int compare(const void *a, const void *b)
{
	const struct process *left = a, *right = b;

	return sl_slice_compare(left->id, right->id);
}

/* The process of that id; many spans in a row have the same. */
static struct process *find_process(struct sl_foreign_reader *reader, struct sl_slice id,
				    struct process *last)
{
	struct process wanted = { .id = id };

	if (last != NULL && sl_slice_equal(last->id, id))
		return last;
	if (reader->parts.count == 0)
		return NULL;
	return bsearch(&wanted, reader->parts.items, reader->parts.count, sizeof(wanted), compare);
}

/* The spans that wait, from `first` on, get what is said of all, and their processes.  False: no
 * memory. */
static bool settle(struct sl_foreign_reader *reader, size_t first, const struct trace *trace)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct sl_span *spans = (struct sl_span *)(void *)reader->spans.items;
	struct jaeger_pending *pending = (struct jaeger_pending *)(void *)reader->pending.items;
	struct process all = { .text = trace->process }, *last = NULL;

	if (reader->parts.count > 0)
		qsort(reader->parts.items, reader->parts.count, sizeof(*last), compare);
	for (size_t i = first; i < reader->spans.count; i++) {
		struct process *process = &all;

		if (spans[i].trace_id.len == 0)
			spans[i].trace_id = trace->trace_id;
		if (pending[i].has_process)
			continue;
		if (trace->process.len == 0 || pending[i].process_id.len != 0)
			process = last = find_process(reader, pending[i].process_id, last);
		if (process == NULL || process->text.len == 0) {
			cursor->notes->count[SL_NOTE_LOST_PROCESS] +=
				pending[i].process_id.len != 0;
			continue;
		}
		if (process->resource == NULL)
			process->resource = jaeger_resource(reader, process->text);
		if (process->resource == NULL)
			return false;
		spans[i].resource = process->resource;
	}
	reader->parts.count = 0;
	return true;
}

static bool read_trace(struct sl_foreign_reader *reader)
{
	size_t first = reader->spans.count;
	struct trace trace = { .process = { NULL, 0 } };
	bool read = foreign_members(reader, &trace_shape, &trace);

	return settle(reader, first, &trace) && read;
}

/* As the documents of Elasticsearch have it, and no span of a trace that was cut off. */
static bool has_process(const struct sl_cursor *cursor)
{
	size_t looked;

	return (foreign_keys_of(cursor, KEY_PROCESS, &looked) & KEY_PROCESS) != 0;
}

bool jaeger_read(struct sl_foreign_reader *reader)
{
	const struct trace none = { .process = { NULL, 0 } };
	size_t first = reader->spans.count;
	unsigned keys = what_stands(&reader->cursor);

	if ((keys & TRACE_KEYS) != 0)
		return read_trace(reader);
	if ((keys & SPAN_KEYS) == 0)
		return foreign_other(reader);
	return jaeger_read_span(reader, (struct sl_slice){ "", 0 }, has_process(&reader->cursor)) &&
	       settle(reader, first, &none);
}
