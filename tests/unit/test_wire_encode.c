/* Spans, resources and scopes as protobuf. */
#include "tap.h"
#include "wire_reading.h"

static struct sl_wire_encoder *open_encoder(void)
{
	struct sl_wire_encoder *encoder;
	struct sl_error err;

	if (sl_wire_encoder_open(&encoder, &err) != SL_OK)
		abort();
	return encoder;
}

/* Reads the one span of a request, which is borrowed until the reader is used again. */
static const struct sl_span *read_one(struct sl_wire_reader *reader, struct sl_slice request)
{
	const struct sl_span *span;
	struct sl_error err;

	sl_wire_start(reader, request, false);
	if (sl_wire_next(reader, &span, &err) != SL_OK)
		abort();
	return span;
}

/* What is read of the left is encoded as the right, byte for byte. */
static void test_spans(void)
{
	static const struct {
		const char *name, *read, *encoded;
	} rows[] = {
		{ "an empty span", "", "" },
		{ "all fields, in the order of their numbers",
		  "16%257 15{3=2 2\"m\"} 14=3 13{6%1 5=2 4{1\"k\" 2{}} 3\"st\" 2\"S\" 1\"T\"} 12=2 "
		  "11{4=1 3{1\"k\" 2{}} 2\"e\" 1#7} 10=1 9{2{1\"v\"} 1\"k\"} 8#9 7#5 6=2 5\"n\" "
		  "4\"P\" 3\"st\" 2\"S\" 1\"T\"",
		  "1\"T\" 2\"S\" 3\"st\" 4\"P\" 5\"n\" 6=2 7#5 8#9 9{1\"k\" 2{1\"v\"}} 10=1 "
		  "11{1#7 2\"e\" 3{1\"k\" 2{}} 4=1} 12=2 13{1\"T\" 2\"S\" 3\"st\" 4{1\"k\" 2{}} "
		  "5=2 "
		  "6%1} 14=3 15{2\"m\" 3=2} 16%257" },
		{ "defaults are left out", "1\"\" 6=0 7#0 10=0 15{} 16%0", "" },
		{ "values are not", "9{1\"\" 2{1\"\"}} 9{2{2=0}} 9{2{3=0}} 9{2{4#0}} 9{2{7\"\"}}",
		  "9{2{1\"\"}} 9{2{2=0}} 9{2{3=0}} 9{2{4#0}} 9{2{7\"\"}}" },
		{ "an empty value is a message", "9{1\"k\"}", "9{1\"k\" 2{}}" },
		{ "lists, and lists of nothing",
		  "9{1\"a\" 2{5{1{3=1} 1{} 1{5{}}}}} 9{1\"k\" 2{6{1{1\"x\" 2{6{}}} 1{1\"y\"}}}}",
		  "9{1\"a\" 2{5{1{3=1} 1{} 1{5{}}}}} 9{1\"k\" 2{6{1{1\"x\" 2{6{}}} 1{1\"y\" "
		  "2{}}}}}" },
		{ "a NaN with its bits, and -0.0",
		  "9{2{4#0x7ff8000000000001}} 9{2{4#0x8000000000000000}}",
		  "9{2{4#0x7ff8000000000001}} 9{2{4#0x8000000000000000}}" },
		{ "a negative kind and code", "6=4294967295 15{3=4294967294}",
		  "6=18446744073709551615 15{3=18446744073709551614}" },
		{ "a status without a message", "15{3=1}", "15{3=1}" },
		{ "a message without a status", "15{2\"m\"}", "15{2\"m\"}" },
		{ "empty events and links", "11{} 11{} 13{}", "11{} 11{} 13{}" },
		{ "NUL and bytes that are no UTF-8", "5{!00 !ff} 9{1{!00} 2{1{!c328}}}",
		  "5{!00 !ff} 9{1{!00} 2{1{!c328}}}" },
	};
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_wire_reader *reader = open_reader(&options, &notes);
	struct sl_wire_encoder *encoder = open_encoder();
	struct sl_buffer bytes = { .data = NULL }, out = { .data = NULL };
	struct sl_error err;
	char text[512];

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		snprintf(text, sizeof(text), "1{2{2{%s}}}", rows[i].read);
		const struct sl_span *span = read_one(reader, message(&bytes, text));
		out.len = 0;
		sl_buffer_add_byte(&out, 'x');
		ok(sl_wire_encode_span(encoder, span, &out, &err) == SL_OK, "%s", rows[i].name);
		message(&bytes, rows[i].encoded);
		ok(out.data[0] == 'x' && out.len - 1 == bytes.len &&
			   memcmp(out.data + 1, bytes.data, bytes.len) == 0,
		   "%s: the bytes", rows[i].name);
	}
	sl_buffer_free(&bytes);
	sl_buffer_free(&out);
	sl_wire_encoder_close(encoder);
	sl_wire_close(reader);
}

