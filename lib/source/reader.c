/* Units into spans: each goes to the reader of protobuf or of JSON. */
#include "reader.h"
#include "spanline/json.h"
#include "spanline/wire.h"
#include <stdlib.h>

enum sl_status sl_reader_open(struct sl_reader **reader, const struct sl_reader_options *options,
			      struct sl_notes *notes, struct sl_error *err)
{
	struct sl_reader *opened = calloc(1, sizeof(*opened));
	enum sl_status status;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->options = *options;
	opened->notes = notes;
	status = sl_wire_open(&opened->wire, &options->decode, notes, err);
	if (status == SL_OK)
		status = sl_json_open(&opened->json, &options->decode, notes, err);
	if (status == SL_OK)
		status = sl_foreign_open(&opened->foreign, &options->decode, notes, err);
	if (status == SL_OK)
		*reader = opened;
	else
		sl_reader_close(opened);
	return status;
}

void sl_reader_close(struct sl_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->wire != NULL)
		sl_wire_close(reader->wire);
	if (reader->json != NULL)
		sl_json_close(reader->json);
	sl_foreign_close(reader->foreign);
	sl_inflater_free(reader->inflater);
	sl_buffer_free(&reader->inflated);
	sl_buffer_free(&reader->inflated_again);
	sl_buffer_free(&reader->joined);
	envelope_free(&reader->envelopes);
	free(reader);
}

void sl_reader_start(struct sl_reader *reader, const struct sl_parcel *parcel)
{
	reader->parcel = parcel;
	reader->started = 0;
	reader->unit = NULL;
	reader->newlines = 0;
	reader->decoder = DECODER_NONE;
	reader->cut = false;
	reader->look_alike = (struct sl_look_alike){ 0 };
}

struct sl_look_alike sl_reader_look_alike(const struct sl_reader *reader)
{
	return reader->look_alike;
}

uint64_t sl_reader_newlines(const struct sl_reader *reader)
{
	return reader->newlines;
}

uint64_t sl_reader_passed(const struct sl_reader *reader)
{
	return sl_json_passed(reader->json);
}

/* The unit is done with: its newlines, which the reader of JSON mostly knows. */
static void count_unit(struct sl_reader *reader, bool by_json)
{
	const struct sl_unit *unit = reader->unit;

	if (unit->line != 0)
		reader->newlines +=
			by_json && unit->context.len == 0 && unit->kind != SL_UNIT_ENVELOPE
				? sl_json_newlines(reader->json)
				: count_newlines(reader->parcel->bytes.data + unit->at, unit->len);
}

/* The loss is told behind what is whole in the unit. */
static void lose(struct sl_reader *reader, const struct sl_error *err)
{
	reader->cut = true;
	reader->loss = *err;
}

/* Undoes one layer; what is lost in it is told later. */
static enum sl_status unpack_layer(struct sl_reader *reader, enum sl_codec codec,
				   struct sl_slice *bytes, struct sl_buffer *out)
{
	struct sl_packed_message message = { codec, *bytes, reader->options.max_message };
	struct sl_error err;
	enum sl_status status;

	out->len = 0;
	status = sl_inflate_message(&reader->inflater, &message, out, &err);
	if (status == SL_BAD_RECORD && !reader->cut)
		lose(reader, &err);
	*bytes = sl_buffer_slice(out);
	return status == SL_FAILED ? SL_FAILED : SL_OK;
}

/* Bytes that are compressed once or twice, followed by padding, as all are. */
static enum sl_status unpack(struct sl_reader *reader, enum sl_codec codec, struct sl_slice *bytes,
			     struct sl_error *err)
{
	struct sl_buffer *out = &reader->inflated;
	enum sl_status status = unpack_layer(reader, codec, bytes, out);
	char *padding;

	if (status == SL_OK && sl_codec_sniff(*bytes) != SL_CODEC_NONE) {
		out = &reader->inflated_again;
		status = unpack_layer(reader, sl_codec_sniff(*bytes), bytes, out);
	}
	padding = status == SL_OK ? sl_buffer_reserve(out, SL_PADDING) : NULL;
	if (padding == NULL)
		return sl_fail_memory(err);
	memset(padding, 0, SL_PADDING);
	*bytes = sl_buffer_slice(out);
	return SL_OK;
}

