/* From what the workers packed to the sink: as it comes, or trace by trace. */
#include "changing.h"
#include <stdlib.h>

/* The sink is handed pieces of about this size. */
enum { PIECE_BYTES = 1 << 18 };

struct sl_replayer {
	struct sl_replay *replay;
	struct sl_sink *sink;
	struct sl_buffer out; /* stays empty: the sink hands requests on */
	/* where traces are gathered */
	struct changing changing;
	struct sl_selector *selector;
	struct sl_traces *traces;
	struct sl_buffer packed;
};

enum sl_status sl_replayer_open(struct sl_replayer **replayer, struct sl_replay *replay,
				struct sl_sink *sink, struct sl_notes *notes, struct sl_error *err)
{
	struct sl_replayer *opened = calloc(1, sizeof(*opened));
	enum sl_status status = SL_OK;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->replay = replay;
	opened->sink = sink;
	if (sl_selection_needs_traces(&replay->wanted)) {
		status = sl_traces_open(&opened->traces, &replay->traces, err);
		if (status == SL_OK)
			status = sl_selector_open(&opened->selector, &replay->wanted, err);
		if (status == SL_OK)
			status = changing_open(&opened->changing, replay, notes, err);
	}
	if (status != SL_OK)
		sl_replayer_close(opened);
	else
		*replayer = opened;
	return status;
}

/* What is packed goes to the sink. */
static enum sl_status hand_on(struct sl_replayer *replayer, struct sl_error *err)
{
	struct sl_slice packed = sl_buffer_slice(&replayer->packed);

	replayer->packed.len = 0;
	return sl_sink_gather(replayer->sink, packed, &replayer->out, err);
}

static enum sl_status send_trace(struct sl_replayer *replayer, const struct sl_trace *trace,
				 struct sl_error *err)
{
	const bool *chosen;
	uint32_t count;
	enum sl_status status = sl_select_trace(replayer->selector, trace, &chosen, &count, err);

	for (uint32_t i = 0; i < trace->count && count != 0 && status == SL_OK; i++) {
		if (!chosen[i])
			continue;
		status = changing_pack(&replayer->changing, trace->nodes[i].span, &replayer->packed,
				       err);
		if (status == SL_OK && replayer->packed.len >= PIECE_BYTES)
			status = hand_on(replayer, err);
	}
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

	if (replayer->traces == NULL)
		return sl_sink_gather(replayer->sink, packed, &replayer->out, err);
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
	if (replayer->traces == NULL)
		return SL_OK;
	sl_traces_end(replayer->traces);
	return send_complete(replayer, err);
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
	changing_close(&replayer->changing);
	sl_buffer_free(&replayer->packed);
	sl_buffer_free(&replayer->out);
	free(replayer);
}
