/* Requests in protobuf into spans and log records. */
#include "tap.h"
#include "wire_reading.h"

struct row {
	const char *name, *text, *said;
	enum sl_note note; /* that is counted once; 0 where none is */
};

static const struct row whole_rows[] = {
	{ "nothing", "", "", 0 },
	{ "a resource without spans", "1{1{1{1\"k\"}}}", "", 0 },
	{ "an empty span", "1{2{2{}}}", "span()", 0 },
	{ "all fields of a span",
	  "1{2{2{1\"T\" 2\"S\" 3\"st\" 4\"P\" 5\"n\" 6=2 7#5 8#9 9{1\"k\" 2{1\"v\"}} 10=1 11{} "
	  "12=2 "
	  "13{} 14=3 15{2\"m\" 3=2} 16%257}}}",
	  "span(trace=T span=S parent=P state=st name=n kind=2 status=2 message=m start=5 end=9 "
	  "flags=257 k:'v' dropped=1 event() dropped-events=2 link() dropped-links=3)",
	  0 },
	{ "in the reverse order",
	  "1{2{2{16%257 15{3=2 2\"m\"} 14=3 13{} 12=2 11{} 10=1 9{2{1\"v\"} 1\"k\"} 8#9 7#5 6=2 "
	  "5\"n\" 4\"P\" 3\"st\" 2\"S\" 1\"T\"}}}",
	  "span(trace=T span=S parent=P state=st name=n kind=2 status=2 message=m start=5 end=9 "
	  "flags=257 k:'v' dropped=1 event() dropped-events=2 link() dropped-links=3)",
	  0 },
	{ "events and links",
	  "1{2{2{11{1#7 2\"e\" 3{1\"a\" 2{3=1}} 3{1\"b\"} 4=5} 13{1\"T\" 2\"S\" 3\"st\" 4{1\"c\"} "
	  "5=6 "
	  "6%1} 11{2\"f\"} 9{1\"k\"}}}}",
	  "span(k:empty event(time=7 name=e a:1 b:empty dropped=5) event(name=f) "
	  "link(trace=T span=S state=st c:empty dropped=6 flags=1))",
	  0 },
	{ "every type of value",
	  "1{2{2{9{1\"s\" 2{1\"t\"}} 9{1\"t\" 2{2=1}} 9{1\"f\" 2{2=0}} 9{1\"i\" "
	  "2{3=18446744073709551615}} 9{1\"d\" 2{4#0x4045000000000000}} 9{1\"a\" 2{5{1{3=1} 1{} "
	  "1{5{}}}}} 9{1\"k\" 2{6{1{1\"x\" 2{6{1{1\"y\" 2{2=1}}}}} 1{1\"z\"}}}} 9{1\"b\" "
	  "2{7\"\x01\x02\"}} 9{1\"e\" 2{}} 9{1\"n\"} 9{}}}}",
	  "span(s:'t' t:true f:false i:-1 d:0x1.5p+5 a:[1 empty []] k:{x:{y:true} z:empty} b:0102h "
	  "e:empty n:empty empty)",
	  0 },
	{ "a long text and a long key",
	  "1{2{2{9{1\"0123456789012345678901234567890123456789012345678901234567890123456789\" "
	  "2{1\"0123456789012345678901234567890123456789012345678901234567890123456789\"}}}}}",
	  "span(0123456789012345678901234567890123456789012345678901234567890123456789:"
	  "'0123456789012345678901234567890123456789012345678901234567890123456789')",
	  0 },
	{ "enums of any number", "1{2{2{6=4294967295 15{3=4294967303}}}}", "span(kind=-1 status=7)",
	  0 },
	{ "attributes that repeat a key", "1{2{2{9{1\"k\" 2{3=1}} 9{1\"k\" 2{3=2}}}}}",
	  "span(k:1 k:2)", 0 },

	{ "the resource behind its spans", "1{2{2{5\"a\"}} 3\"u\" 1{1{1\"k\"} 2=3}}",
	  "span(name=a resource(url=u k:empty dropped=3))", 0 },
	{ "the scope behind its spans", "1{2{2{5\"a\"} 3\"u\" 1{1\"n\" 2\"v\" 3{1\"k\"} 4=3}}}",
	  "span(name=a scope(name=n version=v url=u k:empty dropped=3))", 0 },
	{ "a resource in pieces", "1{1{1{1\"a\"} 2=1} 2{2{}} 1{1{1\"b\"} 2=2} 3\"u\" 3\"w\"}",
	  "span(resource(url=w a:empty b:empty dropped=2))", 0 },
	{ "a scope in pieces", "1{2{1{1\"x\" 2\"v\"} 2{} 1{1\"y\" 3{1\"k\"}}}}",
	  "span(scope(name=y version=v k:empty))", 0 },
	{ "entity references",
	  "1{1{3{1\"u\" 2\"t\" 3\"a\" 3\"b\" 4\"c\"} 1{1\"k\"} 3{2\"x\"}} 2{2{}}}",
	  "span(resource(k:empty entity(url=u type=t [a b][c]) entity(type=x [][])))", 0 },
	{ "a schema without a resource or scope", "1{3\"u\" 2{3\"w\" 2{}}}",
	  "span(scope-absent(url=w) resource-absent(url=u))", 0 },
	{ "an empty resource and scope", "1{1{} 2{1{} 2{}}}", "span(scope() resource())", 0 },
	{ "several of each", "1{1{1{1\"a\"}} 2{1{1\"x\"} 2{} 2{}} 2{2{}}} 1{2{2{}}}",
	  "span(scope(name=x) resource(a:empty)) span(scope(name=x) resource(a:empty)) "
	  "span(resource(a:empty)) span()",
	  0 },

	{ "unknown fields everywhere",
	  "9=1 1{9=1 1{9=1 1{9=1 1\"k\" 2{9=1 3=7}}} 2{9=1 1{9=1 1\"n\"} 2{17=1 18\"x\" 19#1 20%1 "
	  "5\"a\" 11{9=1} 13{9=1} 15{9=1}}}}",
	  "span(name=a event() link() scope(name=n) resource(k:7))", 0 },
	{ "unknown groups", "9<1=1> 1{9<> 2{9<9<1\"x\">> 2{17<1=1 2\"x\"> 5\"a\" 18<>}}}",
	  "span(name=a)", 0 },
	{ "known fields of another wire type",
	  "1=1 1{1=1 2#1 3=1 2{1=1 3=1 2{1=1 5#1 7=1 9=1 15=1 16=1 5\"a\"}}}", "span(name=a)", 0 },
	{ "the last of a field counts", "1{2{2{5\"a\" 5\"b\" 6=1 6=2 15{3=1 2\"m\"} 15{3=2}}}}",
	  "span(name=b kind=2 status=2 message=m)", 0 },
	{ "packed scalars",
	  "1{2{2{6{!0102} 6\"\" 7{!0000000000000000 !0700000000000000} 10{!8001} 16{!01000000} "
	  "15{3{!02}}}}}",
	  "span(kind=2 status=2 start=7 flags=1 dropped=128)", 0 },
	{ "a key twice", "1{2{2{9{1\"a\" 2{3=1} 1\"b\"}}}}", "span(b:1)", 0 },
	{ "a value in pieces is merged", "1{2{2{9{1\"a\" 2{5{1{3=1}}} 2{5{1{3=2}} 5{1{3=3}}}}}}}",
	  "span(a:[1 2 3])", 0 },
	{ "a value, and then nothing more", "1{2{2{9{1\"a\" 2{3=1} 2{}}}}}", "span(a:1)", 0 },
	{ "two values of a type: the last", "1{2{2{9{1\"a\" 2{1\"x\" 1\"y\"}}}}}", "span(a:'y')",
	  0 },
	{ "two values of two types: the last",
	  "1{2{2{9{1\"a\" 2{5{1{3=1} 1{3=2}} 3=5}} 9{1\"b\"}}}}", "span(a:5 b:empty)",
	  SL_NOTE_TWO_VALUES },
	{ "a text, then a list", "1{2{2{9{1\"a\" 2{1\"x\" 6{1{1\"k\"}}}}}}}", "span(a:{k:empty})",
	  SL_NOTE_TWO_VALUES },
	{ "a list, then another", "1{2{2{9{1\"a\" 2{5{1{3=1}} 6{1{1\"k\"}}}}}}}",
	  "span(a:{k:empty})", SL_NOTE_TWO_VALUES },
	{ "a text by index", "1{2{2{9{1\"a\" 2{8=3}}}}}", "span(a:empty)", SL_NOTE_INDEXED_STRING },
	{ "a key by index", "1{2{2{9{3=3 2{1\"v\"}}}}}", "span('v')", SL_NOTE_INDEXED_STRING },
	{ "instrumentation libraries", "1{1000{1{1\"n\" 2\"v\"} 2{5\"a\"}}}",
	  "span(name=a scope(name=n version=v))", SL_NOTE_OLD_SCOPE_KEY },
	{ "a deprecated status", "1{2{2{15{1=2}}}}", "span(status=2)", SL_NOTE_OLD_STATUS },
	{ "beside the new one", "1{2{2{15{1=2 3=1}}}}", "span(status=1)", SL_NOTE_OLD_STATUS },
};

