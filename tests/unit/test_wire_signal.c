/* Which signal a binary request is. */
#include "tap.h"
#include "wire_text.h"

#define ID "\"0123456789abcdef\""

int main(void)
{
	static const struct {
		const char *name, *text;
		enum sl_signal signal;
	} rows[] = {
		{ "nothing", "", SL_SIGNAL_NONE },
		{ "a span", "1{2{2{1" ID " 2\"01234567\" 5\"name\" 7#1 8#2}}}", SL_SIGNAL_SPANS },
		{ "a span without ids", "1{2{2{5\"name\" 7#1 8#2}}}", SL_SIGNAL_SPANS },
		{ "a span without times", "1{2{2{1" ID " 5\"name\"}}}", SL_SIGNAL_SPANS },
		{ "a span with attributes only", "1{2{2{1" ID " 9{1\"k\" 2{1\"v\"}}}}}",
		  SL_SIGNAL_SPANS },
		{ "a span with an odd id, without times",
		  "1{2{2{1\"T\" 5\"name\" 9{1\"key\"} 9{1\"k\" 2{1\"v\"}} 11{2\"e\"}}}}",
		  SL_SIGNAL_SPANS },
		{ "one whose name is no text", "1{2{2{1\"T\" 5{!0a00} 11{}}}}", SL_SIGNAL_SPANS },
		{ "a span of an instrumentation library", "1{1000{2{7#1}}}", SL_SIGNAL_SPANS },
		{ "empty spans", "1{2{2{}2{}2{}}}", SL_SIGNAL_SPANS },
		{ "a resource alone", "1{1{1{1\"k\" 2{1\"v\"}}}}", SL_SIGNAL_SPANS },
		{ "what is no protobuf", "!ffffffffffffffffffffff", SL_SIGNAL_SPANS },
		{ "a log record", "1{2{2{1#1 5{1\"body\"}}}}", SL_SIGNAL_LOGS },
		{ "one with the observed time only", "1{2{2{5{1\"body\"} 11#1}}}", SL_SIGNAL_LOGS },
		{ "one with ids", "1{2{2{1#1 5{1\"body\"} 9" ID " 10\"01234567\"}}}",
		  SL_SIGNAL_LOGS },
		{ "one without times", "1{2{2{2=9 3\"INFO\" 5{1\"body\"} 6{1\"k\"}}}}",
		  SL_SIGNAL_LOGS },
		{ "the first item that tells", "1{2{2{}}} 1{2{2{} 2{1#1}}}", SL_SIGNAL_LOGS },
		{ "a gauge", "1{2{2{1\"queue.length\" 5{1{3#1 6#5}}}}}", SL_SIGNAL_METRICS },
		{ "a sum", "1{2{2{1\"requests\" 2\"what\" 3\"1\" 7{1{2#1} 2=2 3=1}}}}",
		  SL_SIGNAL_METRICS },
		{ "a histogram", "1{2{2{1\"duration\" 9{1{2#1} 2=1}}}}", SL_SIGNAL_METRICS },
		{ "an exponential histogram", "1{2{2{1\"duration\" 10{1{2#1} 2=1}}}}",
		  SL_SIGNAL_METRICS },
		{ "a summary", "1{2{2{1\"duration\" 11{1{2#1}}}}}", SL_SIGNAL_METRICS },
		{ "a sum without points", "1{2{2{1\"requests\" 7{2=2 3=1}}}}", SL_SIGNAL_METRICS },
		{ "a gauge without points, and one with them",
		  "1{2{2{1\"queue.length\" 5{}} 2{1\"queue.length\" 5{1{3#1}}}}}",
		  SL_SIGNAL_METRICS },
		{ "a gauge whose name is as long as an id", "1{2{2{1" ID " 5{1{3#1 6#5}}}}}",
		  SL_SIGNAL_METRICS },
		{ "profiles", "1{2{2{1{1=1} 3#1 5{1=2}}}} 2{1{1=1}}", SL_SIGNAL_PROFILES },
		{ "profiles that look like metrics", "1{2{2{1{1=1} 5{2=1}}}} 2{1{1=1}}",
		  SL_SIGNAL_PROFILES },
		{ "spans beside an unknown field", "1{2{2{7#1}}} 2{1{1=1}}", SL_SIGNAL_SPANS },
		{ "a span behind unknown fields", "9=1 17<1=1> 1{8=1 2{7\"\" 2{7#1}}}",
		  SL_SIGNAL_SPANS },
	};
	struct sl_buffer bytes = { .data = NULL };

	for (size_t i = 0; i < SL_COUNT(rows); i++)
		ok(sl_wire_signal(message(&bytes, rows[i].text)) == rows[i].signal, "%s",
		   rows[i].name);

	struct sl_slice log = message(&bytes, "1{2{2{1#1 5{1\"a body that is cut\"}}}}");
	log.len -= 5;
	ok(sl_wire_signal(log) == SL_SIGNAL_LOGS, "a log record that is cut");
	sl_buffer_free(&bytes);
	return done_testing();
}
