/* A flow that gathers traces, selects them and has them drawn. */
#include "spanline/show.h"
#include "best.h"
#include <stdlib.h>

/* Output is handed on in pieces of about this size. */
enum { PIECE_BYTES = 1 << 20 };

struct gatherer {
	struct sl_show *show;
	struct sl_traces *traces;
	struct sl_traces *again; /* what was selected ahead, or NULL */
	struct sl_selector *selector;
	struct sl_line_writer *writer;
	struct sl_buffer records;
	struct best best;
	uint64_t drawn;
	size_t listed;
	bool is_ahead;	/* all traces are seen once before any is used */
	bool has_aside; /* something was put there */
	bool looked;	/* the first look is over */
	bool ended;	/* all that was gathered has been used */
	bool enough;
};

static void close_gatherer(void *opened)
{
	struct gatherer *gatherer = opened;

	if (gatherer->traces != NULL)
		gatherer->show->reopened += sl_traces_reopened(gatherer->traces);
	gatherer->show->limits_hit += sl_selector_limits_hit(gatherer->selector);
	sl_traces_close(gatherer->traces);
	sl_traces_close(gatherer->again);
	sl_selector_close(gatherer->selector);
	if (gatherer->writer != NULL)
		sl_line_writer_close(gatherer->writer);
	sl_buffer_free(&gatherer->records);
	best_free(&gatherer->best);
	free(gatherer);
}

/* What is put aside is complete. */
static enum sl_status open_aside(struct gatherer *gatherer, struct sl_error *err)
{
	struct sl_traces_options options = gatherer->show->traces;

	options.gather.live = false;
	options.gather.limit_bytes /= 2;
	gatherer->has_aside = false;
	return sl_traces_open(&gatherer->again, &options, err);
}

static enum sl_status open_traces(struct gatherer *gatherer, struct sl_error *err)
{
	const struct sl_show *show = gatherer->show;
	struct sl_traces_options options = show->traces;
	enum sl_status status;
	/* the slowest are kept until the end anyway */
	bool aside = !show->slowest || show->examine != NULL;

	gatherer->is_ahead = show->ahead != NULL && (!aside || !options.gather.sorted);
	aside = aside && gatherer->is_ahead;
	if (aside)
		options.gather.limit_bytes /= 2;
	status = sl_traces_open(&gatherer->traces, &options, err);
	return status == SL_OK && aside ? open_aside(gatherer, err) : status;
}

static enum sl_status open_gatherer(void **opened, void *context, struct sl_notes *notes,
				    struct sl_error *err)
{
	struct gatherer *gatherer = calloc(1, sizeof(*gatherer));
	struct sl_show *show = context;
	enum sl_status status;

	(void)notes;
	if (gatherer == NULL)
		return sl_fail_memory(err);
	gatherer->show = show;
	gatherer->best.limit = show->limit > show->listed ? show->limit : show->listed;
	status = sl_selector_open(&gatherer->selector, &show->wanted, err);
	if (status == SL_OK)
		status = open_traces(gatherer, err);
	if (status == SL_OK)
		status = sl_line_writer_open(&gatherer->writer, err);
	if (status != SL_OK)
		close_gatherer(gatherer);
	else
		*opened = gatherer;
	return status;
}

static void take_writer(void *opened, struct sl_flow_writer writer)
{
	struct gatherer *gatherer = opened;

	gatherer->show->writer = writer;
}

static bool has_errors(const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].span->status_code == SL_STATUS_ERROR)
			return true;
	return false;
}

static enum sl_status draw(struct gatherer *gatherer, const struct sl_trace *trace,
			   struct sl_buffer *out, struct sl_error *err)
{
	struct sl_show *show = gatherer->show;
	enum sl_status status = show->draw(show->context, trace, out, err);

	gatherer->drawn++;
	gatherer->enough = gatherer->drawn >= show->limit || status == SL_END;
	return status == SL_OK && gatherer->enough ? SL_END : status;
}

static enum sl_status is_selected(struct gatherer *gatherer, const struct sl_trace *trace,
				  bool *selected, struct sl_error *err)
{
	struct sl_show *show = gatherer->show;
	const bool *chosen;
	uint32_t count;
	enum sl_status status = sl_select_trace(gatherer->selector, trace, &chosen, &count, err);

	show->traces_seen++;
	*selected = status == SL_OK && count != 0 && (!show->errors || has_errors(trace));
	show->traces_selected += *selected;
	/* a query that cannot be answered is no damage of the input */
	return status == SL_OK ? SL_OK : SL_FAILED;
}