static void start_json(struct sl_reader *reader, enum sl_json_kind kind, struct sl_slice bytes)
{
	reader->decoder = DECODER_JSON;
	reader->json_bytes = bytes;
	sl_json_start(reader->json, kind, bytes);
}

/* Protobuf, of the signal that is wanted or of another. */
static void start_wire(struct sl_reader *reader, struct sl_slice bytes, bool count)
{
	bool truncated = reader->unit->truncated || reader->cut;
	enum sl_signal signal = sl_wire_signal(bytes);

	if (count && (bytes.len > 0 || !truncated))
		reader->notes->messages[signal]++;
	if (signal == SL_SIGNAL_NONE || signal == reader->options.decode.signal) {
		reader->decoder = DECODER_WIRE;
		sl_wire_start(reader->wire, bytes, truncated);
	}
}

/* Protobuf, or JSON by its first byte. */
static void start_request(struct sl_reader *reader, struct sl_slice bytes)
{
	if (json_probably(bytes))
		start_json(reader, SL_JSON_DOCUMENTS, bytes);
	else
		start_wire(reader, bytes, true);
}

/* What stands around a piece, alone: what there is to be noted of it. */
static void note_around(struct sl_reader *reader, struct sl_slice around)
{
	struct sl_notes before = *reader->notes;
	const struct sl_span *span;
	const struct sl_log *log;
	struct sl_error err;
	enum sl_status status;

	sl_json_start(reader->json, SL_JSON_RESOURCE_SPANS, around);
	do
		status = reader->options.decode.signal == SL_SIGNAL_LOGS
				 ? sl_json_next_log(reader->json, &log, &err)
				 : sl_json_next(reader->json, &span, &err);
	while (status == SL_OK || status == SL_BAD_RECORD);
	reader->around_notes = (struct sl_notes){ { 0 }, { 0 } };
	sl_notes_add_since(&reader->around_notes, &before, reader->notes);
	*reader->notes = reader->notes_before = before;
}

/* What was noted of it once more with the piece, which damage may have kept from it. */
static void forget_around(struct sl_reader *reader)
{
	const struct sl_notes *before = &reader->notes_before, *around = &reader->around_notes;
	struct sl_notes *now = reader->notes;

	for (size_t i = 0; i < SL_NOTE_COUNT; i++)
		now->count[i] = now->count[i] - before->count[i] > around->count[i]
					? now->count[i] - around->count[i]
					: before->count[i];
}

/* The piece becomes an element; false: out of memory. */
static bool join(struct sl_reader *reader, struct sl_slice *bytes)
{
	const struct sl_context *context = &reader->unit->context;
	const char *around = reader->parcel->contexts.data + context->at;
	struct sl_buffer *joined = &reader->joined;
	char *padding;

	joined->len = 0;
	sl_buffer_add(joined, around, context->before);
	sl_buffer_add_slice(joined, *bytes);
	sl_buffer_add(joined, around + context->before, context->len - context->before);
	padding = sl_buffer_reserve(joined, SL_PADDING);
	if (padding == NULL)
		return false;
	memset(padding, 0, SL_PADDING);
	*bytes = sl_buffer_slice(joined);
	return true;
}

/* A large document's part is passed over if it is of the other signal. */
static enum sl_status start_part(struct sl_reader *reader, enum sl_signal signal,
				 struct sl_slice bytes, struct sl_error *err)
{
	const struct sl_context *context = &reader->unit->context;

	if (signal != reader->options.decode.signal)
		return SL_OK;
	if (context->len != 0) {
		struct sl_slice around = { "", 0 };

		if (context->told) {
			if (!join(reader, &around))
				return sl_fail_memory(err);
			note_around(reader, around);
		}
		if (!join(reader, &bytes))
			return sl_fail_memory(err);
	}
	start_json(reader, SL_JSON_RESOURCE_SPANS, bytes);
	return SL_OK;
}

