/*
 * Protobuf without any framing: one request, or several one after another, which is the same. Units
 * are runs of whole top-level fields of one signal; only that is looked at.
 */
#include "source.h"
#include "spanline/wire.h"

/* Requests of 2 GiB and more are not allowed by protobuf itself. */
enum { LENGTH_LIMIT = INT32_MAX };

/* Fields that wait at the window's start to become a unit. */
struct run {
	size_t len;
	enum sl_signal signal;
};

/* Spans and logs may be wanted; the rest is only counted. */
static void flush(struct sl_source *source, struct run *run, bool truncated)
{
	bool wanted = run->signal == SL_SIGNAL_SPANS || run->signal == SL_SIGNAL_LOGS ||
		      run->signal == SL_SIGNAL_NONE;

	if (run->len > 0 && wanted)
		window_emit(source, (struct sl_unit){ .kind = SL_UNIT_FIELDS,
						      .truncated = truncated,
						      .len = run->len });
	else if (truncated)
		window_complain(source, SL_TRUNCATED, run->len, "the input ends inside a request");
	window_consume(source, run->len);
	run->len = 0;
}

/* A field of `len` bytes joins the run; before that the run ends if the signal changes. */
static void join(struct sl_source *source, struct run *run, size_t len)
{
	struct fields_framing *state = &source->framing.fields;
	struct sl_slice field = { window_bytes(source) + run->len, len };
	enum sl_signal signal = sl_wire_signal(field);

	if (signal == SL_SIGNAL_NONE)
		signal = state->signal;
	if (signal != run->signal)
		flush(source, run, false);
	if (signal != SL_SIGNAL_NONE && (state->seen >> signal & 1) == 0) {
		source->notes.messages[signal]++;
		state->seen |= 1U << signal;
	}
	state->signal = signal;
	run->signal = signal;
	run->len += len;
}

/* Bytes of the field at the start of `rest`, which is not whole; 0: unknown yet. */
static uint64_t field_len(struct sl_slice rest)
{
	const char *end = rest.data + rest.len;
	uint64_t tag, len;
	size_t tag_len = sl_wire_read_varint(rest.data, end, &tag), length_len;

	if (tag_len == 0 || (tag & 7) != 2)
		return 0;
	length_len = sl_wire_read_varint(rest.data + tag_len, end, &len);
	return length_len == 0 ? 0 : len > LENGTH_LIMIT ? UINT64_MAX : tag_len + length_len + len;
}

static void lose(struct sl_source *source)
{
	window_complain(source, SL_MALFORMED, 0, "no field of a protobuf request stands here");
	source->framing.fields.lost = true;
	window_consume(source, 1);
}

/* A field that is not whole stands behind the run. */
static void wait_for_field(struct sl_source *source, struct run *run, uint64_t len)
{
	size_t rest = window_len(source) - run->len;

	if (source->ended) {
		join(source, run, rest);
		flush(source, run, true);
		return;
	}
	flush(source, run, false);
	source->need = (size_t)len;
	if (len == 0) /* perhaps a large group: each try doubles the price */
		source->framing.fields.wait = rest < 16 ? 0 : 2 * rest;
}

/* Fields up to one that is not whole, or none. */
static bool cut_fields(struct sl_source *source)
{
	struct fields_framing *state = &source->framing.fields;
	struct run run = { .signal = state->signal };

	if (window_len(source) < state->wait && !source->ended)
		return false;
	state->wait = 0;
	while (!window_full(source)) {
		const char *at = window_bytes(source) + run.len;
		const char *end = window_bytes(source) + window_len(source);
		struct sl_slice payload;
		uint32_t number;
		unsigned type;
		size_t len;
		uint64_t whole;

		if (at == end)
			break;
		len = sl_wire_field(at, end, &number, &type, &payload);
		whole = len == 0 ? field_len((struct sl_slice){ at, (size_t)(end - at) }) : len;
		if (len == SIZE_MAX || whole == UINT64_MAX) {
			flush(source, &run, false);
			lose(source);
			return true;
		}
		if (len == 0) {
			wait_for_field(source, &run, whole);
			return false;
		}
		join(source, &run, len);
	}
	flush(source, &run, false);
	return false;
}

/*
 * Passes over what is broken, up to something that begins like a ResourceSpans and is followed by
 * another field, or by nothing.
 */
static bool find_field(struct sl_source *source)
{
	struct sl_slice rest = window(source);
	bool found = false;
	uint64_t len = 0;

	for (; rest.len > 0; rest.data++, rest.len--) {
		enum verdict begins = request_begins(rest, LENGTH_LIMIT);

		if (begins == VERDICT_OPEN && !source->ended)
			break;
		if (begins != VERDICT_YES)
			continue;
		len = field_len(rest);
		found = len <= source->options.max_message &&
			(len >= rest.len || rest.data[len] == 0x0a);
		if (found)
			break;
	}
	window_consume(source, window_len(source) - rest.len);
	if (found && len >= rest.len && !source->ended) {
		source->need = (size_t)len + 1;
		return false;
	}
	source->framing.fields.lost = !found;
	return found;
}

void frame_fields(struct sl_source *source)
{
	struct fields_framing *state = &source->framing.fields;
	bool on = true;

	while (on && window_len(source) > 0 && !window_full(source))
		on = state->lost ? find_field(source) : cut_fields(source);
	if (source->ended && window_len(source) == 0 && state->seen == 0) {
		source->notes.messages[SL_SIGNAL_NONE]++;
		state->seen = 1U << SL_SIGNAL_NONE;
	}
}
