/* One trace: its tree, what its spans belong to, and what each of them adds. */
#include "graph.h"
#include <stdlib.h>

/* What makes an id of its own of one that both sides share. */
static const char SERVER_SIDE[] = "\0server side";

/* Zipkin's shared spans: both sides of a call have one id. */
struct shared {
	struct sl_slice id, server_id;
	uint32_t client, server;
};

struct by_id {
	struct sl_slice id;
	uint32_t span;
};

static int compare_by_id(const void *a, const void *b)
{
	const struct by_id *one = a, *two = b;
	int order = sl_slice_compare(one->id, two->id);

	return order != 0 ? order : one->span < two->span ? -1 : one->span > two->span;
}

static int compare_shared(const void *id, const void *item)
{
	const struct shared *shared = item;

	return sl_slice_compare(*(const struct sl_slice *)id, shared->id);
}

/* The first client and the first server of those that have one id; false: not both are there. */
static bool find_sides(const struct counting *counting, const struct by_id *items, size_t count,
		       struct shared *shared)
{
	*shared = (struct shared){ .id = items[0].id, .client = SL_NO_SPAN, .server = SL_NO_SPAN };
	for (size_t i = 0; i < count; i++) {
		uint8_t kind = counting->facts[items[i].span].kind;

		if (is_call(kind) && shared->client == SL_NO_SPAN)
			shared->client = items[i].span;
		if (is_answer(kind) && shared->server == SL_NO_SPAN)
			shared->server = items[i].span;
	}
	return shared->client != SL_NO_SPAN && shared->server != SL_NO_SPAN;
}

/* The pairs, in the order of their ids; both lists are in the arena. */
static bool find_shared(struct counting *counting, struct shared **list, size_t *count)
{
	size_t total = counting->count, end;
	struct by_id *items = sl_arena_alloc(&counting->arena, total * sizeof(*items));

	*count = 0;
	*list = sl_arena_alloc(&counting->arena, total * sizeof(**list));
	if (items == NULL || *list == NULL)
		return false;
	for (size_t i = 0; i < total; i++)
		items[i] = (struct by_id){ counting->spans_of[i].span_id, (uint32_t)i };
	qsort(items, total, sizeof(*items), compare_by_id);
	for (size_t i = 0; i < total; i = end) {
		for (end = i + 1; end < total && sl_slice_equal(items[i].id, items[end].id); end++)
			;
		if (items[i].id.len != 0 &&
		    find_sides(counting, &items[i], end - i, &(*list)[*count]))
			++*count;
	}
	return true;
}

/* The server becomes the client's child. */
static bool part(struct counting *counting, struct shared *shared)
{
	struct sl_span *server = &counting->spans_of[shared->server];
	size_t len = shared->id.len + sizeof(SERVER_SIDE);
	char *id = sl_arena_alloc(&counting->arena, len);

	if (id == NULL)
		return false;
	memcpy(id, shared->id.data, shared->id.len);
	memcpy(id + shared->id.len, SERVER_SIDE, sizeof(SERVER_SIDE));
	shared->server_id = (struct sl_slice){ id, len };
	server->span_id = shared->server_id;
	server->parent_span_id = shared->id;
	return true;
}

/* What hangs on a shared id is the server's, but for what the client's service did itself. */
static void move_child(struct counting *counting, uint32_t at, const struct shared *list,
		       size_t count)
{
	struct sl_span *span = &counting->spans_of[at];
	const struct shared *shared =
		bsearch(&span->parent_span_id, list, count, sizeof(*list), compare_shared);
	const struct fact *facts = counting->facts;
	bool clients, servers;

	if (shared == NULL || at == shared->server || at == shared->client)
		return;
	clients = is_same_service(&facts[at], &facts[shared->client]);
	servers = is_same_service(&facts[at], &facts[shared->server]);
	if (servers || !clients)
		span->parent_span_id = shared->server_id;
}

static enum sl_status part_shared(struct counting *counting, bool *parted, struct sl_error *err)
{
	struct shared *list;
	size_t count;

	if (!find_shared(counting, &list, &count))
		return sl_fail_memory(err);
	for (size_t i = 0; i < count; i++)
		if (!part(counting, &list[i]))
			return sl_fail_memory(err);
	for (uint32_t i = 0; i < counting->count && count != 0; i++)
		move_child(counting, i, list, count);
	*parted = count != 0;
	return SL_OK;
}

static bool has_duplicates(const struct sl_trace *trace)
{
	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->nodes[i].duplicate)
			return true;
	return false;
}

static enum sl_status build(struct counting *counting, struct sl_trace *trace, struct sl_error *err)
{
	bool parted = false;
	enum sl_status status;

	for (size_t i = 0; i < counting->count; i++)
		counting->pointers[i] = &counting->spans_of[i];
	status = sl_trace_build(trace, counting->pointers, counting->count, &counting->arena, err);
	if (status == SL_OK && has_duplicates(trace))
		status = part_shared(counting, &parted, err);
	if (status == SL_OK && parted)
		status = sl_trace_build(trace, counting->pointers, counting->count,
					&counting->arena, err);
	return status;
}

