/* A source from its first byte to its last: reading, finding the format, and filling parcels. */
#include "source.h"
#include <stdio.h>
#include <stdlib.h>

enum {
	ENOUGH_BYTES = READ_STEP / 2, /* a parcel with so much in it is handed out */
	/* a buffer that has grown for one large record is not kept for the next ones */
	LARGE_CARRY = 4 * READ_STEP,
	/* what is cheaper to copy than a second buffer is to keep */
	SMALL_CARRY = 16 * 1024,
};

enum sl_status sl_source_open(struct sl_source **source, const char *path,
			      const struct sl_source_options *options, struct sl_error *err)
{
	struct sl_source *opened = calloc(1, sizeof(*opened));
	enum sl_status status;

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->options = *options;
	opened->format = options->from;
	status = sl_input_open(&opened->input, path, &options->input, err);
	if (status != SL_OK) {
		free(opened);
		return status;
	}
	*source = opened;
	return SL_OK;
}

void sl_source_close(struct sl_source *source)
{
	if (source == NULL)
		return;
	sl_input_close(source->input);
	sl_buffer_free(&source->carry);
	replay_restart(source);
	sl_buffer_free(&source->survey.text);
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		sl_buffer_free(&source->contexts[i].text);
	free(source);
}

struct sl_input *sl_source_input(const struct sl_source *source)
{
	return source->input;
}

const struct sl_notes *sl_source_notes(const struct sl_source *source)
{
	return &source->notes;
}

struct sl_look_alike sl_source_look_alike(const struct sl_source *source)
{
	return source->notes.count[SL_NOTE_NOT_OTLP] != 0 ? source->look_alike
							  : (struct sl_look_alike){ 0 };
}

const char *sl_source_format(const struct sl_source *source)
{
	if (source->name[0] == '\0')
		return source->failed ? "unreadable" : "empty";
	return source->name;
}

static void name_format(struct sl_source *source)
{
	static const char *const around[] = {
		[SL_CODEC_NONE] = "", [SL_CODEC_GZIP] = "gzip+", [SL_CODEC_ZSTD] = "zstd+"
	};

	snprintf(source->name, sizeof(source->name), "%s%s", around[sl_input_codec(source->input)],
		 sl_formats[source->format].name);
}

/* Something else follows what has `ended`. */
static bool goes_on(const struct sl_source *source)
{
	return source->restarted || source->torn;
}

static enum sl_status find_format(struct sl_source *source, struct sl_error *err)
{
	enum sl_status status =
		sl_format_sniff(window(source), source->ended, &source->format, err);

	if (status == SL_END)
		return SL_OK;
	source->guessed = goes_on(source);
	if (status == SL_FAILED && source->guessed) {
		window_complain(source, err->reason, 0, "%s", err->text);
		source->format = SL_FORMAT_AUTO;
		status = source->no_memory ? sl_fail_memory(err) : SL_OK;
	}
	if (source->format == SL_FORMAT_AUTO)
		window_consume(source, window_len(source)); /* white space, or not to be read */
	return status;
}

/* Everything that the framer can take from the window. */
static enum sl_status cut(struct sl_source *source, struct sl_error *err)
{
	if (source->pass > 0)
		window_pass(source, source->pass);
	if (source->pass > 0)
		return SL_OK;
	if (source->format == SL_FORMAT_AUTO) {
		enum sl_status status = find_format(source, err);

		if (status != SL_OK || source->format == SL_FORMAT_AUTO)
			return status;
	}
	if (source->name[0] == '\0' && window_len(source) > 0)
		name_format(source);
	memset(source->parcel->bytes.data + source->parcel->bytes.len, 0, SL_PADDING);
	framers[source->format](source);
	if (source->troubled)
		*err = source->failure;
	return source->no_memory ? sl_fail_memory(err) : source->troubled ? SL_FAILED : SL_OK;
}

/* Room for `want` bytes in all.  The capacity doubles, but not beyond what the framer waits for. */
static bool make_room(struct sl_source *source, size_t want)
{
	struct sl_buffer *bytes = &source->parcel->bytes;
	size_t capacity = bytes->capacity < SIZE_MAX / 2 ? 2 * bytes->capacity : want;
	char *data;

	if (want + SL_PADDING <= bytes->capacity)
		return true;
	if (source->need != 0 && capacity > source->at + source->need + SL_PADDING)
		capacity = source->at + source->need + SL_PADDING;
	if (capacity < want + SL_PADDING)
		capacity = want + SL_PADDING;
	data = realloc(bytes->data, capacity);
	if (data == NULL)
		return false;
	bytes->data = data;
	bytes->capacity = capacity;
	return true;
}

/* The consumed bytes go, unless units point at them, or moving the rest costs more than they did.
 */
static void drop_consumed(struct sl_source *source)
{
	size_t len = window_len(source);

	if (source->parcel->unit_count > 0 || source->at < len || source->at == 0)
		return;
	memmove(source->parcel->bytes.data, window_bytes(source), len);
	source->base += source->at;
	source->at = 0;
	source->parcel->bytes.len = len;
}

/* *got = 0 and not the end: with follow, nothing came. */
static enum sl_status read_more(struct sl_source *source, size_t *got, struct sl_error *err)
{
	struct sl_buffer *bytes = &source->parcel->bytes;
	size_t room = READ_STEP;
	enum sl_status status;

