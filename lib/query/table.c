/* What a worker knows of the parts of a query's tree, by their addresses: the tree itself is
 * shared. */
#include "match.h"

static size_t slot_of(const struct table *table, const void *key)
{
	uint64_t bits = (uint64_t)(uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(bits >> 32) & table->mask;

	while (table->slots[at].key != NULL && table->slots[at].key != key)
		at = (at + 1) & table->mask;
	return at;
}

struct found *table_find(const struct table *table, const void *key)
{
	struct found *found = &table->slots[slot_of(table, key)];

	return found->key != NULL ? found : NULL;
}

struct filling {
	struct table *table; /* NULL slots: it only counts */
	size_t count;
	const struct sl_query *query;
	struct sl_arena *arena;
	bool failed;
};

static struct found *enter(struct filling *filling, const void *key)
{
	struct found *found;

	filling->count++;
	if (filling->table->slots == NULL)
		return NULL;
	found = &filling->table->slots[slot_of(filling->table, key)];
	found->key = key;
	return found;
}

static void enter_filter(struct filling *filling, const struct stage *stage)
{
	struct found *found = enter(filling, stage);
	struct program *program;

	if (found == NULL)
		return;
	program = sl_arena_alloc(filling->arena, sizeof(*program));
	if (program == NULL ||
	    !program_of_filter(filling->arena, filling->query, stage->expression, program))
		filling->failed = true;
	found->program = program;
}

/* Keeps what was printed as the name; the buffer is done with. */
static void set_name(struct filling *filling, struct found *found, struct sl_buffer *printed)
{
	found->name = sl_arena_copy(filling->arena, sl_buffer_slice(printed));
	filling->failed |= printed->failed || found->name.data == NULL;
	sl_buffer_free(printed);
}

static void enter_stage(void *context, const struct stage *stage)
{
	struct filling *filling = context;
	struct sl_buffer printed = { 0 };
	struct found *found;

	if (stage->kind == STAGE_FILTER)
		enter_filter(filling, stage);
	if (stage->kind != STAGE_BY)
		return;
	found = enter(filling, stage);
	if (found == NULL)
		return;
	query_print_stage(stage, filling->query->tempo, &printed);
	set_name(filling, found, &printed);
}

static void enter_scalar(void *context, const struct scalar *scalar)
{
	struct filling *filling = context;
	struct sl_buffer printed = { 0 };
	struct found *found;

	if (scalar->kind != SCALAR_AGGREGATE && scalar->kind != SCALAR_PIPELINE)
		return;
	found = enter(filling, scalar);
	if (found == NULL || scalar->kind == SCALAR_PIPELINE)
		return;
	query_print_scalar(scalar, filling->query->tempo, &printed);
	set_name(filling, found, &printed);
}

static void enter_expression(void *context, const struct expression *expression)
{
	if (expression->kind == EXPRESSION_UNARY && expression->op == OP_NOT)
		(void)enter(context, expression->left);
}

bool table_fill(struct table *table, const struct sl_query *query, struct sl_arena *arena)
{
	struct filling filling = { .table = table, .query = query, .arena = arena };
	struct walker walker = { enter_stage, enter_scalar, enter_expression, &filling };
	size_t size = 2;
	struct found *slots;

	table->slots = NULL;
	walk_query(&walker, query);
	while (size / 2 < filling.count + 1)
		size *= 2;
	slots = sl_arena_alloc(arena, size * sizeof(*slots));
	if (slots == NULL)
		return false;
	memset(slots, 0, size * sizeof(*slots));
	table->slots = slots;
	table->mask = size - 1;
	walk_query(&walker, query);
	return !filling.failed;
}
