/* Packed spans into batches, batches into the form that was asked for. */
#include "spanline/sink.h"
#include "forms.h"
#include "packed.h"
#include <stdlib.h>

/* What stands around the list of ResourceSpans in the largest form of a request. */
#define REQUEST_ROOM (sizeof("{\"resourceSpans\":[]}\n"))

/* A group of the block that is read. */
struct block_group {
	struct definition definition; /* its parent numbered as in the block */
	size_t bad_texts, deep_values;
	size_t index; /* in the batch; 0: not asked for yet */
};

struct sl_sink {
	const struct form *form;
	struct sl_notes *notes;
	struct sl_sink_options options;
	size_t batch_spans;
	uint64_t span_count; /* gathered so far */
	struct sl_buffer request;
	struct batch batch;
	struct framer framer;
	struct block_group *groups; /* [0] stands for the request */
	size_t group_count, group_capacity;
};

enum sl_status sl_sink_open(struct sl_sink **sink, const struct sl_sink_options *options,
			    struct sl_notes *notes, struct sl_error *err)
{
	const struct form *form = form_find(options->to);
	struct sl_sink *made;
	enum sl_status status;

	*sink = NULL;
	if (form == NULL)
		return sl_fail(err, "no form of output is called '%s'", options->to);
	made = calloc(1, sizeof(*made));
	if (made == NULL)
		return sl_fail_memory(err);
	made->form = form;
	made->options = *options;
	made->batch_spans = form->span_alone ? 1 : options->batch_spans;
	made->batch.payload = form->payload;
	made->notes = notes;
	status = batch_init(&made->batch, err);
	if (status == SL_OK)
		*sink = made;
	else
		sl_sink_close(made);
	return status;
}

static enum sl_status write_batch(struct sl_sink *sink, struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = sink->form->write(&sink->framer, &sink->batch,
						  batch_measure(&sink->batch), out, err);

	sink->framer.begun = true;
	batch_clear(&sink->batch);
	return status == SL_OK && out->failed ? sl_fail_memory(err) : status;
}

enum sl_status sl_sink_flush(struct sl_sink *sink, struct sl_buffer *out, struct sl_error *err)
{
	struct sl_request request = { .bytes = &sink->request,
				      .span_count = sink->batch.span_count,
				      .has_bad_text = sink->batch.has_bad_text };
	enum sl_status status;

	if (request.span_count == 0)
		return SL_OK;
	if (sink->options.request == NULL)
		return write_batch(sink, out, err);
	sink->request.len = 0;
	status = write_batch(sink, &sink->request, err);
	return status == SL_OK ? sink->options.request(sink->options.context, &request, err)
			       : status;
}

/* The next `len` bytes of the block. */
static struct sl_slice cut(struct sl_slice *rest, size_t len)
{
	struct sl_slice bytes = { rest->data, len };

	rest->data += len;
	rest->len -= len;
	return bytes;
}

/* The group that `bytes` define. */
static enum sl_status add_group(struct sl_sink *sink, size_t parent, struct sl_slice bytes,
				struct sl_error *err)
{
	struct block_group group = { .definition = { .parent = parent } };
	struct packed_group lengths;
	void *groups = sink->groups;
	bool reserved = sl_array_reserve(&groups, &sink->group_capacity, sink->group_count + 1,
					 sizeof(*sink->groups));

	sink->groups = groups;
	if (!reserved)
		return sl_fail_memory(err);
	memcpy(&lengths, cut(&bytes, sizeof(lengths)).data, sizeof(lengths));
	group.definition.identity = cut(&bytes, lengths.identity);
	group.definition.head = cut(&bytes, lengths.head);
	group.definition.tail = bytes;
	group.bad_texts = lengths.bad_texts;
	group.deep_values = lengths.deep_values;
	sink->groups[sink->group_count++] = group;
	return SL_OK;
}

/* The group's number in the batch, whose parent has one; 0: out of memory. */
static size_t find_group(struct sl_sink *sink, struct block_group *group)
{
	struct definition definition = group->definition;
	bool is_new;

	if (group->index != 0)
		return group->index;
	if (definition.parent != 0)
		definition.parent = sink->groups[definition.parent].index;
	group->index = batch_group(&sink->batch, &definition, &is_new);
	if (is_new) {
		sink->notes->count[SL_NOTE_REPLACED_UTF8] += group->bad_texts;
		sink->notes->count[SL_NOTE_DEEP_VALUE] += group->deep_values;
	}
	return group->index;
}

static enum sl_status add_span(struct sl_sink *sink, const struct packed *record,
			       struct sl_slice span, struct sl_buffer *out, struct sl_error *err)
{
	struct batch *batch = &sink->batch;
	struct block_group *group = &sink->groups[record->group];
	const struct block_group *parent = &sink->groups[group->definition.parent];
	enum sl_status status = SL_OK;

	if (sink->span_count++ < sink->options.skip)
		return SL_OK;
	if (batch_forget(batch))
		for (size_t i = 0; i < sink->group_count; i++)
			sink->groups[i].index = 0;
	if (find_group(sink, &sink->groups[group->definition.parent]) == 0 ||
	    find_group(sink, group) == 0)
		return sl_fail_memory(err);
	if (batch->span_count != 0 &&
	    REQUEST_ROOM + batch->size_limit + batch_growth(batch, group->index, span.len) >
		    sink->options.batch_bytes)
		status = sl_sink_flush(sink, out, err);
	if (status == SL_OK)
		status = batch_take(batch, group->index, span, err);
	batch->has_bad_text |=
		record->kind == PACKED_BAD_SPAN || group->bad_texts != 0 || parent->bad_texts != 0;
	if (status == SL_OK && batch->span_count >= sink->batch_spans)
		status = sl_sink_flush(sink, out, err);
	return status;
}

enum sl_status sl_sink_gather(struct sl_sink *sink, struct sl_slice packed, struct sl_buffer *out,
			      struct sl_error *err)
{
	enum sl_status status = SL_OK;

	sink->group_count = 1;
	while (status == SL_OK && packed.len != 0) {
		struct packed record;
		struct sl_slice bytes;

		memcpy(&record, cut(&packed, sizeof(record)).data, sizeof(record));
		bytes = cut(&packed, record.len);
		if (record.kind == PACKED_GROUP)
			status = add_group(sink, record.group, bytes, err);
		else
			status = add_span(sink, &record, bytes, out, err);
	}
	return status;
}

enum sl_status sl_sink_finish(struct sl_sink *sink, struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = sl_sink_flush(sink, out, err);

	if (status == SL_OK && sink->form->finish != NULL)
		sink->form->finish(&sink->framer, out);
	return status == SL_OK && out->failed ? sl_fail_memory(err) : status;
}

uint64_t sl_sink_span_count(const struct sl_sink *sink)
{
	return sink->span_count;
}

void sl_sink_close(struct sl_sink *sink)
{
	if (sink == NULL)
		return;
	batch_free(&sink->batch);
	free(sink->groups);
	sl_buffer_free(&sink->request);
	sl_deflater_free(sink->framer.deflater);
	sl_buffer_free(&sink->framer.message);
	free(sink);
}
