/* What the tests of JSON documents share: a block is read, and what came out is one text. */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include "spanline/json.h"
#include <stdio.h>
#include <stdlib.h>

/* How spans are told. */
enum telling {
	AS_LINES, /* as span lines */
	AS_NAMES, /* "name@service " */
};

struct documents {
	struct sl_decode_options options;
	enum sl_json_kind kind;
	enum telling telling;
	struct sl_notes notes;
	struct sl_buffer out;
	size_t span_count, loss_count;
	size_t last_loss; /* offset */
};

static void tell_span(struct documents *documents, struct sl_line_writer *writer,
		      const struct sl_span *span)
{
	const struct sl_attribute *service = span->resource->service;

	documents->span_count++;
	if (documents->telling == AS_LINES) {
		sl_line_write(writer, span, &documents->out);
		return;
	}
	sl_buffer_add_slice(&documents->out, span->name);
	sl_buffer_add_byte(&documents->out, '@');
	if (service != NULL)
		sl_buffer_add_slice(&documents->out, service->value.text);
	sl_buffer_add_byte(&documents->out, ' ');
}

/* "!malformed " among names, with its place and what is wrong among lines. */
static void tell_loss(struct documents *documents, const struct sl_error *err)
{
	documents->loss_count++;
	documents->last_loss = err->offset;
	if (documents->telling == AS_LINES)
		sl_buffer_printf(&documents->out, "!%s@%zu %s\n", sl_reason_name(err->reason),
				 err->offset, err->text);
	else
		sl_buffer_printf(&documents->out, "!%s ", sl_reason_name(err->reason));
}

static enum sl_status documents_step(struct documents *documents, struct sl_json_reader *reader,
				     struct sl_line_writer *writer)
{
	const struct sl_span *span;
	const struct sl_log *log;
	struct sl_error err;
	enum sl_status status;

	if (documents->options.signal == SL_SIGNAL_LOGS) {
		status = sl_json_next_log(reader, &log, &err);
		if (status == SL_OK)
			sl_log_line_write(log, &documents->out);
	} else {
		status = sl_json_next(reader, &span, &err);
		if (status == SL_OK)
			tell_span(documents, writer, span);
	}
	if (status == SL_BAD_RECORD)
		tell_loss(documents, &err);
	if (status == SL_FAILED)
		abort();
	return status;
}

/* All of the block, which lies in memory of its own with nothing but the padding behind it; what
 * came out is in documents->out, terminated. */
static const char *documents_read(struct documents *documents, struct sl_slice text)
{
	struct sl_json_reader *reader;
	struct sl_line_writer *writer;
	struct sl_error err;
	char *copy = malloc(text.len + SL_PADDING);

	if (documents->options.signal == SL_SIGNAL_NONE)
		documents->options.signal = SL_SIGNAL_SPANS;
	documents->notes = (struct sl_notes){ 0 };
	documents->out.len = 0;
	documents->span_count = documents->loss_count = 0;
	if (copy == NULL || sl_line_writer_open(&writer, &err) != SL_OK ||
	    sl_json_open(&reader, &documents->options, &documents->notes, &err) != SL_OK)
		abort();
	if (text.len != 0)
		memcpy(copy, text.data, text.len);
	/* as if the same went on behind the end: whoever reads on there is found out */
	memset(copy + text.len, text.len != 0 ? copy[text.len - 1] : '{', SL_PADDING);
	sl_json_start(reader, documents->kind, (struct sl_slice){ copy, text.len });
	while (documents_step(documents, reader, writer) != SL_END)
		;
	sl_json_close(reader);
	sl_line_writer_close(writer);
	free(copy);
	sl_buffer_add_byte(&documents->out, '\0');
	return documents->out.data;
}

static uint64_t documents_notes(const struct documents *documents)
{
	uint64_t total = 0;

	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		total += documents->notes.count[i];
	return total;
}

/* Only this note, so many times (SL_NOTE_COUNT: none at all). */
static inline bool documents_noted(const struct documents *documents, enum sl_note note,
				   uint64_t times)
{
	if (note == SL_NOTE_COUNT)
		return documents_notes(documents) == 0;
	return documents->notes.count[note] == times && documents_notes(documents) == times;
}

/* The text with white space between all tokens, as a person might write it; owned. */
static inline struct sl_slice spread(struct sl_slice text)
{
	struct sl_buffer out = { 0 };
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		bool structure = !in_string && strchr("{}[]:,", byte) != NULL;

		if (structure)
			sl_buffer_add_literal(&out, " \t");
		sl_buffer_add_byte(&out, byte);
		if (structure)
			sl_buffer_add_literal(&out, "\r\n ");
		if (in_string && byte == '\\' && i + 1 < text.len)
			sl_buffer_add_byte(&out, text.data[++i]);
		else if (byte == '"')
			in_string = !in_string;
	}
	return sl_buffer_slice(&out);
}

static inline struct sl_slice slice_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

#endif
