/*
 * Traces that were entered while another one ended: a service that drops the context it was given
 * makes a new trace of what it calls.
 *
 * That one lasts no longer than the span it was called from.  By chance that happens to any trace;
 * so an operation counts as lost only if nearly all traces that it begins lie within spans of one
 * other service.
 */
#include "entries.h"
#include "examine.h"
#include <stdlib.h>

enum {
	TRACE_ID_LEN = 16,
	SPAN_ID_LEN = 8,
	MOST_TRIED = 64, /* ends that began last before an entry */
	LEAST_PERCENT = 80,
	ROUNDING_NS = 2000000,
};

/* Where a trace may go on. */
struct ending {
	uint64_t start_ns, end_ns;
	uint64_t service; /* hash */
	uint64_t trace;	  /* hash of its id */
	uint64_t key;	  /* hash of trace and span id */
};

/* An entry and where it was found to belong. */
struct match {
	uint64_t key;  /* of the ending: first, to be found by */
	uint64_t pair; /* of the entry's operation and the ending's service */
	const struct entry *entry;
};

struct operation {
	uint64_t hash;
	struct sl_slice name; /* with its service */
};

struct sl_entries {
	size_t limit_bytes;
	struct entry *entries;
	size_t entry_count, entry_capacity;
	struct ending *endings;
	size_t ending_count, ending_capacity;
	struct match *matches; /* at the end: by key, then by the start of the entry */
	size_t match_count;
	struct sl_arena arena;	      /* names */
	struct operation *operations; /* each once */
	size_t operation_count, operation_capacity;
	struct sl_index index; /* of operations, from 1 on */
	bool failed;
};

enum sl_status sl_entries_open(struct sl_entries **entries, size_t limit_bytes,
			       struct sl_error *err)
{
	*entries = calloc(1, sizeof(**entries));
	if (*entries == NULL)
		return sl_fail_memory(err);
	(*entries)->limit_bytes = limit_bytes;
	return SL_OK;
}

bool is_unanswered(const struct sl_trace *trace, uint32_t node)
{
	const struct sl_trace_node *at = &trace->nodes[node];
	struct sl_slice statement;

	return at->span->kind == SL_KIND_CLIENT && at->first_child == SL_NO_SPAN &&
	       !find_statement(at->span, &statement);
}

/* No other server or consumer stands below it: the next one in preorder is not. */
static bool is_last_server(const struct sl_trace *trace, uint32_t node, uint32_t next_server)
{
	return trace->nodes[node].span->kind == SL_KIND_SERVER &&
	       trace->nodes[node].exit <= next_server;
}

/* Backwards, so that the next server is known; the ends are then given in preorder. */
void each_end(const struct sl_trace *trace, void (*each)(void *context, uint32_t node),
	      void *context)
{
	uint32_t next_server = UINT32_MAX, ends[MOST_ENDS];
	size_t count = 0;

	for (uint32_t i = trace->count; i-- > 0;) {
		uint32_t at = trace->preorder[i];
		int32_t kind = trace->nodes[at].span->kind;

		if (is_unanswered(trace, at) || is_last_server(trace, at, next_server))
			ends[count++ % MOST_ENDS] = at;
		if (kind == SL_KIND_SERVER || kind == SL_KIND_CONSUMER)
			next_server = i;
	}
	for (size_t given = 0; given < MOST_ENDS && count > 0; given++)
		each(context, ends[--count % MOST_ENDS]);
}

/* "service name", the same memory for the same hash; empty: no memory. */
static struct sl_slice intern(struct sl_entries *entries, const struct sl_span *span, uint64_t hash)
{
	struct sl_slice service = sl_span_service(span);
	struct operation *operation;
	uint32_t number;
	char *text;

	for (size_t at = 0; (number = sl_index_next(&entries->index, hash, &at)) != 0;)
		if (entries->operations[number - 1].hash == hash)
			return entries->operations[number - 1].name;
	text = sl_arena_alloc(&entries->arena, service.len + 1 + span->name.len);
	if (text == NULL ||
	    !sl_array_reserve((void **)&entries->operations, &entries->operation_capacity,
			      entries->operation_count + 1, sizeof(*entries->operations)) ||
	    !sl_index_add(&entries->index, hash, (uint32_t)entries->operation_count + 1)) {
		entries->failed = true;
		return SL_SLICE("");
	}
	memcpy(text, service.data, service.len);
	text[service.len] = ' ';
	if (span->name.len > 0)
		memcpy(text + service.len + 1, span->name.data, span->name.len);
	operation = &entries->operations[entries->operation_count++];
	operation->hash = hash;
	operation->name = (struct sl_slice){ text, service.len + 1 + span->name.len };
	return operation->name;
}