/* The request in an envelope, which may be compressed; what is damaged is told by itself. */
static enum sl_status start_envelope(struct sl_reader *reader, struct sl_slice bytes,
				     struct sl_error *err)
{
	enum sl_status status = envelope_open(&reader->envelopes, &bytes, err);

	if (status == SL_BAD_RECORD) {
		lose(reader, err);
		return SL_OK;
	}
	if (status == SL_OK && sl_codec_sniff(bytes) != SL_CODEC_NONE)
		status = unpack(reader, sl_codec_sniff(bytes), &bytes, err);
	if (status != SL_OK)
		return status;
	start_request(reader, bytes);
	return SL_OK;
}

/* There are no logs in these formats. */
static void start_foreign(struct sl_reader *reader, struct sl_slice bytes)
{
	if (reader->options.decode.signal != SL_SIGNAL_SPANS)
		return;
	reader->decoder = DECODER_FOREIGN;
	reader->json_bytes = bytes;
	sl_foreign_start(reader->foreign, reader->unit->foreign, bytes);
}

/* With another piece, or as the damage that hides the unit's end. */
static bool is_told(const struct sl_reader *reader, const struct sl_error *err)
{
	const struct sl_unit *unit = reader->unit;
	const struct sl_context *context = &unit->context;

	if (unit->broken && reader->told && err->reason == SL_TRUNCATED)
		return true;
	return context->told &&
	       (err->offset < context->before ||
		(context->len > context->before && err->offset > context->before + unit->len));
}

/* The decoder does not tell by itself that the unit is cut: JSON may look whole. */
static bool tells_no_end(const struct sl_reader *reader)
{
	return reader->decoder != DECODER_WIRE && reader->unit->kind != SL_UNIT_DOCUMENTS &&
	       reader->unit->kind != SL_UNIT_FOREIGN && reader->unit->kind != SL_UNIT_ENVELOPE;
}

static enum sl_status start_unit(struct sl_reader *reader, struct sl_error *err)
{
	const struct sl_unit *unit = &reader->parcel->units[reader->started++];
	struct sl_slice bytes = { reader->parcel->bytes.data + unit->at, unit->len };
	enum sl_status status = SL_OK;
	struct sl_error cut;

	reader->unit = unit;
	reader->told = false;
	reader->placed = 0;
	reader->placed_line = unit->line + (unit->line != 0 ? reader->newlines : 0);
	if (unit->codec != SL_CODEC_NONE)
		status = unpack(reader, unit->codec, &bytes, err);
	if (status != SL_OK)
		return status;
	switch (unit->kind) {
	case SL_UNIT_MESSAGE:
		start_request(reader, bytes);
		break;
	case SL_UNIT_ENVELOPE:
		status = start_envelope(reader, bytes, err);
		break;
	case SL_UNIT_FIELDS:
		start_wire(reader, bytes, false);
		break;
	case SL_UNIT_DOCUMENTS:
		start_json(reader, SL_JSON_DOCUMENTS, bytes);
		break;
	case SL_UNIT_RESOURCE_SPANS:
		status = start_part(reader, SL_SIGNAL_SPANS, bytes, err);
		break;
	case SL_UNIT_RESOURCE_LOGS:
		status = start_part(reader, SL_SIGNAL_LOGS, bytes, err);
		break;
	case SL_UNIT_FOREIGN:
		start_foreign(reader, bytes);
		break;
	}
	if (unit->truncated && tells_no_end(reader) && !reader->cut) {
		(void)sl_reject(&cut, SL_TRUNCATED, unit->context.before + unit->len,
				"the input ends inside a request");
		lose(reader, &cut);
	}
	return status;
}

