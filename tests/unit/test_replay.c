/* What is made of spans before they are sent. */
#include "spanline/replay.h"
#include "spanline/text.h"
#include "tap.h"

static struct sl_slice slice(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

/* The value as text, so that a row can hold it. */
static void show(const struct sl_value *value, char out[64])
{
	switch (value->type) {
	case SL_VALUE_STRING:
		snprintf(out, 64, "'%.*s'", (int)value->text.len, value->text.data);
		break;
	case SL_VALUE_BOOL:
		snprintf(out, 64, "%s", value->boolean ? "true" : "false");
		break;
	case SL_VALUE_INT:
		snprintf(out, 64, "%lld", (long long)value->integer);
		break;
	case SL_VALUE_DOUBLE:
		snprintf(out, 64, "%.3f", value->number);
		break;
	default:
		snprintf(out, 64, "?");
	}
}

static const struct {
	const char *text;
	enum sl_edit_target target;
	const char *key, *value; /* value NULL: it is refused */
} edits[] = {
	{ "name=GET /", SL_EDIT_NAME, "", "'GET /'" },
	{ "name=7", SL_EDIT_NAME, "", "'7'" },
	{ "name=\"7\"", SL_EDIT_NAME, "", "'7'" },
	{ "name=", SL_EDIT_NAME, "", "''" },
	{ "span.http.route=/a=b", SL_EDIT_SPAN, "http.route", "'/a=b'" },
	{ "resource.service.name=shop", SL_EDIT_RESOURCE, "service.name", "'shop'" },
	{ "span.n=-7", SL_EDIT_SPAN, "n", "-7" },
	{ "span.n=9223372036854775807", SL_EDIT_SPAN, "n", "9223372036854775807" },
	{ "span.n=1e3", SL_EDIT_SPAN, "n", "1000.000" },
	{ "span.n=1e999", SL_EDIT_SPAN, "n", "'1e999'" },
	{ "span.n=0x7", SL_EDIT_SPAN, "n", "'0x7'" },
	{ "span.b=true", SL_EDIT_SPAN, "b", "true" },
	{ "span.b=false", SL_EDIT_SPAN, "b", "false" },
	{ "span.b=True", SL_EDIT_SPAN, "b", "'True'" },
	{ "span.s=\"a\\\"\\\\\\n\"", SL_EDIT_SPAN, "s", "'a\"\\\n'" },
	{ "span.s=`a\"\\`", SL_EDIT_SPAN, "s", "'a\"\\'" },
	{ "span.s=\"\"", SL_EDIT_SPAN, "s", "''" },
	{ "span.s=\"", SL_EDIT_SPAN, "s", NULL },
	{ "span.s=\"a\"b\"", SL_EDIT_SPAN, "s", NULL },
	{ "span.s=\"a\\\"", SL_EDIT_SPAN, "s", NULL },
	{ "span.s=\"\\x\"", SL_EDIT_SPAN, "s", NULL },
	{ "span.s=`a\"", SL_EDIT_SPAN, "s", NULL },
	{ "span.=1", SL_EDIT_SPAN, "", NULL },
	{ "service=shop", SL_EDIT_SPAN, "", NULL },
	{ "name", SL_EDIT_SPAN, "", NULL },
	{ "", SL_EDIT_SPAN, "", NULL },
};

static void test_edits(void)
{
	for (size_t i = 0; i < SL_COUNT(edits); i++) {
		struct sl_error err;
		struct sl_edit edit;
		enum sl_status status = sl_edit_parse(&edit, slice(edits[i].text), &err);
		char text[64] = "";

		if (status == SL_OK)
			show(&edit.value, text);
		ok(edits[i].value == NULL ? status == SL_BAD_RECORD
					  : status == SL_OK && edit.target == edits[i].target &&
						    sl_slice_equal(edit.key, slice(edits[i].key)) &&
						    strcmp(text, edits[i].value) == 0,
		   "edit %zu: %s", i, text);
		sl_edit_free(&edit);
	}
}

static const struct {
	const char *name, *trace_id, *span_id, *parent;
	bool new_trace, new_span; /* these are to become others */
} ids[] = {
	{ "valid", "0102030405060708090a0b0c0d0e0f10", "1112131415161718", "2122232425262728", true,
	  true },
	{ "zero", "00000000000000000000000000000000", "0000000000000000", "0000000000000000", false,
	  false },
	{ "empty", "", "", "", false, false },
	{ "64 bits", "00000000000000000a0b0c0d0e0f1011", "0000000000000001", "", true, true },
	{ "short", "01020304050607", "01", "", false, true },
	{ "long", "0102030405060708090a0b0c0d0e0f1011", "111213141516171819", "", true, true },
};

static struct sl_slice parse_id(const char *hex, char *out)
{
	if (!sl_parse_hex(slice(hex), out))
		return (struct sl_slice){ 0 };
	return (struct sl_slice){ out, strlen(hex) / 2 };
}

static bool keeps_randomness(struct sl_slice before, struct sl_slice after)
{
	size_t len = before.len < 7 ? before.len : 7;

	return before.len == after.len &&
	       (len == 0 ||
		memcmp(before.data + before.len - len, after.data + after.len - len, len) == 0);
}

static void test_ids(void)
{
	struct sl_changes changes = { .new_ids = true, .seed = SL_SLICE("seed") };
	struct sl_change copies[] = { { .copy = 0 }, { .copy = 1 } };
	struct sl_changer *changer = NULL;
	struct sl_error err;

	ok(sl_changer_open(&changer, &changes, &err) == SL_OK, "a changer");
	for (size_t i = 0; i < SL_COUNT(ids); i++) {
		char bytes[3][32], first[2][32];
		struct sl_span span = sl_span_empty;
		struct sl_link link = { 0 };
		const struct sl_span *changed;

		span.trace_id = link.trace_id = parse_id(ids[i].trace_id, bytes[0]);
		span.span_id = link.span_id = parse_id(ids[i].span_id, bytes[1]);
		span.parent_span_id = parse_id(ids[i].parent, bytes[2]);
		span.links = &link;
		span.link_count = 1;
		ok(sl_change_span(changer, &span, &copies[0], &changed, &err) == SL_OK &&
			   keeps_randomness(span.trace_id, changed->trace_id) &&
			   sl_slice_equal(span.trace_id, changed->trace_id) != ids[i].new_trace &&
			   sl_slice_equal(span.span_id, changed->span_id) != ids[i].new_span &&
			   sl_slice_equal(changed->links[0].trace_id, changed->trace_id) &&
			   sl_slice_equal(changed->links[0].span_id, changed->span_id) &&
			   changed->parent_span_id.len == span.parent_span_id.len,
		   "%s ids", ids[i].name);
		if (!ids[i].new_trace)
			continue;
		memcpy(first[0], changed->trace_id.data, changed->trace_id.len);
		memcpy(first[1], changed->span_id.data, changed->span_id.len);
		ok(sl_change_span(changer, &span, &copies[1], &changed, &err) == SL_OK &&
			   memcmp(first[0], changed->trace_id.data, changed->trace_id.len) != 0 &&
			   memcmp(first[1], changed->span_id.data, changed->span_id.len) != 0,
		   "%s ids of another copy", ids[i].name);
	}
	sl_changer_close(changer);
}

#define NOON UINT64_C(1795262400000000000) /* 2026-11-21T12:00:00Z */
#define S    UINT64_C(1000000000)

static const struct {
	const char *text;
	bool good;
	struct sl_shift shift;
} shifts[] = {
	{ "now", true, { .kind = SL_SHIFT_NOW } },
	{ "end=now", true, { .kind = SL_SHIFT_END_NOW } },
	{ "start=2026-11-21T12:00:01Z", true, { .kind = SL_SHIFT_START, .start_ns = NOON + S } },
	{ "start=now-1m", true, { .kind = SL_SHIFT_START, .start_ns = NOON - 60 * S } },
	{ "+1h", true, { .kind = SL_SHIFT_BY, .by = { 3600 * S, false } } },
	{ "-1m30s", true, { .kind = SL_SHIFT_BY, .by = { 90 * S, true } } },
	{ "1h", false, { 0 } },
	{ "+1", false, { 0 } },
	{ "+-1h", false, { 0 } },
	{ "start=", false, { 0 } },
	{ "end=2026-11-21", false, { 0 } },
	{ "now+1h", false, { 0 } },
	{ "", false, { 0 } },
};

static void test_shifts(void)
{
	for (size_t i = 0; i < SL_COUNT(shifts); i++) {
		struct sl_shift shift, expected = shifts[i].shift;
		bool good = sl_shift_parse(&shift, slice(shifts[i].text), NOON);

		ok(good == shifts[i].good &&
			   (!good ||
			    (shift.kind == expected.kind && shift.start_ns == expected.start_ns &&
			     shift.by.ns == expected.by.ns && shift.by.back == expected.by.back)),
		   "shift '%s'", shifts[i].text);
	}
}

static const struct {
	const char *name;
	uint64_t start_ns, end_ns, event_ns;
	struct sl_move move;
	bool good;
} moves[] = {
	{ "forth", NOON, NOON + 1, NOON + 2, { 5, false }, true },
	{ "back", NOON, NOON + 1, NOON + 2, { NOON - 1, true }, true },
	{ "to no time", NOON, NOON + 1, NOON + 2, { NOON, true }, false },
	{ "before 1970", NOON, NOON + 1, NOON + 2, { NOON + 1, true }, false },
	{ "the end too far", NOON, UINT64_MAX, NOON, { 1, false }, false },
	{ "the event too far", NOON, NOON, UINT64_MAX, { 1, false }, false },
	{ "to the last moment", UINT64_MAX - 1, UINT64_MAX - 1, 0, { 1, false }, true },
	{ "without an end", NOON, 0, 0, { 5, false }, true },
};

static bool is_moved(uint64_t before_ns, uint64_t now_ns, struct sl_move move)
{
	return now_ns == (before_ns == 0 ? 0
			  : move.back	 ? before_ns - move.ns
					 : before_ns + move.ns);
}

static void test_moves(void)
{
	struct sl_arena arena = { 0 };

	for (size_t i = 0; i < SL_COUNT(moves); i++) {
		struct sl_event event = { .time_unix_nano = moves[i].event_ns };
		struct sl_span span = sl_span_empty;
		struct sl_error err;
		enum sl_status status;

		span.start_unix_nano = moves[i].start_ns;
		span.end_unix_nano = moves[i].end_ns;
		span.events = &event;
		span.event_count = 1;
		status = sl_move_span(&arena, &span, moves[i].move, &err);
		ok(moves[i].good
			   ? status == SL_OK &&
				     is_moved(moves[i].start_ns, span.start_unix_nano,
					      moves[i].move) &&
				     is_moved(moves[i].end_ns, span.end_unix_nano, moves[i].move) &&
				     is_moved(moves[i].event_ns, span.events[0].time_unix_nano,
					      moves[i].move)
			   : status == SL_BAD_RECORD,
		   "moved %s", moves[i].name);
		ok(event.time_unix_nano == moves[i].event_ns, "what it was made of stays");
	}
	sl_arena_free(&arena);
}

static const struct {
	const char *text;
	bool of_rate, good;
	struct sl_pace pace;
} paces[] = {
	{ "none", false, true, { SL_PACE_NONE, 0 } },
	{ "1x", false, true, { SL_PACE_CAPTURED, 1 } },
	{ "1.0x", false, true, { SL_PACE_CAPTURED, 1 } },
	{ "10x", false, true, { SL_PACE_SPEED, 10 } },
	{ "0.5x", false, true, { SL_PACE_SPEED, 0.5 } },
	{ "0x", false, false, { 0 } },
	{ "-1x", false, false, { 0 } },
	{ "1e999x", false, false, { 0 } },
	{ "x", false, false, { 0 } },
	{ "10", false, false, { 0 } },
	{ "5000/s", true, true, { SL_PACE_SPANS, 5000 } },
	{ "0.5spans/s", true, true, { SL_PACE_SPANS, 0.5 } },
	{ "10 traces/s", true, true, { SL_PACE_TRACES, 10 } },
	{ "1Mbytes/s", true, true, { SL_PACE_BYTES, 1048576 } },
	{ "0bytes/s", true, false, { 0 } },
	{ "0/s", true, false, { 0 } },
	{ "5000", true, false, { 0 } },
	{ "/s", true, false, { 0 } },
	{ "10logs/s", true, false, { 0 } },
};

static void test_paces(void)
{
	for (size_t i = 0; i < SL_COUNT(paces); i++) {
		struct sl_pace pace;
		bool good = paces[i].of_rate ? sl_rate_parse(&pace, slice(paces[i].text))
					     : sl_pace_parse(&pace, slice(paces[i].text));

		/* the factors are exact */
		ok(good == paces[i].good && (!good || (pace.kind == paces[i].pace.kind &&
						       !(pace.factor < paces[i].pace.factor) &&
						       !(pace.factor > paces[i].pace.factor))),
		   "pace '%s'", paces[i].text);
	}
}

int main(void)
{
	test_edits();
	test_ids();
	test_shifts();
	test_moves();
	test_paces();
	return done_testing();
}
