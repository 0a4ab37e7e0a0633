/*
 * The start of a span as almost all have it: compact, its fields in their usual order, nothing in
 * it odd.  Then each key is known before it is looked at.  Everything else is left to the walk over
 * fields.
 */
#include "otlp_record.h"

#define KEY(at, text) same_text((at), (text), sizeof(text) - 1)

/* Notes that the fields were read; the one behind the last of them is likely to be next. */
static inline void pass(struct members *members, uint64_t bits, enum span_row last)
{
	members->begun = true;
	members->seen |= bits;
	members->likely = &members->message->fields[last + 1];
}

#define BIT(member) FIELD_BIT(offsetof(struct sl_span, member))

/* Ids in hex of the right length.  False: they are not, or there is no memory. */
static inline bool take_ids(struct sl_cursor *cursor, struct members *members, struct sl_span *span)
{
	enum { TRACE_AT = 12, TRACE_END = TRACE_AT + 32 };
	enum { SPAN_AT = TRACE_END + 12, SPAN_END = SPAN_AT + 16 };
	enum { PARENT_AT = SPAN_END + 18, PARENT_END = PARENT_AT + 16 };
	const char *at = cursor->at;
	char *room;

	if (!sl_cursor_left(cursor, PARENT_END + 1) || !KEY(at, "{\"traceId\":\"") ||
	    !KEY(at + TRACE_END, "\",\"spanId\":\"") || at[SPAN_END] != '"')
		return false;
	room = sl_arena_alloc(cursor->arena, 32);
	if (room == NULL || !sl_parse_hex_sixteen(at + TRACE_AT, room) ||
	    !sl_parse_hex_sixteen(at + TRACE_AT + 16, room + 8) ||
	    !sl_parse_hex_sixteen(at + SPAN_AT, room + 16))
		return false;
	span->trace_id = (struct sl_slice){ room, 16 };
	span->span_id = (struct sl_slice){ room + 16, 8 };
	pass(members, BIT(trace_id) | BIT(span_id), ROW_TRACE_STATE - 1);
	cursor->at = at + SPAN_END + 1;
	if (!KEY(at + SPAN_END, "\",\"parentSpanId\":\"") || at[PARENT_END] != '"' ||
	    !sl_parse_hex_sixteen(at + PARENT_AT, room + 24))
		return true;
	span->parent_span_id = (struct sl_slice){ room + 24, 8 };
	pass(members, BIT(parent_span_id), ROW_PARENT_SPAN_ID);
	cursor->at = at + PARENT_END + 1;
	return true;
}

/* Few digits, and the byte behind them; NULL: something else. */
static inline const char *take_flags(const char *at, uint32_t *flags)
{
	const char *start = at;

	*flags = 0;
	for (; *at >= '0' && *at <= '9' && at - start < 9; at++)
		*flags = *flags * 10 + (uint32_t)(*at - '0');
	return at > start && *at == ',' && (*start != '0' || at - start == 1) ? at : NULL;
}

/* What follows the ids, up to the end time: all of it, or false.  What is filled then will be
 * filled again by the walk. */
static inline bool take_outline(struct sl_cursor *cursor, struct members *members,
				struct sl_span *span)
{
	enum { ROOM = 128 }; /* for all but the name */
	const char *at = cursor->at, *name;
	uint64_t bits = BIT(name) | BIT(kind) | BIT(start_unix_nano) | BIT(end_unix_nano);
	unsigned high = 0;

	if (!sl_cursor_left(cursor, ROOM) || cursor->strict)
		return false;
	if (KEY(at, ",\"flags\":")) {
		bits |= BIT(flags);
		at = take_flags(at + 9, &span->flags);
		if (at == NULL)
			return false;
	}
	if (!KEY(at, ",\"name\":\""))
		return false;
	name = at + 9;
	at = sl_scan_string(name, cursor->end, &high);
	span->name = (struct sl_slice){ name, (size_t)(at - name) };
	if (cursor->end - at < ROOM || !KEY(at, "\",\"kind\":") || (unsigned)(at[9] - '0') > 9 ||
	    !KEY(at + 10, ",\"startTimeUnixNano\":\"") ||
	    !sl_take_time(at + 32, &span->start_unix_nano) ||
	    !KEY(at + 52, ",\"endTimeUnixNano\":\"") ||
	    !sl_take_time(at + 72, &span->end_unix_nano))
		return false;
	span->kind = at[9] - '0';
	pass(members, bits, ROW_END);
	cursor->at = at + 92;
	return true;
}

void take_usual_start(struct sl_cursor *cursor, struct members *members, struct sl_span *span)
{
	if (SL_LIKELY(take_ids(cursor, members, span)))
		(void)take_outline(cursor, members, span);
}