static bool prepare(struct looking *look)
{
	struct sl_arena *arena = &look->counting->arena;
	size_t count = look->trace->count;

	look->critical_below = sl_arena_alloc(arena, (count + 1) * sizeof(*look->critical_below));
	look->entry = sl_arena_alloc(arena, 3 * count * sizeof(*look->entry));
	look->told = sl_arena_alloc(arena, 2 * count * sizeof(*look->told));
	if (look->critical_below == NULL || look->entry == NULL || look->told == NULL)
		return false;
	look->request = look->entry + count;
	look->name = look->request + count;
	look->called = look->told + count;
	memset(look->told, 0, 2 * count * sizeof(*look->told));
	return true;
}

/* Where services are entered and left, from the tops down. */
static void follow(struct looking *look)
{
	const struct sl_trace *trace = look->trace;
	const struct fact *facts = look->counting->facts;

	look->critical_below[0] = 0;
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;
		bool goes_on = parent != SL_NO_SPAN && !is_answer(facts[at].kind) &&
			       is_same_service(&facts[parent], &facts[at]);

		look->critical_below[i + 1] = look->critical_below[i] + look->path.on_path_ns[at];
		look->entry[at] = goes_on ? look->entry[parent] : at;
		look->request[at] = is_call(facts[at].kind) ? at
				    : goes_on		    ? look->request[parent]
							    : SL_NO_SPAN;
	}
}

/* The names of where each span stands; those of a service are mostly one after another. */
static enum sl_status name_all(struct looking *look, struct sl_error *err)
{
	struct counting *counting = look->counting;
	const struct sl_trace *trace = look->trace;
	uint32_t service;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], entry = look->entry[at];
		const struct fact *fact = &counting->facts[entry];
		enum sl_status status;

		if (entry != at) {
			look->name[at] = look->name[entry];
			continue;
		}
		status = operation_name(counting, fact, &look->name[at], err);
		/* the service by itself is what addresses are resolved to */
		if (status == SL_OK && fact->name.len != 0)
			status = service_name(counting, fact, &service, err);
		if (status != SL_OK)
			return status;
	}
	return SL_OK;
}

static void count_odd(struct counting *counting, const struct sl_trace_node *node,
		      const struct fact *fact)
{
	struct sl_graph_unknown *unknown = &counting->unknown;

	unknown->orphans += node->orphan;
	unknown->cyclic += node->cyclic;
	unknown->without_service += fact->service.len == 0;
	unknown->backwards += node->span->end_unix_nano < node->span->start_unix_nano;
}

/* What each span adds to where it stands. */
static void count_spans(struct looking *look)
{
	struct counting *counting = look->counting;
	const struct sl_trace *trace = look->trace;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct sl_trace_node *node = &trace->nodes[i];
		const struct fact *fact = &counting->facts[i];
		struct name *name;

		if (!fact->chosen)
			continue;
		if (node->duplicate) {
			counting->unknown.duplicates++;
			continue;
		}
		counting->spans++;
		count_odd(counting, node, fact);
		if (look->name[i] == NO_NAME) {
			counting->unknown.folded++;
			continue;
		}
		name = &counting->names.items[look->name[i]];
		name->spans++;
		name->errors += fact->failed;
		name->orphans += node->orphan;
		name->entries += node->parent == SL_NO_SPAN && !node->orphan && !node->cyclic &&
				 !names_caller(fact);
		sl_sum_add(&name->self, sl_trace_self_ns(trace, i));
		sl_sum_add(&name->critical, sl_difference_ns(0, look->path.on_path_ns[i]));
	}
}

/* Whether anything of the trace is to be counted; what lies outside the times is not. */
static bool choose(struct counting *counting, const struct sl_trace *trace)
{
	const struct sl_selection *wanted = &counting->graphing->wanted;
	uint64_t start_ns = trace->nodes[trace->root].span->start_unix_nano;
	bool in_time = start_ns >= wanted->since_ns && start_ns < wanted->until_ns;
	bool some = false;

	for (size_t i = 0; i < counting->count; i++) {
		counting->facts[i].chosen &= in_time;
		some |= counting->facts[i].chosen;
	}
	return some;
}

/* A trace of which nothing is wanted is gone through, too: links may lead to it. */
enum sl_status count_trace(struct counting *counting, struct sl_error *err)
{
	struct sl_trace trace;
	struct looking look = { .counting = counting, .trace = &trace };
	enum sl_status status = build(counting, &trace, err);

	if (status != SL_OK)
		return status;
	look.is_wanted = choose(counting, &trace);
	counting->number++;
	counting->traces += look.is_wanted;
	status = sl_trace_path(&look.path, &trace, &counting->arena, err);
	if (status == SL_OK && !prepare(&look))
		return sl_fail_memory(err);
	if (status != SL_OK)
		return status;
	if (look.is_wanted)
		sl_sum_add(&counting->critical, sl_difference_ns(0, look.path.total_ns));
	follow(&look);
	status = name_all(&look, err);
	if (status != SL_OK)
		return status;
	count_spans(&look);
	status = count_calls(&look, err);
	return status == SL_OK ? count_leaves(&look, err) : status;
}