	drop_consumed(source);
	if (source->need > window_len(source) && source->need - window_len(source) < room)
		room = source->need - window_len(source);
	if (!make_room(source, bytes->len + room))
		return sl_fail_memory(err);
	*got = 0;
	status = replay_read(source, room, got, err);
	switch (status) {
	case SL_OK:
		bytes->len += *got;
		source->credit += *got;
		source->ended = source->restarted;
		return SL_OK;
	case SL_BAD_RECORD: /* of the compression: what was begun before is lost */
		source->ended = true;
		source->torn = true;
		if (!sl_complaints_add(&source->parcel->complaints, err, source->base + bytes->len,
				       0))
			return sl_fail_memory(err);
		return SL_OK;
	case SL_END:
		source->ended = true;
		return SL_OK;
	case SL_FAILED:
		break;
	}
	return status;
}

static bool holds_something(const struct sl_parcel *parcel)
{
	return parcel->unit_count > 0 || parcel->complaints.count > 0;
}

/* Reads and cuts until the parcel is to be handed out. */
static enum sl_status gather(struct sl_source *source, struct sl_error *err)
{
	struct sl_parcel *parcel = source->parcel;

	if (!make_room(source, parcel->bytes.len))
		return sl_fail_memory(err);
	for (;;) {
		size_t got = 0;
		enum sl_status status;

		source->pressed = !source->ended && !replay_ready(source);
		status = cut(source, err);
		if (status != SL_OK || source->ended || window_full(source))
			return status;
		if (holds_something(parcel) && (source->pressed || source->at >= ENOUGH_BYTES))
			return SL_OK;
		status = read_more(source, &got, err);
		if (status != SL_OK || (got == 0 && !source->ended))
			return status;
	}
}

static void swap(struct sl_buffer *a, struct sl_buffer *b)
{
	struct sl_buffer other = *a;

	*a = *b;
	*b = other;
}

/* The bytes that the last fill left over: if they are many the buffers change places. */
static void take_carry(struct sl_source *source)
{
	struct sl_parcel *parcel = source->parcel;

	source->at = 0;
	if (source->carry.len <= SMALL_CARRY && source->carry.len < parcel->bytes.capacity &&
	    parcel->bytes.capacity <= LARGE_CARRY)
		sl_buffer_add_slice(&parcel->bytes, sl_buffer_slice(&source->carry));
	else
		swap(&source->carry, &parcel->bytes);
	source->carry.len = 0;
	if (source->carry.capacity > LARGE_CARRY)
		sl_buffer_free(&source->carry);
}

static enum sl_status keep_carry(struct sl_source *source, struct sl_error *err)
{
	struct sl_parcel *parcel = source->parcel;
	struct sl_slice rest = window(source);

	source->base += source->at;
	if (parcel->unit_count == 0 && source->at == 0) {
		swap(&source->carry, &parcel->bytes);
		parcel->bytes.len = 0;
		return SL_OK;
	}
	sl_buffer_add_slice(&source->carry, rest);
	return source->carry.failed ? sl_fail_memory(err) : SL_OK;
}

/* The framers look for the next record in bytes that may begin inside one. */
static void frame_behind_gap(struct sl_source *source)
{
	memset(&source->framing, 0, sizeof(source->framing));
	source->framing.length.lost = true;
	source->framing.fields.lost = true;
	source->framing.http = (struct http_framing){ .state = HTTP_LOST, .told = true };
}

/* What had ended is handed out, and something else follows.  The format holds for that too, unless
 * it was found by nothing but a rest. */
static void go_on(struct sl_source *source)
{
	uint64_t line;

	if (source->guessed) {
		source->guessed = false;
		source->format = source->options.from;
		source->name[0] = '\0';
	}
	source->ended = false;
	source->carry.len = 0;
	source->pass = 0;
	source->need = 0;
	if (source->torn) {
		source->base += source->at;
		frame_behind_gap(source);
	} else {
		sl_input_place(source->input, &source->base, &line);
		source->begun = source->base;
		source->line = line != 0 ? line + 1 : 0;
		memset(&source->framing, 0, sizeof(source->framing));
	}
	source->restarted = false;
	source->torn = false;
	replay_restart(source);
}

enum sl_status sl_source_fill(struct sl_source *source, struct sl_parcel *parcel,
			      struct sl_error *err)
{
	enum sl_status status;

	parcel->bytes.len = 0;
	parcel->contexts.len = 0;
	parcel->unit_count = 0;
	parcel->begins = source->base == source->begun;
	source->counted = 0;
	source->newlines = 0;
	sl_complaints_clear(&parcel->complaints);
	if (source->failed) {
		*err = source->failure;
		return SL_FAILED;
	}
	source->parcel = parcel;
	take_carry(source);
	status = gather(source, err);
	if (status != SL_OK) {
		source->failed = true;
		source->failure = *err;
		return holds_something(parcel) ? SL_OK : SL_FAILED;
	}
	if (!source->ended || window_len(source) > 0)
		return keep_carry(source, err);
	if (goes_on(source)) {
		go_on(source);
		return SL_OK;
	}
	return holds_something(parcel) ? SL_OK : SL_END;
}
