/* From what the workers packed to the sink: as it comes, or trace by trace. */
#include "replayer.h"
#include <stdlib.h>

static bool is_direct(const struct sl_replayer *replayer)
{
	return replayer->traces == NULL && !replayer->replay->spooled;
}

static enum sl_status open_traces(struct sl_replayer *replayer, struct sl_error *err)
{
	struct sl_replay *replay = replayer->replay;
	enum sl_status status = sl_selector_open(&replayer->selector, &replay->wanted, err);

	if (status == SL_OK)
		status = sl_traces_open(&replayer->traces, &replay->traces, err);
	return status == SL_OK ? sl_line_writer_open(&replayer->writer, err) : status;
}

enum sl_status sl_replayer_open(struct sl_replayer **replayer, struct sl_replay *replay,
				struct sl_sink *sink, struct sl_notes *notes, struct sl_error *err)
{
	struct sl_replayer *opened = calloc(1, sizeof(*opened));
	enum sl_status status;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->replay = replay;
	opened->sink = sink;
	status = changing_open(&opened->changing, replay, notes, err);
	if (status == SL_OK && sl_selection_needs_traces(&replay->wanted))
		status = open_traces(opened, err);
	if (status == SL_OK && replay->spooled)
		status = kept_open(&opened->kept, replay, err);
	if (status != SL_OK)
		sl_replayer_close(opened);
	else
		*replayer = opened;
	return status;
}

enum sl_status hand_on(struct sl_replayer *replayer, struct sl_error *err)
{
	struct sl_slice packed = sl_buffer_slice(&replayer->packed);

	replayer->packed.len = 0;
	return sl_sink_gather(replayer->sink, packed, &replayer->out, err);
}

/* A span that was chosen of its trace. */
static enum sl_status pass(struct sl_replayer *replayer, const struct sl_span *span,
			   struct sl_error *err)
{
	struct sl_buffer *packed = &replayer->packed;
	struct sl_change first = { .move = replayer->replay->shift.by };
	enum sl_status status;

	if (replayer->replay->spooled) {
		packed->len = 0;
		kept_pack(replayer->writer, span, sl_pace_by_trace(&replayer->replay->pace),
			  packed);
		status = packed->failed ? sl_fail_memory(err)
					: kept_take(&replayer->kept, sl_buffer_slice(packed), err);
		packed->len = 0;
		return status;
	}
	status = changing_pack(&replayer->changing, span, first, packed, err);
	return status == SL_OK && packed->len >= PIECE_BYTES ? hand_on(replayer, err) : status;
}

static enum sl_status send_trace(struct sl_replayer *replayer, const struct sl_trace *trace,
				 struct sl_error *err)
{
	const bool *chosen;
	uint32_t count;
	enum sl_status status = sl_select_trace(replayer->selector, trace, &chosen, &count, err);

	for (uint32_t i = 0; i < trace->count && count != 0 && status == SL_OK; i++)
		if (chosen[i])
			status = pass(replayer, trace->nodes[i].span, err);
	/* a query that cannot be answered is no damage of the input */
	return status == SL_BAD_RECORD ? SL_FAILED : status;
}

/* All traces that are complete. */
static enum sl_status send_complete(struct sl_replayer *replayer, struct sl_error *err)
{
	const struct sl_trace *trace;
	enum sl_status status;

	while ((status = sl_traces_next(replayer->traces, &trace, err)) == SL_OK) {
		status = send_trace(replayer, trace, err);
		if (status != SL_OK)
			return status;
	}
	return status == SL_END ? hand_on(replayer, err) : status;
}

enum sl_status sl_replayer_take(struct sl_replayer *replayer, struct sl_slice packed,
				struct sl_error *err)
{
	enum sl_status status;

	if (is_direct(replayer))
		return sl_sink_gather(replayer->sink, packed, &replayer->out, err);
	if (replayer->traces == NULL)
		return kept_take(&replayer->kept, packed, err);
	status = sl_traces_take(replayer->traces, packed, err);
	if (status != SL_OK || !replayer->replay->traces.gather.sorted)
		return status;
	return send_complete(replayer, err);
}

enum sl_status sl_replayer_idle(struct sl_replayer *replayer, struct sl_error *err)
{
	const struct sl_replay *replay = replayer->replay;
	enum sl_status status;

	if (replayer->traces == NULL || !replay->traces.gather.live)
		return SL_OK;
	status = sl_traces_idle(replayer->traces, sl_cli_elapsed(), replay->idle_ns, err);
	return status == SL_OK ? send_complete(replayer, err) : status;
}

enum sl_status sl_replayer_finish(struct sl_replayer *replayer, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	if (replayer->traces != NULL) {
		sl_traces_end(replayer->traces);
		status = send_complete(replayer, err);
	}
	return status == SL_OK && replayer->replay->spooled ? send_rounds(replayer, err) : status;
}

void sl_replayer_close(struct sl_replayer *replayer)
{
	if (replayer == NULL)
		return;
	replayer->replay->limits_hit += sl_selector_limits_hit(replayer->selector);
	if (replayer->traces != NULL)
		replayer->replay->reopened += sl_traces_reopened(replayer->traces);
	sl_traces_close(replayer->traces);
	sl_selector_close(replayer->selector);
	changing_close(&replayer->changing, replayer->replay);
	kept_close(&replayer->kept);
	sl_sorter_close(replayer->pacer.schedule);
	if (replayer->writer != NULL)
		sl_line_writer_close(replayer->writer);
	sl_buffer_free(&replayer->packed);
	sl_buffer_free(&replayer->out);
	free(replayer);
}
