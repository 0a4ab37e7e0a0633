/* What a user says of a replay, by the first byte: --set, --shift, --pace, --rate; what is taken of
 * the first two is done to a span. */
#include "padded.h"
#include "spanline/replay.h"
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sl_event event = { .time_unix_nano = 1744019112345678901 };

static struct sl_span make_span(void)
{
	struct sl_span span = sl_span_empty;

	span.start_unix_nano = 1744019112345678901;
	span.end_unix_nano = 1744019113345678901;
	span.events = &event;
	span.event_count = 1;
	return span;
}

/* The edit is the one attribute with its key, and nothing else is. */
static void check_edit(struct sl_slice text)
{
	struct sl_edit edit;
	const struct sl_changes changes = { .edits = &edit, .edit_count = 1 };
	const struct sl_change first = { .copy = 0 };
	struct sl_span span = make_span();
	struct sl_changer *changer;
	const struct sl_span *changed;
	struct sl_attributes list;
	struct sl_error err;
	enum sl_status status = sl_edit_parse(&edit, text, &err);

	demand(status == SL_OK || status == SL_BAD_RECORD);
	if (status != SL_OK)
		return;
	demand(sl_changer_open(&changer, &changes, &err) == SL_OK);
	demand(sl_change_span(changer, &span, &first, &changed, &err) == SL_OK);
	list = edit.target == SL_EDIT_RESOURCE ? changed->resource->attributes
					       : changed->attributes;
	if (edit.target == SL_EDIT_NAME)
		demand(edit.value.type == SL_VALUE_STRING &&
		       sl_slice_equal(changed->name, edit.value.text));
	else
		demand(list.count == 1 && edit.key.len != 0 &&
		       sl_slice_equal(list.items[0].key, edit.key) &&
		       list.items[0].value.type == edit.value.type);
	sl_changer_close(changer);
	sl_edit_free(&edit);
}

/* Moved and moved back, a span is what it was. */
static void check_shift(struct sl_slice text)
{
	struct sl_shift shift;
	struct sl_span span = make_span();
	const struct sl_span before = span;
	struct sl_arena arena = { 0 };
	struct sl_error err;

	if (!sl_shift_parse(&shift, text, before.start_unix_nano))
		return;
	demand(shift.kind != SL_SHIFT_NONE);
	if (shift.kind == SL_SHIFT_BY && sl_move_span(&arena, &span, shift.by, &err) == SL_OK) {
		demand(span.end_unix_nano - span.start_unix_nano ==
		       before.end_unix_nano - before.start_unix_nano);
		shift.by.back = !shift.by.back;
		demand(sl_move_span(&arena, &span, shift.by, &err) == SL_OK);
		demand(span.start_unix_nano == before.start_unix_nano &&
		       span.events[0].time_unix_nano == event.time_unix_nano);
	}
	sl_arena_free(&arena);
}

static void check_pace(struct sl_slice text, bool is_rate)
{
	struct sl_pace pace;

	if (!(is_rate ? sl_rate_parse(&pace, text) : sl_pace_parse(&pace, text)))
		return;
	demand(is_rate == (pace.kind >= SL_PACE_SPANS));
	demand(pace.kind == SL_PACE_NONE || (pace.factor > 0 && isfinite(pace.factor)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_slice text;

	if (size == 0)
		return 0;
	text = padded(data + 1, size - 1);
	switch (data[0]) {
	case 's':
		check_edit(text);
		break;
	case 't':
		check_shift(text);
		break;
	default:
		check_pace(text, data[0] == 'r');
		break;
	}
	padded_free(text);
	return 0;
}
