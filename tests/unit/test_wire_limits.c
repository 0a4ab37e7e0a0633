/* What a wire reader keeps and counts, its limits, log records, and what it says of damage. */
#include "tap.h"
#include "wire_reading.h"

/* The serials of all spans in the order in which they come. */
static void test_serials(void)
{
	static const char *const requests[] = {
		"1{1{1{1\"a\"}} 2{1{1\"x\"} 2{} 2{}} 2{1{1\"x\"} 2{}} 2{1{1\"y\"} 2{}}}",
		"1{1{1{1\"a\"}} 2{1{1\"y\"} 2{}}} 1{1{1{1\"a\"}} 3\"u\" 2{1{1\"y\"} 3\"u\" 2{}}}",
		"1{3\"u\" 2{3\"u\" 2{}}} 1{1{1{1\"a\"}} 2{1{1\"x\"} 2{}}}",
	};
	/* equal letters: equal serials */
	static const char resources[] = "aaaaabcd", scopes[] = "xxxyyzwv";
	struct sl_notes notes = { { 0 }, { 0 } };
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_wire_reader *reader = open_reader(&options, &notes);
	uint64_t resource[16], scope[16];
	size_t count = 0;

	for (size_t i = 0; i < SL_COUNT(requests); i++) {
		struct sl_buffer bytes = { .data = NULL };
		const struct sl_span *span;
		struct sl_error err;

		sl_wire_start(reader, message(&bytes, requests[i]), false);
		while (sl_wire_next(reader, &span, &err) == SL_OK) {
			resource[count] = span->resource->serial;
			scope[count++] = span->scope->serial;
			if (count == 5)
				ok(sl_slice_equal(span->scope->name, SL_SLICE("y")),
				   "what is kept outlives its request");
		}
		sl_buffer_free(&bytes);
	}
	ok(count == strlen(resources), "all spans are there");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++) {
			ok((resource[i] == resource[k]) == (resources[i] == resources[k]),
			   "resources %zu and %zu", k, i);
			ok((scope[i] == scope[k]) == (scopes[i] == scopes[k]), "scopes %zu and %zu",
			   k, i);
		}
	sl_wire_close(reader);
}

/* A departure in a resource is noted every time, however requests are spread over readers. */
static void test_departures_are_not_kept(void)
{
	struct sl_notes notes = { { 0 }, { 0 } };
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_wire_reader *reader = open_reader(&options, &notes);
	struct sl_buffer bytes = { .data = NULL }, said = { .data = NULL };

	message(&bytes,
		"1{1{1{1\"a\" 2{1\"x\" 3=1}}} 2{2{}}} 1{1{1{1\"a\" 2{1\"x\" 3=1}}} 2{2{}}}");
	sl_wire_start(reader, sl_buffer_slice(&bytes), false);
	read_spans(reader, &said);
	ok(notes.count[SL_NOTE_TWO_VALUES] == 2, "noted for each ResourceSpans");
	sl_buffer_free(&bytes);
	sl_buffer_free(&said);
	sl_wire_close(reader);
}

/* An attribute in a span in a request, its value `depth` lists in each other around a number. */
static struct sl_slice nested(struct sl_buffer *bytes, size_t depth, bool maps)
{
	static const unsigned around[] = { 2, 9, 2, 2, 1 };

	put_message(bytes, "3=1");
	for (size_t i = 0; i < depth; i++) {
		if (maps)
			wrap(bytes, 2);
		wrap(bytes, 1);
		wrap(bytes, maps ? 6 : 5);
	}
	for (size_t i = 0; i < SL_COUNT(around); i++)
		wrap(bytes, around[i]);
	return padded(bytes);
}

static size_t depth_of(const struct sl_value *value)
{
	size_t depth = 0;

	while (value->type == SL_VALUE_ARRAY || value->type == SL_VALUE_KVLIST) {
		depth++;
		value = &value->list.items[0].value;
	}
	return depth;
}

static void test_depth(void)
{
	static const struct {
		size_t depth;
		unsigned max_depth;
		size_t kept;
	} rows[] = {
		{ 0, 0, 0 },	   { 64, 0, 64 },	 { 65, 0, 64 },
		{ 8000, 0, 64 },   { 3, 1, 1 },		 { 1, 1, 1 },
		{ 200, 300, 200 }, { 8000, 1000, 1000 }, { 2000, 1000000, 1024 },
	};

	for (size_t i = 0; i < 2 * SL_COUNT(rows); i++) {
		const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS,
							   .max_depth = rows[i / 2].max_depth };
		struct sl_notes notes = { { 0 }, { 0 } };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		struct sl_buffer bytes = { .data = NULL };
		const struct sl_span *span;
		struct sl_error err;

		sl_wire_start(reader, nested(&bytes, rows[i / 2].depth, i % 2 != 0), false);
		bool whole =
			sl_wire_next(reader, &span, &err) == SL_OK && span->attributes.count == 1;
		size_t depth = whole ? depth_of(&span->attributes.items[0].value) : SIZE_MAX;
		ok(depth == rows[i / 2].kept, "%zu %s, at most %u", rows[i / 2].depth,
		   i % 2 != 0 ? "maps" : "arrays", rows[i / 2].max_depth);
		ok(notes.count[SL_NOTE_TOO_DEEP] == (rows[i / 2].depth > rows[i / 2].kept),
		   "and that is noted");
		sl_buffer_free(&bytes);
		sl_wire_close(reader);
	}
}