static void test_whole(void)
{
	struct sl_buffer bytes = { .data = NULL };

	for (size_t i = 0; i < SL_COUNT(whole_rows); i++) {
		const struct row *row = &whole_rows[i];
		struct sl_notes notes = { { 0 }, { 0 } }, expected = { { 0 }, { 0 } };
		struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		struct sl_buffer said = { .data = NULL };

		sl_wire_start(reader, message(&bytes, row->text), false);
		read_spans(reader, &said);
		ok(is_said(&said, row->said), "%s", row->name);
		expected.count[row->note] = row->note != 0;
		ok(memcmp(&notes, &expected, sizeof(notes)) == 0, "%s: notes", row->name);
		sl_buffer_free(&said);
		sl_wire_close(reader);

		options.strict = true;
		reader = open_reader(&options, &notes);
		sl_wire_start(reader, sl_buffer_slice(&bytes), false);
		read_spans(reader, &said);
		sl_buffer_add_byte(&said, '\0');
		ok((strstr(said.data, "bad(malformed") != NULL) == (row->note != 0), "%s: strict",
		   row->name);
		sl_buffer_free(&said);
		sl_wire_close(reader);
	}
	sl_buffer_free(&bytes);
}

static const struct row damaged_rows[] = {
	{ "a span that does not parse, between others", "1{2{2{5\"a\"} 2{5\"x\" !0001} 2{5\"b\"}}}",
	  "span(name=a) bad(malformed@14) span(name=b)", 0 },
	{ "a field that runs past its span", "1{2{2{5\"a\"} 2{!2a09} 2{5\"b\"}}}",
	  "span(name=a) bad(malformed@11) span(name=b)", 0 },
	{ "an attribute that runs past its span", "1{2{2{!4a05} 2{5\"b\"}}}",
	  "bad(malformed@6) span(name=b)", 0 },
	{ "an event that runs past its span", "1{2{2{!5a05} 2{13{} !6a05} 2{5\"b\"}}}",
	  "bad(malformed@6) bad(malformed@12) span(name=b)", 0 },
	{ "damage deep in a value", "1{2{2{9{1\"k\" 2{5{1{6{1{1\"x\" 2{!0a05}}}}}}}} 2{}}}",
	  "bad(malformed@26) span()", 0 },
	{ "a group that ends elsewhere", "1{2{2{17<!94010c>} 2{}}}", "bad(malformed@6) span()", 0 },
	{ "a group that has no end", "1{2{2{!0b0801} 2{}}}", "bad(malformed@6) span()", 0 },
	{ "packed scalars that are cut", "1{2{2{7{!000000}} 2{}}}", "bad(malformed@6) span()", 0 },
	{ "a ScopeSpans that cannot be read on, and the next",
	  "1{2{2{5\"a\"} !0001 2{5\"b\"}} 2{2{5\"c\"}}}",
	  "span(name=a) bad(malformed@9) span(name=c)", 0 },
	{ "a ResourceSpans that cannot be read on, and the next",
	  "1{2{2{5\"a\"}} !07 2{2{5\"b\"}}} 1{2{2{5\"c\"}}}",
	  "span(name=a) bad(malformed@9) span(name=c)", 0 },
	{ "a request that cannot be read on", "1{2{2{5\"a\"}}} !00 1{2{2{5\"b\"}}}",
	  "span(name=a) bad(malformed@9)", 0 },
	{ "a span that runs past its ScopeSpans", "1{2{2{5\"a\"} !120a2a01 } 2{2{5\"c\"}}}",
	  "span(name=a) bad(malformed@9) span(name=c)", 0 },
	{ "a ScopeSpans that runs past its ResourceSpans",
	  "1{!1230 2{5\"a\"} 2{5\"b\"}} 1{2{2{5\"c\"}}}",
	  "span(name=a) span(name=b) bad(malformed@2) span(name=c)", 0 },
	{ "a ResourceSpans that runs past the request", "!0a30 2{2{5\"a\"}} 2{2{5\"b\"}}",
	  "span(name=a) span(name=b) bad(malformed@0)", 0 },
	{ "a resource that does not parse", "1{1{1{1\"k\"} 1{!0001}} 2{2{5\"a\"}}}",
	  "bad(malformed@2) span(name=a resource(k:empty))", 0 },
	{ "a scope that does not parse", "1{2{2{5\"a\"} 1{1\"n\" 3{1\"k\"} 3{!0a09}}}}",
	  "bad(malformed@9) span(name=a scope(name=n k:empty))", 0 },
	{ "an entity reference that does not parse", "1{1{3{2\"t\"} 3{!0a09}} 2{2{5\"a\"}}}",
	  "bad(malformed@2) span(name=a resource(entity(type=t [][])))", 0 },
	{ "a resource that runs past its ResourceSpans", "1{2{2{5\"a\"}} !0a200a03 1\"k\"}",
	  "span(name=a resource(k:empty)) bad(malformed@9)", 0 },
	{ "a damaged resource twice", "1{1{!00} 2{2{}}} 1{1{!00} 2{2{}}}",
	  "bad(malformed@2) span(resource()) bad(malformed@11) span(resource())", 0 },
};

