/* Spans set aside: each a struct of this machine, and its line. */
#include "kept.h"
#include <stdlib.h>

enum { WINDOW_BYTES = 256 * 1024, AHEAD_BYTES = 2 * WINDOW_BYTES, JUMP_BYTES = 4096 };

enum sl_status kept_open(struct kept *kept, const struct sl_replay *replay, struct sl_error *err)
{
	struct sl_decode_options decode = { .signal = SL_SIGNAL_SPANS,
					    .max_depth = replay->traces.max_depth };
	enum sl_status status = sl_spill_open(&kept->file, replay->traces.gather.directory, err);

	kept->first_start_ns = kept->first_end_ns = UINT64_MAX;
	kept->groups.limit_bytes = replay->traces.gather.limit_bytes;
	return status == SL_OK ? sl_json_open(&kept->reader, &decode, &kept->notes, err) : status;
}

void kept_close(struct kept *kept)
{
	sl_spill_close(kept->file);
	if (kept->reader != NULL)
		sl_json_close(kept->reader);
	groups_free(&kept->groups);
	free(kept->window);
}

/* When the last of it was: it is to be in the past when it is sent. */
static uint64_t find_end(const struct sl_span *span)
{
	uint64_t end_ns = span->end_unix_nano;

	if (span->start_unix_nano > end_ns)
		end_ns = span->start_unix_nano;
	for (size_t i = 0; i < span->event_count; i++)
		if (span->events[i].time_unix_nano > end_ns)
			end_ns = span->events[i].time_unix_nano;
	return end_ns;
}

static void pack_id(struct sl_buffer *out, struct sl_slice id)
{
	sl_buffer_add(out, &id.len, sizeof(id.len));
	sl_buffer_add_slice(out, id);
}

void kept_pack(struct sl_line_writer *writer, const struct sl_span *span, bool with_ids,
	       struct sl_buffer *out)
{
	struct kept_span head = { .start_ns = span->start_unix_nano, .end_ns = find_end(span) };
	size_t at = out->len, ids_at, line_at;

	sl_buffer_add(out, &head, sizeof(head));
	ids_at = out->len;
	if (with_ids)
		pack_id(out, span->trace_id);
	for (size_t i = 0; i < span->link_count && with_ids; i++)
		pack_id(out, span->links[i].trace_id);
	line_at = out->len;
	if (span->line.len != 0) {
		sl_buffer_add_slice(out, span->line);
		sl_buffer_add_byte(out, '\n');
	} else {
		sl_line_write(writer, span, out);
	}
	head.ids_len = line_at - ids_at;
	head.line_len = out->len - line_at;
	if (!out->failed)
		memcpy(out->data + at, &head, sizeof(head));
}

static void note_times(struct kept *kept, const struct kept_span *head)
{
	kept->span_count++;
	if (head->start_ns != 0 && head->start_ns < kept->first_start_ns)
		kept->first_start_ns = head->start_ns;
	if (head->end_ns != 0 && head->end_ns < kept->first_end_ns)
		kept->first_end_ns = head->end_ns;
	if (head->end_ns > kept->last_end_ns)
		kept->last_end_ns = head->end_ns;
}

static struct sl_slice cut(struct sl_slice *rest, size_t len)
{
	struct sl_slice bytes = { rest->data, len };

	rest->data += len;
	rest->len -= len;
	return bytes;
}

/* The first id is the span's trace, the others are those that it links to. */
static enum sl_status group(struct kept *kept, struct kept_span *head, struct sl_slice ids,
			    struct sl_error *err)
{
	bool is_first = true;

	while (ids.len != 0) {
		uint32_t trace;
		size_t len;

		memcpy(&len, cut(&ids, sizeof(len)).data, sizeof(len));
		if (groups_find(&kept->groups, cut(&ids, len), &trace, err) != SL_OK)
			return SL_FAILED;
		if (is_first) {
			head->trace = trace;
			groups_note(&kept->groups, trace, head->end_ns);
		} else {
			groups_join(&kept->groups, head->trace, trace);
		}
		is_first = false;
	}
	head->ids_len = 0;
	return SL_OK;
}

enum sl_status kept_take(struct kept *kept, struct sl_slice packed, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	while (packed.len != 0 && status == SL_OK) {
		struct kept_span head;

		memcpy(&head, cut(&packed, sizeof(head)).data, sizeof(head));
		note_times(kept, &head);
		status = group(kept, &head, cut(&packed, head.ids_len), err);
		if (status == SL_OK)
			status = sl_spill_write(
				kept->file, (struct sl_slice){ (char *)&head, sizeof(head) }, err);
		if (status == SL_OK)
			status = sl_spill_write(kept->file, cut(&packed, head.line_len), err);
	}
	return status;
}

uint64_t kept_size(const struct kept *kept)
{
	return sl_spill_size(kept->file);
}

/* Has `len` bytes from `offset` on, which are in the file, and what the reader may read behind
 * them. */
static enum sl_status fill(struct kept *kept, uint64_t offset, size_t len, struct sl_error *err)
{
	uint64_t left = sl_spill_size(kept->file) - offset;
	/* who reads onward will go on to; who jumps about will jump again */
	bool onward = offset >= kept->window_at && offset - kept->window_at <= AHEAD_BYTES;
	size_t wanted = onward ? WINDOW_BYTES : JUMP_BYTES;

	if (wanted < len)
		wanted = len;
	if (offset >= kept->window_at && offset + len <= kept->window_at + kept->filled)
		return SL_OK;
	if (wanted > left)
		wanted = (size_t)left;
	if (kept->capacity < wanted + SL_PADDING) {
		char *window = realloc(kept->window, wanted + SL_PADDING);

		if (window == NULL)
			return sl_fail_memory(err);
		kept->window = window;
		kept->capacity = wanted + SL_PADDING;
	}
	kept->window_at = offset;
	kept->filled = 0;
	if (sl_spill_read(kept->file, offset, kept->window, wanted, err) != SL_OK)
		return SL_FAILED;
	memset(kept->window + wanted, 0, SL_PADDING);
	kept->filled = wanted;
	return SL_OK;
}

/* Its head, at *offset, which then is behind it. */
static enum sl_status read_head(struct kept *kept, uint64_t *offset, struct kept_span *head,
				struct sl_error *err)
{
	enum sl_status status;

	if (*offset == kept_size(kept))
		return SL_END;
	status = fill(kept, *offset, sizeof(*head), err);
	if (status != SL_OK)
		return status;
	memcpy(head, kept->window + (*offset - kept->window_at), sizeof(*head));
	*offset += sizeof(*head);
	return SL_OK;
}

enum sl_status kept_pass(struct kept *kept, uint64_t *offset, struct kept_span *head,
			 struct sl_error *err)
{
	enum sl_status status = read_head(kept, offset, head, err);

	if (status == SL_OK)
		*offset += head->line_len;
	return status;
}

enum sl_status kept_read(struct kept *kept, uint64_t *offset, const struct sl_span **span,
			 struct sl_error *err)
{
	struct kept_span head;
	enum sl_status status = read_head(kept, offset, &head, err);

	if (status == SL_OK)
		status = fill(kept, *offset, head.line_len, err);
	if (status != SL_OK)
		return status;
	sl_json_start(
		kept->reader, SL_JSON_DOCUMENTS,
		(struct sl_slice){ kept->window + (*offset - kept->window_at), head.line_len });
	*offset += head.line_len;
	status = sl_json_next(kept->reader, span, err);
	if (status == SL_OK)
		return SL_OK;
	return sl_fail(err, "a span that was kept cannot be read again: %s",
		       status == SL_END ? "it is not there" : err->text);
}