static uint64_t span_key(const struct sl_span *span)
{
	return hash_text(span->span_id, hash_text(span->trace_id, 0));
}

struct adding {
	struct sl_entries *entries;
	const struct sl_trace *trace;
};

static void add_ending(void *context, uint32_t node)
{
	struct adding *adding = context;
	struct sl_entries *entries = adding->entries;
	const struct sl_span *span = adding->trace->nodes[node].span;

	if (!sl_array_reserve((void **)&entries->endings, &entries->ending_capacity,
			      entries->ending_count + 1, sizeof(*entries->endings))) {
		entries->failed = true;
		return;
	}
	entries->endings[entries->ending_count++] = (struct ending){
		.start_ns = span->start_unix_nano,
		.end_ns = span->end_unix_nano,
		.service = hash_text(sl_span_service(span), 0),
		.trace = hash_text(span->trace_id, 0),
		.key = span_key(span),
	};
}

static void add_entry(struct sl_entries *entries, const struct sl_span *root)
{
	uint64_t service = hash_text(sl_span_service(root), 0);
	struct entry *entry;

	if (!sl_array_reserve((void **)&entries->entries, &entries->entry_capacity,
			      entries->entry_count + 1, sizeof(*entries->entries))) {
		entries->failed = true;
		return;
	}
	entry = &entries->entries[entries->entry_count++];
	*entry = (struct entry){
		.start_ns = root->start_unix_nano,
		.end_ns = root->end_unix_nano,
		.service = service,
		.operation = hash_text(root->name, service),
	};
	memcpy(entry->trace_id, root->trace_id.data, TRACE_ID_LEN);
	memcpy(entry->span_id, root->span_id.data, SPAN_ID_LEN);
	entry->name = intern(entries, root, entry->operation);
}

/* A match for each entry is yet to come. */
static bool is_full(const struct sl_entries *entries)
{
	return entries->arena.total_bytes +
		       entries->entry_capacity *
			       (sizeof(*entries->entries) + sizeof(*entries->matches)) +
		       entries->ending_capacity * sizeof(*entries->endings) +
		       entries->operation_capacity * sizeof(*entries->operations) +
		       entries->index.capacity * sizeof(*entries->index.slots) >
	       entries->limit_bytes;
}

/* Names are borrowed by entries, and entries by matches. */
static void forget_all(struct sl_entries *entries)
{
	size_t limit_bytes = entries->limit_bytes;

	free(entries->entries);
	free(entries->endings);
	free(entries->matches);
	free(entries->operations);
	sl_index_free(&entries->index);
	sl_arena_free(&entries->arena);
	*entries = (struct sl_entries){ .limit_bytes = limit_bytes };
}

void sl_entries_close(struct sl_entries *entries)
{
	if (entries != NULL)
		forget_all(entries);
	free(entries);
}

enum sl_status sl_entries_add(struct sl_entries *entries, const struct sl_trace *trace,
			      struct sl_error *err)
{
	const struct sl_trace_node *root = &trace->nodes[trace->root];

	if (is_full(entries))
		forget_all(entries);
	each_end(trace, add_ending, &(struct adding){ entries, trace });
	if (root->span->kind == SL_KIND_SERVER && root->connected &&
	    root->span->trace_id.len == TRACE_ID_LEN && root->span->span_id.len == SPAN_ID_LEN &&
	    sl_span_service(root->span).len > 0)
		add_entry(entries, root->span);
	return entries->failed ? sl_fail_memory(err) : SL_OK;
}

static int compare_endings(const void *a, const void *b)
{
	const struct ending *one = a, *two = b;

	if (one->start_ns != two->start_ns)
		return one->start_ns < two->start_ns ? -1 : 1;
	return one->key < two->key ? -1 : one->key > two->key;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *one = a, *two = b;
	int order = memcmp(one->trace_id, two->trace_id, sizeof(one->trace_id));

	if (one->start_ns != two->start_ns)
		return one->start_ns < two->start_ns ? -1 : 1;
	return order != 0 ? order : memcmp(one->span_id, two->span_id, sizeof(one->span_id));
}

/* By pair, or by key: then in the order of the entries, which are sorted themselves. */
static int compare_by_pair(const void *a, const void *b)
{
	const struct match *one = a, *two = b;

	if (one->pair != two->pair)
		return one->pair < two->pair ? -1 : 1;
	return one->entry < two->entry ? -1 : one->entry > two->entry;
}