static enum sl_status use_trace(struct gatherer *gatherer, const struct sl_trace *trace,
				struct sl_buffer *out, struct sl_error *err)
{
	struct sl_show *show = gatherer->show;
	enum sl_status status = SL_OK;

	if (show->examine != NULL)
		status = show->examine(show->context, trace, err);
	if (status != SL_OK)
		return status;
	if (show->slowest)
		return best_offer(&gatherer->best, trace, gatherer->writer, err);
	return draw(gatherer, trace, out, err);
}

/* Handed on in pieces, as the trace may be large. */
static enum sl_status put_aside(struct gatherer *gatherer, const struct sl_trace *trace,
				struct sl_error *err)
{
	struct sl_buffer *records = &gatherer->records;
	enum sl_status status = SL_OK;

	records->len = 0;
	gatherer->has_aside = true;
	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++) {
		sl_traces_pack(gatherer->writer, trace->nodes[i].span, records);
		if (records->failed)
			return sl_fail_memory(err);
		if (i + 1 < trace->count && records->len < PIECE_BYTES)
			continue;
		status = sl_traces_take(gatherer->again, sl_buffer_slice(records), err);
		records->len = 0;
	}
	return status;
}

static enum sl_status take_trace(struct gatherer *gatherer, const struct sl_trace *trace,
				 struct sl_buffer *out, struct sl_error *err)
{
	struct sl_show *show = gatherer->show;
	bool selected;
	enum sl_status status = is_selected(gatherer, trace, &selected, err);

	if (status == SL_OK && gatherer->is_ahead)
		status = show->ahead(show->context, trace, err);
	if (status != SL_OK || !selected)
		return status;
	if (gatherer->again != NULL)
		return put_aside(gatherer, trace, err);
	return use_trace(gatherer, trace, out, err);
}

/* SL_OK: there may be more; SL_END: none is complete, or enough. */
static enum sl_status take_complete(struct gatherer *gatherer, struct sl_buffer *out,
				    struct sl_error *err)
{
	const struct sl_trace *trace;
	enum sl_status status = SL_OK;

	while (status == SL_OK && out->len < PIECE_BYTES) {
		status = sl_traces_next(gatherer->traces, &trace, err);
		if (status == SL_OK)
			status = take_trace(gatherer, trace, out, err);
	}
	return status;
}

static enum sl_status take_all_complete(struct gatherer *gatherer, struct sl_buffer *out,
					struct sl_error *err)
{
	enum sl_status status;

	do
		status = take_complete(gatherer, out, err);
	while (status == SL_OK);
	return status == SL_END && !gatherer->enough ? SL_OK : status;
}

static enum sl_status gather(void *opened, struct sl_slice records, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct gatherer *gatherer = opened;
	enum sl_status status = sl_traces_take(gatherer->traces, records, err);

	if (status != SL_OK || !gatherer->show->traces.gather.sorted)
		return status;
	return take_all_complete(gatherer, out, err);
}

/* All that were put aside are used. */
static enum sl_status use_aside(struct gatherer *gatherer, struct sl_buffer *out,
				struct sl_error *err)
{
	const struct sl_trace *trace;
	enum sl_status status = SL_OK;

	while (status == SL_OK && out->len < PIECE_BYTES) {
		status = sl_traces_next(gatherer->again, &trace, err);
		if (status == SL_OK)
			status = use_trace(gatherer, trace, out, err);
	}
	return status;
}

/* All traces that there are were looked at. */
static enum sl_status end_look(struct gatherer *gatherer, struct sl_error *err)
{
	struct sl_show *show = gatherer->show;

	if (gatherer->again != NULL)
		sl_traces_end(gatherer->again);
	return gatherer->is_ahead && show->ready != NULL ? show->ready(show->context, err) : SL_OK;
}

/* Those that are complete at one time know of each other, and of all before. */
static enum sl_status use_those_aside(struct gatherer *gatherer, struct sl_buffer *out,
				      struct sl_error *err)
{
	enum sl_status status;

	if (gatherer->again == NULL || !gatherer->has_aside)
		return SL_OK;
	status = end_look(gatherer, err);
	while (status == SL_OK)
		status = use_aside(gatherer, out, err);
	if (status != SL_END || gatherer->enough)
		return status;
	sl_traces_close(gatherer->again);
	gatherer->again = NULL;
	return open_aside(gatherer, err);
}

