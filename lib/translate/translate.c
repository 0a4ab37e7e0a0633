/* The table of formats, and the work of a flow that writes them. */
#include "translate.h"
#include <stdlib.h>

/* Output is handed on in pieces of about this size. */
enum { PIECE_BYTES = 1 << 20 };

static const struct format formats[] = {
	{ .row = { "jaeger", "JSON of Jaeger's API and UI, whole traces", false },
	  .trace = jaeger_trace,
	  .open = "{\"data\":[",
	  .close = "\n],\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}\n" },
	{ .row = { "zipkin", "JSON of Zipkin's API v2, one array", false },
	  .span = zipkin_span,
	  .open = "[",
	  .close = "\n]\n" },
	{ .row = { "datadog", "JSON of Datadog's agent, arrays of whole traces", false },
	  .trace = datadog_trace,
	  .open = "[",
	  .close = "\n]\n" },
	{ .row = { "csv", "comma-separated values, see --fields", true },
	  .span = csv_span,
	  .head = csv_head },
};

const struct sl_translation_row *sl_translation(size_t index)
{
	return index < SL_COUNT(formats) ? &formats[index].row : NULL;
}

const struct sl_translation_row *sl_translation_find(const char *name)
{
	for (size_t i = 0; i < SL_COUNT(formats); i++)
		if (strcmp(formats[i].row.name, name) == 0)
			return &formats[i].row;
	return NULL;
}

static const struct format *format_of(const struct sl_translating *how)
{
	size_t i = 0;

	while (&formats[i].row != how->to)
		i++;
	return &formats[i];
}

bool sl_translating_needs_traces(const struct sl_translating *how)
{
	return format_of(how)->trace != NULL ||
	       (how->projection != NULL && sl_projection_needs_traces(how->projection));
}

unsigned sl_translating_needs(const struct sl_translating *how)
{
	return how->projection != NULL && !sl_translating_needs_traces(how)
		       ? sl_projection_needs(how->projection)
		       : SL_NEED_WHOLE;
}

static void close_translator(void *opened)
{
	struct translator *translator = opened;

	sl_projector_close(translator->projector);
	sl_buffer_free(&translator->text);
	sl_buffer_free(&translator->joined);
	tags_free(&translator->tags);
	tags_free(&translator->inner);
	processes_free(&translator->processes);
	free(translator);
}

static enum sl_status open_translator(void **opened, void *context, struct sl_notes *notes,
				      struct sl_error *err)
{
	const struct sl_translating *how = context;
	struct translator *translator = calloc(1, sizeof(*translator));
	enum sl_status status = SL_OK;

	if (translator == NULL)
		return sl_fail_memory(err);
	translator->how = how;
	translator->format = format_of(how);
	translator->notes = notes;
	if (how->projection != NULL)
		status = sl_projector_open(&translator->projector, how->projection, err);
	if (status == SL_OK)
		*opened = translator;
	else
		close_translator(translator);
	return status;
}

static enum sl_status translate_span(void *opened, const struct sl_span *span,
				     struct sl_buffer *out, struct sl_error *err)
{
	struct translator *translator = opened;
	struct placed placed = { span, NULL, 0 };
	size_t at = out->len;
	enum sl_status status;

	translator->out = out;
	status = translator->format->span(translator, &placed, err);
	if (sl_span_damaged(span))
		out->len = at;
	return status;
}

static enum sl_status translate_trace(struct translator *translator, const struct sl_trace *trace,
				      struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status = SL_OK;

	translator->out = out;
	if (translator->format->trace != NULL)
		return translator->format->trace(translator, trace, err);
	for (uint32_t i = 0; i < trace->count && status == SL_OK; i++) {
		struct placed placed = { trace->nodes[i].span, trace, i };

		status = translator->format->span(translator, &placed, err);
	}
	return status;
}

/* What puts the pieces together. */
struct joiner {
	const struct sl_translating *how;
	const struct format *format;
	bool begun;
	struct translator *translator; /* of traces, or NULL */
	struct sl_traces *traces;
	struct sl_buffer piece; /* one of them, written */
};

static void close_joiner(void *opened)
{
	struct joiner *joiner = opened;

	if (joiner->translator != NULL)
		close_translator(joiner->translator);
	sl_traces_close(joiner->traces);
	sl_buffer_free(&joiner->piece);
	free(joiner);
}

static enum sl_status open_joiner(void **opened, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	const struct sl_translating *how = context;
	struct joiner *joiner = calloc(1, sizeof(*joiner));
	enum sl_status status = SL_OK;

	if (joiner == NULL)
		return sl_fail_memory(err);
	joiner->how = how;
	joiner->format = format_of(how);
	if (sl_translating_needs_traces(how)) {
		void *translator = NULL;

		status = open_translator(&translator, context, notes, err);
		joiner->translator = translator;
		if (status == SL_OK)
			status = sl_traces_open(&joiner->traces, &how->traces, err);
	}
	if (status == SL_OK)
		*opened = joiner;
	else
		close_joiner(joiner);
	return status;
}

static void begin(struct joiner *joiner, struct sl_buffer *out)
{
	const struct format *format = joiner->format;

	joiner->begun = true;
	if (format->head != NULL)
		format->head(joiner->how, out);
	else
		sl_buffer_add(out, format->open, strlen(format->open));
}

/* What workers wrote; the first comma is none. */
static enum sl_status join(void *opened, struct sl_slice written, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct joiner *joiner = opened;
	size_t comma = joiner->format->head == NULL;

	(void)err;
	if (!joiner->begun && written.len != 0) {
		begin(joiner, out);
		sl_buffer_add(out, written.data + comma, written.len - comma);
	} else {
		sl_buffer_add_slice(out, written);
	}
	return SL_OK;
}

static enum sl_status take(void *opened, struct sl_slice records, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct joiner *joiner = opened;

	(void)out;
	return sl_traces_take(joiner->traces, records, err);
}

/* The next traces; SL_END: all are written. */
static enum sl_status write_traces(struct joiner *joiner, struct sl_buffer *out,
				   struct sl_error *err)
{
	struct sl_buffer *piece = &joiner->piece;
	enum sl_status status = SL_OK;

	sl_traces_end(joiner->traces);
	while (status == SL_OK && out->len < PIECE_BYTES) {
		const struct sl_trace *trace;

		status = sl_traces_next(joiner->traces, &trace, err);
		piece->len = 0;
		if (status == SL_OK)
			status = translate_trace(joiner->translator, trace, piece, err);
		if (status == SL_OK)
			status = join(joiner, sl_buffer_slice(piece), out, err);
		out->failed |= piece->failed;
	}
	return status;
}

static enum sl_status finish(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	struct joiner *joiner = opened;
	enum sl_status status = SL_END;

	if (joiner->traces != NULL)
		status = write_traces(joiner, out, err);
	if (status != SL_END)
		return status;
	if (!joiner->begun)
		begin(joiner, out);
	if (joiner->format->close != NULL)
		sl_buffer_add(out, joiner->format->close, strlen(joiner->format->close));
	return SL_END;
}

struct sl_flow_work sl_translating_work(const struct sl_translating *how)
{
	struct sl_flow_work work = { .context = (void *)(uintptr_t)how,
				     .open_gatherer = open_joiner,
				     .finish = finish,
				     .close_gatherer = close_joiner };

	if (sl_translating_needs_traces(how)) {
		work.open = sl_trace_packer_open;
		work.span = sl_trace_packer_span;
		work.close = sl_trace_packer_close;
		work.gather = take;
	} else {
		work.open = open_translator;
		work.span = translate_span;
		work.close = close_translator;
		work.gather = join;
	}
	return work;
}