static int compare_by_key(const void *a, const void *b)
{
	const struct match *one = a, *two = b;

	if (one->key != two->key)
		return one->key < two->key ? -1 : 1;
	return one->entry < two->entry ? -1 : one->entry > two->entry;
}

/* How many endings begin before the entry, or so little after it that clocks may be rounded. */
static size_t endings_before(const struct sl_entries *entries, uint64_t start_ns)
{
	size_t low = 0, high = entries->ending_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (entries->endings[middle].start_ns <= start_ns + ROUNDING_NS)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The shortest ending of another service that lasts longer than the entry; NULL: none. */
static const struct ending *find_ending(const struct sl_entries *entries, const struct entry *entry)
{
	uint64_t trace = sl_hash64(entry->trace_id, sizeof(entry->trace_id), 0);
	const struct ending *found = NULL;
	size_t at = endings_before(entries, entry->start_ns);

	for (size_t tried = 0; at > 0 && tried < MOST_TRIED; tried++) {
		const struct ending *ending = &entries->endings[--at];

		if (ending->end_ns + ROUNDING_NS < entry->end_ns ||
		    ending->service == entry->service || ending->trace == trace)
			continue;
		if (found == NULL ||
		    ending->end_ns - ending->start_ns < found->end_ns - found->start_ns)
			found = ending;
	}
	return found;
}

static size_t count_operation(const struct sl_entries *entries, const uint64_t *operations,
			      uint64_t operation)
{
	size_t count;

	sl_array_find(operations, entries->entry_count, sizeof(*operations), operation, &count);
	return count;
}

static int compare_hashes(const void *a, const void *b)
{
	const uint64_t *one = a, *two = b;

	return *one < *two ? -1 : *one > *two;
}

/* Keeps the matches of pairs that explain nearly all entries of their operation. */
static bool keep_regular(struct sl_entries *entries)
{
	uint64_t *operations = malloc((entries->entry_count + 1) * sizeof(*operations));
	size_t kept = 0, end;

	if (operations == NULL)
		return false;
	for (size_t i = 0; i < entries->entry_count; i++)
		operations[i] = entries->entries[i].operation;
	qsort(operations, entries->entry_count, sizeof(*operations), compare_hashes);
	for (size_t i = 0; i < entries->match_count; i = end) {
		const struct match *matches = entries->matches;
		size_t total = count_operation(entries, operations, matches[i].entry->operation);

		for (end = i + 1;
		     end < entries->match_count && matches[end].pair == matches[i].pair; end++)
			;
		if ((end - i) * 100 < total * LEAST_PERCENT)
			continue;
		memmove(&entries->matches[kept], &matches[i], (end - i) * sizeof(*matches));
		kept += end - i;
	}
	entries->match_count = kept;
	free(operations);
	return true;
}

static void find_matches(struct sl_entries *entries)
{
	for (size_t i = 0; i < entries->entry_count; i++) {
		const struct entry *entry = &entries->entries[i];
		const struct ending *ending = find_ending(entries, entry);

		if (ending != NULL)
			entries->matches[entries->match_count++] = (struct match){
				.key = ending->key,
				.pair = sl_hash64(&ending->service, sizeof(ending->service),
						  entry->operation),
				.entry = entry,
			};
	}
}

enum sl_status sl_entries_end(struct sl_entries *entries, struct sl_error *err)
{
	free(entries->matches);
	entries->matches = NULL;
	entries->match_count = 0;
	if (entries->entry_count == 0 || entries->ending_count == 0)
		return SL_OK;
	entries->matches = malloc(entries->entry_count * sizeof(*entries->matches));
	if (entries->matches == NULL)
		return sl_fail_memory(err);
	qsort(entries->endings, entries->ending_count, sizeof(*entries->endings), compare_endings);
	qsort(entries->entries, entries->entry_count, sizeof(*entries->entries), compare_entries);
	find_matches(entries);
	qsort(entries->matches, entries->match_count, sizeof(*entries->matches), compare_by_pair);
	if (!keep_regular(entries))
		return sl_fail_memory(err);
	qsort(entries->matches, entries->match_count, sizeof(*entries->matches), compare_by_key);
	return SL_OK;
}

const struct entry *entry_behind(const struct sl_entries *entries, const struct sl_span *span,
				 size_t *count)
{
	size_t first = sl_array_find(entries->matches, entries->match_count,
				     sizeof(*entries->matches), span_key(span), count);

	return *count > 0 ? entries->matches[first].entry : NULL;
}
