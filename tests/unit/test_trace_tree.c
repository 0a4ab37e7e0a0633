/*
 * Trees of traces.  A span is three letters: its id, its parent's id, the digit of its start.  As
 * ids '.' is empty, 'z' all zeros, a capital 20 bytes, '#' 3 bytes, others 8 bytes.
 *
 * A tree is shown in preorder, children in brackets behind their parent; before the id '*' the
 * root, '?' an orphan, '@' in a cycle, '=' a duplicate, '-' not connected.
 */
#include "random.h"
#include "spanline/trace.h"
#include "tap.h"
#include <stdlib.h>

static struct sl_slice id(char letter)
{
	static char bytes[128][20];
	size_t len = letter == '.'		      ? 0
		     : letter == '#'		      ? 3
		     : letter >= 'A' && letter <= 'Z' ? 20
						      : 8;
	char *text = bytes[(unsigned char)letter & 127];

	memset(text, letter == 'z' ? 0 : letter, len);
	return (struct sl_slice){ text, len };
}

struct made {
	struct sl_span *spans;
	const struct sl_span **pointers;
	size_t count;
	struct sl_arena arena;
	struct sl_trace trace;
};

static void make(struct made *made, size_t count)
{
	*made = (struct made){ .count = count };
	made->spans = calloc(count, sizeof(*made->spans));
	made->pointers = calloc(count, sizeof(const struct sl_span *));
	if (made->spans == NULL || made->pointers == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		made->spans[i] = sl_span_empty;
		made->pointers[i] = &made->spans[i];
	}
}

static void build(struct made *made)
{
	struct sl_error err;

	if (sl_trace_build(&made->trace, made->pointers, made->count, &made->arena, &err) != SL_OK)
		abort();
}

static void unmake(struct made *made)
{
	sl_arena_free(&made->arena);
	free(made->pointers);
	free(made->spans);
}

static void make_from_text(struct made *made, const char *text)
{
	make(made, (strlen(text) + 1) / 4);
	for (size_t i = 0; i < made->count; i++, text += 4) {
		made->spans[i].trace_id = SL_SLICE("trace");
		made->spans[i].span_id = id(text[0]);
		made->spans[i].parent_span_id = id(text[1]);
		made->spans[i].start_unix_nano = (uint64_t)(text[2] - '0');
		made->spans[i].end_unix_nano = (uint64_t)(text[2] - '0') * 2;
	}
	build(made);
}

static void show(const struct sl_trace *trace, const char *text, struct sl_buffer *out)
{
	uint32_t depth = 0;

	out->len = 0;
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i];
		const struct sl_trace_node *node = &trace->nodes[at];

		for (; depth > node->depth; depth--)
			sl_buffer_add_byte(out, ')');
		for (; depth < node->depth; depth++)
			sl_buffer_add_byte(out, '(');
		sl_buffer_printf(out, "%s%s%s%s%s%c", at == trace->root ? "*" : "",
				 node->orphan ? "?" : "", node->cyclic ? "@" : "",
				 node->duplicate ? "=" : "", node->connected ? "" : "-",
				 text[(size_t)4 * at]);
	}
	for (; depth > 0; depth--)
		sl_buffer_add_byte(out, ')');
	sl_buffer_add_byte(out, '\0');
}

static const struct {
	const char *what;
	const char *spans;
	const char *tree;
} rows[] = {
	{ "one span", "a.1", "*a" },
	{ "children before their parent", "ca3 ba2 a.1", "*a(bc)" },
	{ "children of one start by place", "a.1 da2 ba2 ca2", "*a(dbc)" },
	{ "grandchildren", "a.1 ba2 cb3 da4 eb5", "*a(b(ce)d)" },
	{ "children that start before their parent", "a.5 ba1 cb0", "*a(b(c))" },
	{ "two roots", "b.2 a.1 ca3 db3", "*a(c)b(d)" },
	{ "two roots of one start", "b.1 a.1", "*ba" },
	{ "an orphan", "a.2 bx1 cb3", "*a?-b(-c)" },
	{ "orphans alone", "bx2 ax1 cb3", "*?-a?-b(-c)" },
	{ "a root beats an earlier orphan", "bx1 a.9", "*a?-b" },
	{ "first span with an id is the parent", "a.2 a.1 ba3", "*=aa(b)" },
	{ "a duplicate under the first", "a.1 aa2 ba3", "*a(=ab)" },
	{ "a span twice", "a.1 ba2 ba2 cb3", "*a(b(c)=b)" },
	{ "its own parent", "aa1 ba2", "*@-a(-b)" },
	{ "a cycle, cut at its earliest", "ac3 ba1 cb2 dc4", "*@-b(@-c(@-a-d))" },
	{ "a cycle of one start, cut at its first", "ab1 ba1", "*@-a(@-b)" },
	{ "a cycle beside a root", "ab1 ba2 r.9", "*r@-a(@-b)" },
	{ "a cycle beside an orphan", "ab1 ba2 rx9", "*?-r@-a(@-b)" },
	{ "two cycles", "ab3 ba4 cd2 dc1", "*@-d(@-c)@-a(@-b)" },
	{ "the earliest hangs on a cycle", "ab3 ba4 ca1", "@-a(*-c@-b)" },
	{ "... and another tree is earlier", "ab5 ba6 ca1 dd2", "@-a(*-c@-b)@-d" },
	{ "a cycle through a duplicate's id", "ab1 ab2 ba3", "*@-a(@-b(=-a))" },
	{ "an empty id is nobody's parent", "..1 b.2", "*.b" },
	{ "empty ids are no duplicates", "a.1 .a2 .a3", "*a(..)" },
	{ "zeros are no id", "zz1 za2 a.3", "*za(z)" },
	{ "zeros as a parent are none", "az1 ba2", "*a(b)" },
	{ "ids of 3 and 20 bytes", "A.1 #A2 b#3", "*A(#(b))" },
	{ "ids that differ in length only", "a.1 #x2 ba3", "*a(b)?-#" },
};

