/* Text into a query that can be asked: copied, parsed, checked, its needs found. */
#include "node.h"
#include <stdlib.h>

enum { ARENA_LIMIT_BYTES = 64 * 1024 * 1024 };

static enum sl_status no_memory(struct sl_query_fault *fault)
{
	*fault = (struct sl_query_fault){ .text = "no memory" };
	return SL_FAILED;
}

static struct sl_query *make_query(struct sl_slice text, const struct sl_query_options *options)
{
	struct sl_query *query = calloc(1, sizeof(*query));
	char *copy;

	if (query == NULL)
		return NULL;
	query->arena.limit_bytes = ARENA_LIMIT_BYTES;
	query->tempo = options->tempo;
	/* what is over the limit is refused without being looked at */
	if (text.len > QUERY_TEXT_LIMIT)
		text.len = QUERY_TEXT_LIMIT + 1;
	copy = sl_arena_alloc(&query->arena, text.len + 1);
	if (copy == NULL) {
		sl_query_free(query);
		return NULL;
	}
	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	query->text = (struct sl_slice){ copy, text.len };
	return query;
}

static enum sl_status prepare(struct sl_query *query, struct sl_query_fault *fault)
{
	enum sl_status status = query_check(query, fault);

	if (status != SL_OK)
		return status;
	query_find_needs(query);
	return query_compile_regexes(query, fault);
}

static enum sl_status
compile(struct sl_query **query, struct sl_slice text, const struct sl_query_options *options,
	enum sl_status (*parse)(struct sl_query *query, struct sl_query_fault *fault),
	struct sl_query_fault *fault)
{
	struct sl_query *made = make_query(text, options);
	enum sl_status status;

	if (made == NULL)
		return no_memory(fault);
	status = parse(made, fault);
	if (status == SL_OK && !options->unchecked)
		status = prepare(made, fault);
	if (status != SL_OK)
		sl_query_free(made);
	else
		*query = made;
	return status;
}

enum sl_status sl_query_compile(struct sl_query **query, struct sl_slice text,
				const struct sl_query_options *options,
				struct sl_query_fault *fault)
{
	return compile(query, text, options, query_parse, fault);
}

enum sl_status sl_query_compile_field(struct sl_query **query, struct sl_slice text,
				      const struct sl_query_options *options,
				      struct sl_query_fault *fault)
{
	return compile(query, text, options, query_parse_field, fault);
}

void sl_query_free(struct sl_query *query)
{
	if (query == NULL)
		return;
	query_free_regexes(query);
	sl_arena_free(&query->arena);
	free(query);
}