static void test_damaged(void)
{
	struct sl_buffer bytes = { .data = NULL };

	for (size_t i = 0; i < SL_COUNT(damaged_rows); i++) {
		const struct row *row = &damaged_rows[i];
		struct sl_notes notes = { { 0 }, { 0 } };
		const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		struct sl_buffer said = { .data = NULL };

		sl_wire_start(reader, message(&bytes, row->text), false);
		read_spans(reader, &said);
		ok(is_said(&said, row->said), "%s", row->name);
		sl_buffer_free(&said);
		sl_wire_close(reader);
	}
	sl_buffer_free(&bytes);
}

/* Of every prefix of a request all spans that are whole, and nothing else. */
static void test_truncated(void)
{
	static const char *const spans[] = { "2{5\"a\" 9{1\"k\" 2{3=1}}}", "2{}", "2{5\"c\"}",
					     "2{11{2\"e\"}}" };
	struct sl_notes notes = { { 0 }, { 0 } };
	const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
	struct sl_wire_reader *reader = open_reader(&options, &notes);
	struct sl_buffer bytes = { .data = NULL };
	char text[256], part[128];
	size_t ends[SL_COUNT(spans)];

	snprintf(text, sizeof(text), "1{1{1{1\"r\"}} 2{1{1\"n\"} %s %s %s} 2{%s}}", spans[0],
		 spans[1], spans[2], spans[3]);
	for (size_t i = 0, end = 16; i < SL_COUNT(spans); i++) {
		/* 16 bytes before the first span, and a tag and a length before the last */
		snprintf(part, sizeof(part), "%s", spans[i]);
		end += message(&bytes, part).len + (i == 3 ? 2 : 0);
		ends[i] = end;
	}
	struct sl_slice all = message(&bytes, text);
	ok(ends[3] == all.len, "the last span ends where the request does");
	for (size_t len = 0; len <= all.len; len++) {
		char *cut = malloc(len + SL_PADDING);
		const struct sl_span *span;
		enum sl_status status;
		struct sl_error err;
		size_t whole = 0, got = 0;

		memcpy(cut, all.data, len);
		memset(cut + len, 0x0a, SL_PADDING);
		sl_wire_start(reader, (struct sl_slice){ cut, len }, true);
		while (whole < SL_COUNT(ends) && ends[whole] <= len)
			whole++;
		while ((status = sl_wire_next(reader, &span, &err)) == SL_OK)
			got++;
		ok(got == whole && status == SL_BAD_RECORD && err.reason == SL_TRUNCATED,
		   "%zu bytes have %zu whole spans", len, whole);
		ok(sl_wire_next(reader, &span, &err) == SL_END, "and that is all");
		free(cut);
	}
	sl_buffer_free(&bytes);
	sl_wire_close(reader);
}