static void test_rows(void)
{
	struct sl_buffer shown = { 0 };
	struct made made;

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		make_from_text(&made, rows[i].spans);
		show(&made.trace, rows[i].spans, &shown);
		ok(strcmp(shown.data, rows[i].tree) == 0, "%s: %s, expected %s", rows[i].what,
		   shown.data, rows[i].tree);
		unmake(&made);
	}
	sl_buffer_free(&shown);
	make_from_text(&made, "b.3 a.2 ca5");
	ok(made.trace.start_ns == 2 && made.trace.end_ns == 10,
	   "from the earliest start to the latest end");
	ok(sl_slice_equal(made.trace.trace_id, SL_SLICE("trace")), "the trace's id");
	unmake(&made);
}

/* The same by the plainest means, from the parents that were found, each on its own. */
static bool names_no_parent(const struct sl_span *span)
{
	static const char zeros[20];

	return memcmp(span->parent_span_id.data, zeros, span->parent_span_id.len) == 0;
}

static uint32_t naive_parent(const struct made *made, uint32_t at)
{
	const struct sl_span *span = &made->spans[at];

	for (uint32_t i = 0; i < made->count && !names_no_parent(span); i++)
		if (sl_slice_equal(made->spans[i].span_id, span->parent_span_id))
			return i;
	return SL_NO_SPAN;
}

/* The earliest member of the cycle through `at`, or SL_NO_SPAN. */
static uint32_t naive_cycle(const struct made *made, uint32_t at)
{
	uint32_t earliest = at, walk = naive_parent(made, at);

	for (size_t steps = 0; steps < made->count && walk != SL_NO_SPAN && walk != at; steps++) {
		uint64_t start = made->spans[walk].start_unix_nano;
		uint64_t best = made->spans[earliest].start_unix_nano;

		if (start < best || (start == best && walk < earliest))
			earliest = walk;
		walk = naive_parent(made, walk);
	}
	return walk == at ? earliest : SL_NO_SPAN;
}

static bool naive_duplicate(const struct made *made, uint32_t at)
{
	static const char zeros[20];
	struct sl_slice own = made->spans[at].span_id;

	for (uint32_t i = 0; i < at && memcmp(own.data, zeros, own.len) != 0; i++)
		if (sl_slice_equal(made->spans[i].span_id, own))
			return true;
	return false;
}

static bool same_node(const struct made *made, uint32_t at)
{
	const struct sl_trace *trace = &made->trace;
	const struct sl_trace_node *node = &trace->nodes[at];
	uint32_t parent = naive_parent(made, at), cycle = naive_cycle(made, at);
	uint32_t top = at, depth = 0, children = 0, below = 0;
	bool orphan = parent == SL_NO_SPAN && !names_no_parent(node->span);

	if (cycle == at)
		parent = SL_NO_SPAN;
	for (; trace->nodes[top].parent != SL_NO_SPAN && depth < made->count; depth++)
		top = trace->nodes[top].parent;
	for (uint32_t i = 0; i < made->count; i++) {
		const struct sl_trace_node *other = &trace->nodes[i];

		children += other->parent == at;
		below += other->enter > node->enter && other->enter < node->exit;
		if (other->parent == at &&
		    (other->enter <= node->enter || other->exit > node->exit))
			return false;
	}
	return node->span == made->pointers[at] && node->parent == parent &&
	       node->orphan == orphan && node->cyclic == (cycle != SL_NO_SPAN) &&
	       node->duplicate == naive_duplicate(made, at) && node->depth == depth &&
	       node->connected == names_no_parent(trace->nodes[top].span) &&
	       node->child_count == children && node->exit - node->enter == below + 1 &&
	       trace->preorder[node->enter] == at;
}

