/* Span lines with another parent or trace state: what changes in the text, and that nothing else
 * does. */
#include "spanline/json.h"
#include "tap.h"
#include <stdlib.h>

#define AS_IT_IS "(as it is)"

static const struct {
	const char *what, *line;
	const char *parent, *state; /* raw bytes, text */
	const char *edited;	    /* NULL: it cannot be edited */
} rows[] = {
	{ "nothing", "{\"trace_id\":\"0a\"}", AS_IT_IS, AS_IT_IS, "{\"trace_id\":\"0a\"}" },
	{ "values", "{\"span_id\":\"01\",\"parent_span_id\":\"02\",\"trace_state\":\"a=b\"}",
	  "\x0b\xcd", "ot=th:8",
	  "{\"span_id\":\"01\",\"parent_span_id\":\"0bcd\",\"trace_state\":\"ot=th:8\"}" },
	{ "other values stay",
	  "{ \"mine\" : [1,{\"trace_state\":2}],\t\"trace_state\" : \"a\" , \"x\":1e400 } ",
	  AS_IT_IS, "b",
	  "{ \"mine\" : [1,{\"trace_state\":2}],\t\"trace_state\" : \"b\" , \"x\":1e400 } " },
	{ "what was not there",
	  "{\"trace_id\":\"01\",\"span_id\":\"02\",\"name\":\"n\",\"end_unix_nano\":\"5\","
	  "\"flags\":1,\"mine\":2}",
	  "\x07", "s",
	  "{\"trace_id\":\"01\",\"span_id\":\"02\",\"parent_span_id\":\"07\",\"name\":\"n\","
	  "\"end_unix_nano\":\"5\",\"trace_state\":\"s\",\"flags\":1,\"mine\":2}" },
	{ "in another order",
	  "{\"name\":\"n\", \"end_unix_nano\":5, \"span_id\":\"02\", \"trace_id\":\"01\"}", "\x07",
	  "s",
	  "{\"name\":\"n\", \"end_unix_nano\":5,\"trace_state\":\"s\", \"span_id\":\"02\","
	  "\"parent_span_id\":\"07\", \"trace_id\":\"01\"}" },
	{ "both at one place", "{\"span_id\":\"02\"}", "\x07", "s",
	  "{\"span_id\":\"02\",\"parent_span_id\":\"07\",\"trace_state\":\"s\"}" },
	{ "what goes", "{\"span_id\":\"02\" , \"parent_span_id\":\"07\", \"trace_state\":\"\"}", "",
	  "", "{\"span_id\":\"02\"}" },
	{ "what goes in front", "{ \"parent_span_id\":\"07\" , \"span_id\":\"02\"}", "", AS_IT_IS,
	  "{ \"span_id\":\"02\"}" },
	{ "what goes alone", "{\"parent_span_id\":\"07\"}", "", AS_IT_IS, "{}" },
	{ "what is not there cannot go", "{\"span_id\":\"02\"}", "", "", "{\"span_id\":\"02\"}" },
	{ "null", "{\"span_id\":\"02\",\"trace_state\":null}", AS_IT_IS, "s",
	  "{\"span_id\":\"02\",\"trace_state\":\"s\"}" },
	{ "a key with an escape", "{\"span_id\":\"02\",\"trace\\u005fstate\":\"a\"}", AS_IT_IS, "b",
	  "{\"span_id\":\"02\",\"trace\\u005fstate\":\"b\"}" },
	{ "a key with NUL", "{\"span_id\\u0000\":1,\"span_id\":\"02\"}", "\x07", AS_IT_IS,
	  "{\"span_id\\u0000\":1,\"span_id\":\"02\",\"parent_span_id\":\"07\"}" },
	{ "of two the first counts", "{\"trace_state\":\"a\",\"trace_state\":\"b\"}", AS_IT_IS, "c",
	  "{\"trace_state\":\"c\",\"trace_state\":\"b\"}" },
	{ "unsafe text", "{\"span_id\":\"02\"}", AS_IT_IS, "a\"\x1b",
	  "{\"span_id\":\"02\",\"trace_state\":\"a\\\"\\u001b\"}" },
	{ "no UTF-8", "{\"span_id\":\"02\"}", AS_IT_IS, "a\xff", NULL },
	{ "nothing to stand behind", "{\"mine\":1}", "\x07", AS_IT_IS, NULL },
	{ "no object", "[1]", "\x07", AS_IT_IS, NULL },
	{ "cut", "{\"span_id\":\"02\",", "\x07", AS_IT_IS, NULL },
};

static struct sl_slice slice(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

int main(void)
{
	struct sl_buffer out = { 0 };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_slice parent = slice(rows[i].parent), state = slice(rows[i].state);
		struct sl_line_edits edits = {
			strcmp(rows[i].parent, AS_IT_IS) != 0 ? &parent : NULL,
			strcmp(rows[i].state, AS_IT_IS) != 0 ? &state : NULL,
		};
		size_t len = strlen(rows[i].line);
		char *copy = calloc(1, len + SL_PADDING);
		bool done;

		if (copy == NULL)
			abort();
		memcpy(copy, rows[i].line, len);
		out.len = 0;
		sl_buffer_add_literal(&out, "before ");
		done = sl_line_edit((struct sl_slice){ copy, len }, &edits, &out);
		free(copy);
		if (!ok(done == (rows[i].edited != NULL) && out.len >= 7 &&
				sl_slice_equal((struct sl_slice){ out.data + 7, out.len - 7 },
					       slice(done ? rows[i].edited : "")),
			"%s", rows[i].what))
			printf("# %.*s\n", (int)out.len, out.data);
	}
	sl_buffer_free(&out);
	return done_testing();
}