static enum sl_status idle(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct gatherer *gatherer = opened;
	struct sl_show *show = gatherer->show;
	enum sl_status status;

	if (!show->traces.gather.live)
		return SL_OK;
	status = sl_traces_idle(gatherer->traces, show->now(), show->idle_ns, err);
	if (status == SL_OK)
		status = take_all_complete(gatherer, out, err);
	return status == SL_OK ? use_those_aside(gatherer, out, err) : status;
}

/* Reads a trace that was kept again, and has it listed or drawn. */
static enum sl_status show_kept(struct gatherer *gatherer, const struct kept *kept, bool list,
				struct sl_buffer *out, struct sl_error *err)
{
	struct sl_show *show = gatherer->show;
	const struct sl_trace *trace;
	enum sl_status status =
		sl_traces_read(gatherer->traces, sl_buffer_slice(&kept->records), &trace, err);

	if (status == SL_OK && list)
		show->list(show->context, trace, out);
	else if (status == SL_OK)
		status = draw(gatherer, trace, out, err);
	return status;
}

/* One more of the slowest. */
static enum sl_status show_next_kept(struct gatherer *gatherer, struct sl_buffer *out,
				     struct sl_error *err)
{
	struct best *best = &gatherer->best;

	if (gatherer->listed < best->count && gatherer->listed < gatherer->show->listed)
		return show_kept(gatherer, &best->items[gatherer->listed++], true, out, err);
	if (gatherer->drawn < best->count && gatherer->drawn < gatherer->show->limit)
		return show_kept(gatherer, &best->items[gatherer->drawn], false, out, err);
	return SL_END;
}

/* SL_OK: there is more to do; SL_END: all traces are used, or enough. */
static enum sl_status use_more(struct gatherer *gatherer, struct sl_buffer *out,
			       struct sl_error *err)
{
	enum sl_status status;

	if (!gatherer->looked) {
		sl_traces_end(gatherer->traces);
		status = take_complete(gatherer, out, err);
		if (status != SL_END || gatherer->enough)
			return status;
		gatherer->looked = true;
		return end_look(gatherer, err);
	}
	return gatherer->again != NULL ? use_aside(gatherer, out, err) : SL_END;
}

static enum sl_status finish(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct gatherer *gatherer = opened;
	struct sl_show *show = gatherer->show;
	enum sl_status status = SL_END;

	if (!gatherer->ended && !gatherer->enough) {
		status = use_more(gatherer, out, err);
		if (status != SL_END)
			return status;
		gatherer->ended = true;
		best_sort(&gatherer->best);
		return SL_OK;
	}
	if (!gatherer->enough)
		status = show_next_kept(gatherer, out, err);
	if (status == SL_END && show->end != NULL)
		show->end(show->context, out);
	return status;
}

/* Workers only render what is gathered. */

struct packer {
	const struct sl_show *show;
	struct sl_line_writer *writer;
};

static enum sl_status open_packer(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct packer *packer = calloc(1, sizeof(*packer));
	enum sl_status status;

	(void)notes;
	if (packer == NULL)
		return sl_fail_memory(err);
	packer->show = context;
	status = sl_line_writer_open(&packer->writer, err);
	if (status == SL_OK)
		*opened = packer;
	else
		free(packer);
	return status;
}

static enum sl_status pack_span(void *opened, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	struct packer *packer = opened;
	const struct sl_id_list *ids = packer->show->wanted.ids;

	(void)err;
	if (ids != NULL && packer->show->ahead == NULL && !sl_id_list_has(ids, span->trace_id))
		return SL_OK;
	/* what is kept has to be read again as a whole; of what is not, the reader tells */
	span = sl_span_whole(span);
	if (span != NULL)
		sl_traces_pack(packer->writer, span, out);
	return SL_OK;
}

static void close_packer(void *opened)
{
	struct packer *packer = opened;

	sl_line_writer_close(packer->writer);
	free(packer);
}

struct sl_flow_work sl_show_work(struct sl_show *show)
{
	show->wanted.whole_traces = true;
	return (struct sl_flow_work){ .open = open_packer,
				      .span = pack_span,
				      .close = close_packer,
				      .open_gatherer = open_gatherer,
				      .take_writer = take_writer,
				      .gather = gather,
				      .idle = idle,
				      .finish = finish,
				      .close_gatherer = close_gatherer,
				      .context = show };
}