/* Children come in order, as many as were counted. */
static bool children_in_order(const struct sl_trace *trace, uint32_t at)
{
	uint32_t child = trace->nodes[at].first_child, count = 0, before = SL_NO_SPAN;

	for (; child != SL_NO_SPAN && count <= trace->count; count++) {
		uint64_t start = trace->nodes[child].span->start_unix_nano;

		if (before != SL_NO_SPAN &&
		    (start < trace->nodes[before].span->start_unix_nano ||
		     (start == trace->nodes[before].span->start_unix_nano && child < before) ||
		     trace->nodes[child].enter != trace->nodes[before].exit))
			return false;
		before = child;
		child = trace->nodes[child].next_sibling;
	}
	return count == trace->nodes[at].child_count;
}

static void test_random(void)
{
	static const char letters[] = ".zabcdefghijklmnopqrstuvwxyABC#";
	uint64_t state = 77;
	size_t wrong = 0;

	for (int round = 0; round < 3000; round++) {
		size_t kinds = 3 + next_random(&state) % (sizeof(letters) - 3);
		struct made made;

		make(&made, 1 + next_random(&state) % 24);
		for (size_t i = 0; i < made.count; i++) {
			made.spans[i].span_id = id(letters[next_random(&state) % kinds]);
			made.spans[i].parent_span_id = id(letters[next_random(&state) % kinds]);
			made.spans[i].start_unix_nano = next_random(&state) % 8;
		}
		build(&made);
		for (uint32_t i = 0; i < made.count; i++)
			wrong += !same_node(&made, i) || !children_in_order(&made.trace, i);
		unmake(&made);
	}
	ok(wrong == 0, "random traces are as the plain way finds: %zu nodes are not", wrong);
}

/* Ids are numbers from 1; `parent` says whose child a number is (0: nobody's). */
static void make_large(struct made *made, uint32_t count, uint32_t (*parent)(uint32_t number))
{
	uint64_t *ids = calloc((size_t)count + 1, sizeof(*ids));

	if (ids == NULL)
		abort();
	make(made, count);
	for (uint32_t i = 1; i <= count; i++) {
		ids[i] = i;
		made->spans[i - 1].span_id = (struct sl_slice){ (char *)&ids[i], 8 };
		made->spans[i - 1].parent_span_id = (struct sl_slice){ (char *)&ids[parent(i)], 8 };
		made->spans[i - 1].start_unix_nano = count - i;
	}
	build(made);
	free(ids);
}

static uint32_t chain(uint32_t number)
{
	return number - 1;
}

static uint32_t ring(uint32_t number)
{
	return number == 1 ? 100000 : number - 1;
}

static uint32_t star(uint32_t number)
{
	return number > 1;
}

static uint32_t heap(uint32_t number)
{
	return number / 2;
}

static void test_large(void)
{
	struct made made;

	make_large(&made, 100000, chain);
	ok(made.trace.nodes[99999].depth == 99999 && made.trace.nodes[0].exit == 100000,
	   "a chain of 100,000");
	unmake(&made);
	make_large(&made, 100000, ring);
	ok(made.trace.root == 99999 && made.trace.nodes[0].depth == 1 &&
		   made.trace.nodes[99998].depth == 99999 && made.trace.nodes[5].cyclic,
	   "a cycle of 100,000, cut at its earliest");
	unmake(&made);
	make_large(&made, 1000000, star);
	ok(made.trace.nodes[0].child_count == 999999 && made.trace.nodes[1].enter == 999999,
	   "a span with 999,999 children, the last first");
	unmake(&made);
	make_large(&made, 1000000, heap);
	ok(made.trace.nodes[999999].depth == 19 && made.trace.nodes[0].exit == 1000000,
	   "1,000,000 spans, each with two children");
	unmake(&made);
}

static void test_memory(void)
{
	struct made made, again;
	struct sl_error err;
	size_t refused = 0;

	make_from_text(&made, "a.1 ba2 cb3 da4 eb5");
	make(&again, 5);
	memcpy(again.spans, made.spans, 5 * sizeof(*made.spans));
	for (size_t limit = 8;; limit += 8) {
		again.arena = (struct sl_arena){ .limit_bytes = limit };
		if (sl_trace_build(&again.trace, again.pointers, 5, &again.arena, &err) == SL_OK)
			break;
		refused++;
		sl_arena_free(&again.arena);
	}
	ok(refused > 0 && strcmp(err.text, "out of memory") == 0, "refused without memory");
	ok(again.trace.count == 5 && again.trace.nodes[0].exit == 5, "and built with just enough");
	unmake(&again);
	char *before = made.arena.at;
	build(&made);
	ok((size_t)(made.arena.at - before) <=
		   5 * (sizeof(struct sl_trace_node) + sizeof(uint32_t)) + 8,
	   "only the tree stays in the arena");
	ok(sl_trace_build(&made.trace, made.pointers, SL_NO_SPAN, &made.arena, &err) == SL_FAILED,
	   "more spans than have numbers: %s", err.text);
	unmake(&made);
}

int main(void)
{
	test_rows();
	test_random();
	test_large();
	test_memory();
	return done_testing();
}
