/* Moving spans in time: by how much, and the moving itself. */
#include "spanline/replay.h"
#include "spanline/text.h"

static bool take_prefix(struct sl_slice *text, struct sl_slice prefix)
{
	if (text->len < prefix.len || memcmp(text->data, prefix.data, prefix.len) != 0)
		return false;
	text->data += prefix.len;
	text->len -= prefix.len;
	return true;
}

bool sl_shift_parse(struct sl_shift *shift, struct sl_slice text, uint64_t now_ns)
{
	bool back = text.len != 0 && text.data[0] == '-';
	int64_t ns;

	*shift = (struct sl_shift){ .kind = SL_SHIFT_NOW };
	if (sl_slice_equal(text, SL_SLICE("now")))
		return true;
	shift->kind = SL_SHIFT_END_NOW;
	if (sl_slice_equal(text, SL_SLICE("end=now")))
		return true;
	shift->kind = SL_SHIFT_START;
	if (take_prefix(&text, SL_SLICE("start=")))
		return sl_parse_when(text, now_ns, &shift->start_ns);
	shift->kind = SL_SHIFT_BY;
	if (!back && (text.len == 0 || text.data[0] != '+'))
		return false;
	text.data++;
	text.len--;
	if (!sl_parse_duration(text, &ns))
		return false;
	shift->by = (struct sl_move){ (uint64_t)ns, back };
	return true;
}

struct sl_move sl_move_between(uint64_t from_ns, uint64_t to_ns)
{
	bool back = to_ns < from_ns;

	return (struct sl_move){ back ? from_ns - to_ns : to_ns - from_ns, back };
}

/* 0 means that the time is not known, and stays so. */
static bool move_time(uint64_t *time_ns, struct sl_move move)
{
	uint64_t moved = move.back ? *time_ns - move.ns : *time_ns + move.ns;

	if (*time_ns == 0)
		return true;
	if (moved == 0 || (move.back ? moved > *time_ns : moved < *time_ns))
		return false;
	*time_ns = moved;
	return true;
}

enum sl_status sl_move_span(struct sl_arena *arena, struct sl_span *span, struct sl_move move,
			    struct sl_error *err)
{
	bool fits =
		move_time(&span->start_unix_nano, move) && move_time(&span->end_unix_nano, move);
	struct sl_event *events = NULL;

	if (span->event_count != 0) {
		events = sl_arena_alloc(arena, span->event_count * sizeof(*events));
		if (events == NULL)
			return sl_fail_memory(err);
		memcpy(events, span->events, span->event_count * sizeof(*events));
		span->events = events;
	}
	for (size_t i = 0; i < span->event_count && fits; i++)
		fits = move_time(&events[i].time_unix_nano, move);
	return fits ? SL_OK
		    : sl_reject(err, SL_MALFORMED, SL_NOWHERE,
				"a time would lie before 1970 or behind 2554");
}