static void test_truncated_group(void)
{
	static const struct row rows[] = {
		{ "a resource that is cut",
		  "!0a40 !1202 !1200 !0a30 1{1\"k\" 2{3=7}} !0a08 !0a016b12",
		  "span(resource(k:7)) bad(truncated@23)", 0 },
		{ "a malformed span before the cut", "!0a40 !1230 2{!00} 2{5\"a\"} !122a",
		  "bad(malformed@6) span(name=a) bad(truncated@14)", 0 },
		{ "no field before the cut", "!0a40 !1230 2{5\"a\"} !0001 2{}",
		  "span(name=a) bad(malformed@9) bad(truncated@13)", 0 },
		{ "a level that is whole but wrong, before the cut",
		  "1{!1240 2{5\"a\"}} !0a40 2{2{5\"b\"}} !12",
		  "span(name=a) bad(malformed@2) span(name=b) bad(truncated@19)", 0 },
	};
	struct sl_buffer bytes = { .data = NULL };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_notes notes = { { 0 }, { 0 } };
		const struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS };
		struct sl_wire_reader *reader = open_reader(&options, &notes);
		struct sl_buffer said = { .data = NULL };

		sl_wire_start(reader, message(&bytes, rows[i].text), true);
		read_spans(reader, &said);
		ok(is_said(&said, rows[i].said), "%s", rows[i].name);
		sl_buffer_free(&said);
		sl_wire_close(reader);
	}
	sl_buffer_free(&bytes);
}

int main(void)
{
	test_whole();
	test_damaged();
	test_truncated();
	test_truncated_group();
	return done_testing();
}
