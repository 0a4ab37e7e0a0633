/* What is told of the traces that links lead to, and how much of them is remembered. */
#include "made_trace.h"
#include "spanline/render.h"
#include "tap.h"

#define OWN_ID	 "0123456789abcdef"
#define OTHER_ID "fedcba9876543210"

/* One span of a service, with a link to the first span of the other trace. */
static void make(struct made *made, struct sl_link *link, const char *id, const char *to)
{
	struct made_span *item = made_add(made, 1, 0, 5000000, 9000000);

	made_serve(item, "worker");
	item->span.name = SL_SLICE("take");
	item->span.trace_id = made_text(id);
	link->trace_id = made_text(to);
	link->span_id = SL_SLICE("\0\0\0\0\0\0\0\1");
	item->span.links = link;
	item->span.link_count = 1;
	made_build(made);
}

static bool says(const struct made *made, const struct sl_linked *linked, const char *what)
{
	struct sl_render_options how;
	struct sl_buffer out = { 0 };
	struct sl_render *render;
	struct sl_error err;
	bool said;

	sl_render_options_init(&how);
	how.links = true;
	if (sl_render_open(&render, "text", &how, &err) != SL_OK)
		abort();
	sl_render_linked(render, linked);
	if (sl_render_trace(render, &made->trace, &out, &err) != SL_OK)
		abort();
	sl_buffer_add(&out, "", 1);
	said = strstr(out.data, what) != NULL;
	sl_render_close(render);
	sl_buffer_free(&out);
	return said;
}

static struct sl_linked *remember(size_t limit_bytes, const struct made *traces, size_t count)
{
	struct sl_linked *linked;
	struct sl_error err;

	if (sl_linked_open(&linked, limit_bytes, &err) != SL_OK)
		abort();
	for (size_t i = 0; i < count; i++)
		if (sl_linked_add(linked, &traces[i].trace, &err) != SL_OK)
			abort();
	sl_linked_end(linked);
	return linked;
}

int main(void)
{
	struct made traces[2] = { 0 };
	struct sl_link links[2] = { 0 };
	struct sl_linked *linked;

	make(&traces[0], &links[0], OWN_ID, OTHER_ID);
	make(&traces[1], &links[1], OTHER_ID, OWN_ID);

	linked = remember(SIZE_MAX, traces, 2);
	ok(says(&traces[0], linked, "worker take  4.00 ms, 1 span, 1 service, 0 ns after"),
	   "the linked trace is told");
	ok(says(&traces[0], linked, "link from 0000000000000001 in trace 6665"),
	   "and links from another trace");
	sl_linked_close(linked);

	linked = remember(SIZE_MAX, traces, 1);
	ok(says(&traces[0], linked, "not in the input"), "a trace that is not there is told");
	ok(!says(&traces[0], linked, "link from"), "and no link from it");
	sl_linked_close(linked);

	linked = remember(1, traces, 2);
	ok(!says(&traces[0], linked, "not in the input"),
	   "nothing is claimed of what was not remembered");
	sl_linked_close(linked);

	ok(!says(&traces[0], NULL, "not in the input") && says(&traces[0], NULL, "link to"),
	   "without knowledge there are only the links");
	sl_linked_close(NULL);
	made_free(&traces[0]);
	made_free(&traces[1]);
	return done_testing();
}