/* Many of something: the time is linear, or this test would not end. */
static void test_many(void)
{
	static const struct {
		const char *name, *one;
		size_t depth; /* messages around it */
		size_t spans;
	} rows[] = {
		{ "spans", "2{}", 2, 300000 },
		{ "attributes", "9{1\"k\" 2{1\"v\"}}", 3, 1 },
		{ "events", "11{2\"e\"}", 3, 1 },
		{ "links", "13{1\"t\"}", 3, 1 },
		{ "pieces of a resource", "1{1{1\"k\"}}", 1, 0 },
		{ "ScopeSpans", "2{}", 1, 0 },
		{ "ResourceSpans", "1{}", 0, 0 },
	};
	static const unsigned around[] = { 2, 2, 1 };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		enum { MANY = 300000 };
		struct sl_notes notes = { { 0 }, { 0 } };
		const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		struct sl_buffer one = { .data = NULL }, all = { .data = NULL };
		const struct sl_span *span;
		struct sl_error err;
		size_t spans = 0, items = 0;

		struct sl_slice item = message(&one, rows[i].one);
		for (size_t k = 0; k < MANY; k++)
			sl_buffer_add_slice(&all, item);
		for (size_t k = 3 - rows[i].depth; k < 3; k++)
			wrap(&all, around[k]);
		sl_wire_start(reader, padded(&all), false);
		while (sl_wire_next(reader, &span, &err) == SL_OK) {
			spans++;
			items += span->attributes.count + span->event_count + span->link_count;
		}
		ok(spans == rows[i].spans && items == (spans == 1 ? MANY : 0), "many %s",
		   rows[i].name);
		sl_buffer_free(&one);
		sl_buffer_free(&all);
		sl_wire_close(reader);
	}
}

static void test_logs(void)
{
	static const struct {
		const char *name, *text, *said;
	} rows[] = {
		{ "a log record",
		  "1{1{1{1\"r\"}} 2{1{1\"s\"} 2{1#5 2=9 3\"INFO\" 5{1\"body\"} 6{1\"k\" 2{3=1}} "
		  "7=1 "
		  "8%1 9\"T\" 10\"S\" 11#6 12\"e\"}}}",
		  "log(trace=T span=S time=5 severity=INFO number=9 body='body' k:1 "
		  "resource(r:empty))" },
		{ "one without its own time", "1{2{2{11#6}}}", "log(time=6 body=empty)" },
		{ "a body that is a map, between attributes",
		  "1{2{2{6{1\"a\"} 5{6{1{1\"x\" 2{5{1{3=1}}}}}} 6{1\"b\"}}}}",
		  "log(body={x:[1]} a:empty b:empty)" },
		{ "one that does not parse", "1{2{2{!00} 2{3\"INFO\"}}}",
		  "bad(malformed@6) log(severity=INFO body=empty)" },
	};
	struct sl_buffer bytes = { .data = NULL };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_notes notes = { { 0 }, { 0 } };
		const struct sl_decode_options options = { .signal = SL_SIGNAL_LOGS };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		struct sl_buffer said = { .data = NULL };
		const struct sl_log *log;
		enum sl_status status;
		struct sl_error err;

		sl_wire_start(reader, message(&bytes, rows[i].text), false);
		while ((status = sl_wire_next_log(reader, &log, &err)) != SL_END) {
			if (status == SL_OK)
				say_log(&said, log);
			else
				sl_buffer_printf(&said, "bad(%s@%zu)", sl_reason_name(err.reason),
						 err.offset);
			sl_buffer_add_byte(&said, ' ');
		}
		ok(is_said(&said, rows[i].said), "%s", rows[i].name);
		sl_buffer_free(&said);
		sl_wire_close(reader);
	}
	sl_buffer_free(&bytes);
}

static void test_messages(void)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "1{2{2{!2a09}}}", "span skipped: field 5 runs past the end of its message" },
		{ "1{2{2{!0001}}}", "span skipped: bytes that are no protobuf field" },
		{ "1{2{!0001}}", "rest of ScopeSpans skipped: bytes that are no protobuf field" },
		{ "1{1{!0001} 2{2{}}}",
		  "part of a resource skipped: bytes that are no protobuf field" },
		{ "1{2{1{!0001}}}", "part of a scope skipped: bytes that are no protobuf field" },
		{ "1{2{2{9{2{1\"x\" 3=1}}}}}",
		  "span refused: attribute values of two types, the last counts" },
		{ "1{1000{2{}}}",
		  "ScopeSpans refused: instrumentationLibrarySpans instead of scopeSpans" },
	};
	struct sl_buffer bytes = { .data = NULL };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_notes notes = { { 0 }, { 0 } };
		const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS,
							   .strict = true };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		const struct sl_span *span;
		struct sl_error err = { .text = "" };

		sl_wire_start(reader, message(&bytes, rows[i].text), false);
		ok(sl_wire_next(reader, &span, &err) == SL_BAD_RECORD &&
			   strcmp(err.text, rows[i].said) == 0,
		   "%s", rows[i].said);
		sl_wire_close(reader);
	}
	sl_buffer_free(&bytes);
}

int main(void)
{
	test_serials();
	test_departures_are_not_kept();
	test_depth();
	test_many();
	test_logs();
	test_messages();
	return done_testing();
}