static void test_groups(void)
{
	static const char resource_text[] =
		"1{1\"r\" 2{1\"v\"}} 2=3 3{1\"u\" 2\"t\" 3\"a\" 3\"\" 4\"b\"} 3{}";
	static const char scope_text[] = "1\"n\" 2\"v\" 3{1\"k\" 2{}} 4=7";
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_wire_reader *reader = open_reader(&options, &notes);
	struct sl_wire_encoder *encoder = open_encoder();
	struct sl_buffer bytes = { .data = NULL }, expected = { .data = NULL };
	struct sl_buffer out = { .data = NULL };
	struct sl_error err;
	char text[256];

	snprintf(text, sizeof(text), "1{1{%s} 2{1{%s} 2{}}}", resource_text, scope_text);
	const struct sl_span *span = read_one(reader, message(&bytes, text));
	ok(sl_wire_encode_resource(encoder, span->resource, &out, &err) == SL_OK &&
		   sl_slice_equal(sl_buffer_slice(&out), message(&expected, resource_text)),
	   "a resource");
	out.len = 0;
	ok(sl_wire_encode_scope(encoder, span->scope, &out, &err) == SL_OK &&
		   sl_slice_equal(sl_buffer_slice(&out), message(&expected, scope_text)),
	   "a scope");
	out.len = 0;
	ok(sl_wire_encode_resource(encoder, sl_span_empty.resource, &out, &err) == SL_OK &&
		   sl_wire_encode_scope(encoder, sl_span_empty.scope, &out, &err) == SL_OK &&
		   out.len == 0,
	   "and those that have nothing");
	sl_buffer_free(&bytes);
	sl_buffer_free(&expected);
	sl_buffer_free(&out);
	sl_wire_encoder_close(encoder);
	sl_wire_close(reader);
}

/* Arrays in each other, as deep as a reader gives them. */
static void test_depth(void)
{
	enum { DEPTH = 1024 };
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS, .max_depth = DEPTH };
	static struct sl_attribute items[DEPTH];
	struct sl_span span = sl_span_empty;
	struct sl_notes notes = { { 0 }, { 0 } };
	struct sl_wire_reader *reader = open_reader(&options, &notes);
	struct sl_wire_encoder *encoder = open_encoder();
	struct sl_buffer message = { .data = NULL };
	static const unsigned around[] = { 2, 2, 1 };
	struct sl_error err;

	for (size_t i = 0; i < DEPTH; i++)
		items[i].value = (struct sl_value){ .type = SL_VALUE_ARRAY,
						    .list = { &items[i + 1], i + 1 < DEPTH } };
	span.attributes = (struct sl_attributes){ items, 1 };
	ok(sl_wire_encode_span(encoder, &span, &message, &err) == SL_OK, "%d arrays are encoded",
	   DEPTH);
	for (size_t i = 0; i < SL_COUNT(around); i++)
		wrap(&message, around[i]);
	ok(sl_attributes_equal(read_one(reader, padded(&message))->attributes, span.attributes),
	   "and read");
	sl_buffer_free(&message);
	sl_wire_encoder_close(encoder);
	sl_wire_close(reader);
}

static void test_limits(void)
{
	struct sl_wire_encoder *encoder = open_encoder();
	struct sl_buffer out = { .limit = 8 };
	struct sl_span span = sl_span_empty;
	struct sl_error err;

	span.name = SL_SLICE("longer than the buffer may be");
	ok(sl_wire_encode_span(encoder, &span, &out, &err) == SL_FAILED && out.len == 0,
	   "a buffer that has no room");
	out.failed = false;
	span.name.len = (size_t)INT32_MAX - 5; /* nobody looks at its bytes */
	ok(sl_wire_encode_span(encoder, &span, &out, &err) == SL_FAILED &&
		   strstr(err.text, "more than protobuf allows") != NULL && !out.failed,
	   "a span over 2 GiB");
	span.name = SL_SLICE("short");
	ok(sl_wire_encode_span(encoder, &span, &out, &err) == SL_OK && out.len == 7,
	   "and the encoder goes on");
	sl_buffer_free(&out);
	sl_wire_encoder_close(encoder);
}

int main(void)
{
	test_spans();
	test_groups();
	test_depth();
	test_limits();
	return done_testing();
}