/* A unit of JSON is done. */
static void look_for_look_alike(struct sl_reader *reader)
{
	bool foreign = reader->decoder == DECODER_FOREIGN;
	const char *other = foreign ? sl_foreign_first_other(reader->foreign)
				    : sl_json_first_other(reader->json);
	size_t at = other != NULL ? (size_t)(other - reader->json_bytes.data) : 0;
	struct sl_look_alike *found = &reader->look_alike;
	struct sl_slice start;
	struct sl_error place;

	if (other == NULL || found->name != NULL)
		return;
	start = (struct sl_slice){ other, reader->json_bytes.len - at };
	if (start.len > FOREIGN_LOOK_BYTES)
		start.len = FOREIGN_LOOK_BYTES;
	found->name = sl_foreign_look_alike(start);
	place.offset = at;
	if (found->name != NULL)
		sl_reader_place(reader, &place, &found->offset, &found->line);
}

/*
 * What the decoder's outcome means for the parcel; SL_END: nothing, go on.  A unit that is cut has
 * one loss, however often it shows.
 */
static enum sl_status settle(struct sl_reader *reader, enum sl_status status, struct sl_error *err)
{
	if (status == SL_BAD_RECORD && is_told(reader, err))
		return SL_END;
	reader->told = reader->told || status == SL_BAD_RECORD;
	if (status == SL_BAD_RECORD && err->reason == SL_TRUNCATED) {
		if (reader->cut)
			return SL_END;
		if (!reader->unit->truncated)
			err->reason = SL_MALFORMED; /* more of the input follows */
	}
	if (status != SL_END)
		return status;
	if (reader->decoder == DECODER_JSON || reader->decoder == DECODER_FOREIGN)
		look_for_look_alike(reader);
	count_unit(reader, reader->decoder == DECODER_JSON);
	if (reader->unit->context.told && reader->decoder == DECODER_JSON)
		forget_around(reader);
	reader->decoder = DECODER_NONE;
	if (!reader->cut)
		return SL_END;
	reader->cut = false;
	*err = reader->loss;
	return SL_BAD_RECORD;
}

/* True: the parcel may hold more. */
static bool next_unit(struct sl_reader *reader, enum sl_status *status, struct sl_error *err)
{
	*status = SL_END;
	if (reader->decoder != DECODER_NONE || reader->cut)
		return true;
	if (reader->started == reader->parcel->unit_count)
		return false;
	*status = start_unit(reader, err);
	return *status == SL_OK;
}

/* The decoder's next record: into *span, or into *log where `span` is NULL. */
static inline enum sl_status decode(struct sl_reader *reader, const struct sl_span **span,
				    const struct sl_log **log, struct sl_error *err)
{
	switch (reader->decoder) {
	case DECODER_WIRE:
		return span != NULL ? sl_wire_next(reader->wire, span, err)
				    : sl_wire_next_log(reader->wire, log, err);
	case DECODER_JSON:
		return span != NULL ? sl_json_next(reader->json, span, err)
				    : sl_json_next_log(reader->json, log, err);
	case DECODER_FOREIGN:
		return sl_foreign_next(reader->foreign, span, err);
	case DECODER_NONE:
		break;
	}
	return SL_END;
}

static inline enum sl_status next(struct sl_reader *reader, const struct sl_span **span,
				  const struct sl_log **log, struct sl_error *err)
{
	enum sl_status status;

	while (next_unit(reader, &status, err)) {
		status = decode(reader, span, log, err);
		if (SL_UNLIKELY(status != SL_OK))
			status = settle(reader, status, err);
		if (status != SL_END)
			break;
	}
	return status;
}

enum sl_status sl_reader_next(struct sl_reader *reader, const struct sl_span **span,
			      struct sl_error *err)
{
	/* the usual case by itself, as a line costs little more than what is done here */
	if (SL_LIKELY(reader->decoder == DECODER_JSON)) {
		enum sl_status status = sl_json_next(reader->json, span, err);

		if (SL_LIKELY(status == SL_OK))
			return SL_OK;
		status = settle(reader, status, err);
		if (status != SL_END)
			return status;
	}
	return next(reader, span, NULL, err);
}

enum sl_status sl_reader_next_log(struct sl_reader *reader, const struct sl_log **log,
				  struct sl_error *err)
{
	return next(reader, NULL, log, err);
}
