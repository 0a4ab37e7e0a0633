/* Lists of attributes of unknown length: grown on a stack, finished into an arena. */
#include "spanline/span.h"
#include <stdlib.h>

bool sl_builder_grow(struct sl_builder *builder)
{
	void *stack = builder->stack;
	bool grown = sl_array_reserve(&stack, &builder->capacity, builder->height + 1,
				      sizeof(*builder->stack));

	builder->stack = stack;
	return grown;
}

bool sl_builder_finish(struct sl_builder *builder, size_t height, struct sl_attributes *list)
{
	size_t count = builder->height - height;
	struct sl_attribute *items;

	builder->height = height;
	if (count == 0) {
		*list = (struct sl_attributes){ NULL, 0 };
		return true;
	}
	items = sl_arena_alloc(builder->arena, count * sizeof(*items));
	if (items == NULL)
		return false;
	memcpy(items, &builder->stack[height], count * sizeof(*items));
	*list = (struct sl_attributes){ items, count };
	return true;
}

void sl_builder_free(struct sl_builder *builder)
{
	free(builder->stack);
	*builder = (struct sl_builder){ .arena = builder->arena };
}
