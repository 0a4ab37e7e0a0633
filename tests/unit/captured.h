/* The traces of a file that is one OTLP request as protobuf, for tests of what is said of them. */
#ifndef CAPTURED_H
#define CAPTURED_H

#include "spanline/diagnose.h"
#include "spanline/wire.h"
#include <stdio.h>
#include <stdlib.h>

enum { MOST_CAPTURED = 512 };

struct captured_trace {
	const struct sl_span **spans; /* owned */
	size_t count, capacity;
	struct sl_trace trace;
	struct sl_path path;
};

struct captured {
	struct sl_arena arena;
	struct sl_buffer bytes;
	struct captured_trace traces[MOST_CAPTURED];
	size_t count;
};

static void captured_keep(struct captured *captured, const struct sl_span *span)
{
	struct captured_trace *trace = captured->traces;

	while (trace < captured->traces + captured->count &&
	       !sl_slice_equal(trace->spans[0]->trace_id, span->trace_id))
		trace++;
	if (trace == captured->traces + MOST_CAPTURED ||
	    !sl_array_reserve((void **)&trace->spans, &trace->capacity, trace->count + 1,
			      sizeof(*trace->spans)))
		abort();
	captured->count += trace->count == 0;
	trace->spans[trace->count++] = span;
}

static bool captured_load(struct captured *captured, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t got;

	if (file == NULL)
		return false;
	do {
		char *at = sl_buffer_reserve(&captured->bytes, 1 << 16);

		if (at == NULL)
			abort();
		got = fread(at, 1, 1 << 16, file);
		captured->bytes.len += got;
	} while (got > 0);
	return fclose(file) == 0;
}

static void captured_build(struct captured *captured)
{
	struct sl_error err;

	for (size_t i = 0; i < captured->count; i++) {
		struct captured_trace *trace = &captured->traces[i];

		if (sl_trace_build(&trace->trace, trace->spans, trace->count, &captured->arena,
				   &err) != SL_OK ||
		    sl_trace_path(&trace->path, &trace->trace, &captured->arena, &err) != SL_OK)
			abort();
	}
}

/* False: the file is not there.  Freed by captured_free. */
static bool captured_open(struct captured *captured, const char *path)
{
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_span_copier copier = { .arena = &captured->arena };
	struct sl_wire_reader *reader;
	const struct sl_span *span;
	struct sl_notes notes = { 0 };
	struct sl_error err;

	*captured = (struct captured){ 0 };
	if (!captured_load(captured, path))
		return false;
	if (sl_wire_open(&reader, &options, &notes, &err) != SL_OK)
		abort();
	sl_wire_start(reader, sl_buffer_slice(&captured->bytes), false);
	while (sl_wire_next(reader, &span, &err) == SL_OK) {
		const struct sl_span *copy = sl_span_copy(&copier, span);

		if (copy == NULL)
			abort();
		captured_keep(captured, copy);
	}
	sl_wire_close(reader);
	captured_build(captured);
	return true;
}

static void captured_free(struct captured *captured)
{
	for (size_t i = 0; i < captured->count; i++)
		free(captured->traces[i].spans);
	sl_arena_free(&captured->arena);
	sl_buffer_free(&captured->bytes);
}

#endif
