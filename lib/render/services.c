/* The services of a trace. */
#include "paint.h"

struct table {
	uint32_t *slots; /* of services, or UINT32_MAX */
	size_t capacity; /* a power of two */
};

/* Where the service is, or belongs. */
static uint32_t *find_slot(const struct table *table, const struct view *view,
			   struct sl_slice service)
{
	size_t at = sl_hash64(service.data, service.len, 5) & (table->capacity - 1);

	while (table->slots[at] != UINT32_MAX &&
	       !sl_slice_equal(view->services[table->slots[at]], service))
		at = (at + 1) & (table->capacity - 1);
	return &table->slots[at];
}

/* Twice the room, for services and slots. */
static bool grow(struct table *table, struct view *view)
{
	struct sl_slice *services;
	size_t capacity = table->capacity != 0 ? 2 * table->capacity : 64;

	services = sl_arena_alloc(view->arena, capacity / 2 * sizeof(*services));
	table->slots = sl_arena_alloc(view->arena, capacity * sizeof(*table->slots));
	if (services == NULL || table->slots == NULL)
		return false;
	if (view->service_count != 0)
		memcpy(services, view->services, view->service_count * sizeof(*services));
	view->services = services;
	table->capacity = capacity;
	memset(table->slots, 0xff, capacity * sizeof(*table->slots));
	for (uint32_t i = 0; i < view->service_count; i++)
		*find_slot(table, view, services[i]) = i;
	return true;
}

enum sl_status find_services(struct view *view, struct sl_error *err)
{
	const struct sl_trace *trace = view->trace;
	struct table table = { 0 };

	view->service = sl_arena_alloc(view->arena, trace->count * sizeof(*view->service));
	if (view->service == NULL)
		return sl_fail_memory(err);
	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t node = trace->preorder[i], *slot;
		struct sl_slice service = service_of(trace->nodes[node].span);

		if (2 * (size_t)view->service_count >= table.capacity && !grow(&table, view))
			return sl_fail_memory(err);
		slot = find_slot(&table, view, service);
		if (*slot == UINT32_MAX) {
			*slot = view->service_count;
			view->services[view->service_count++] = service;
		}
		view->service[node] = *slot;
	}
	return SL_OK;
}

bool choose_colours(const struct view *view, unsigned count, unsigned char **colours)
{
	/* neighbours look alike; 7 has no divisor in common with how many there are */
	enum { APART = 7 };
	bool taken[256] = { false };
	unsigned char *chosen = sl_arena_alloc(view->arena, view->service_count + (size_t)1);

	if (chosen == NULL)
		return false;
	for (uint32_t i = 0; i < view->service_count; i++) {
		unsigned colour = service_colour(view->services[i], count);

		for (unsigned tried = 0; tried < count && taken[colour]; tried++)
			colour = (colour + APART) % count;
		taken[colour] = true;
		chosen[i] = (unsigned char)colour;
	}
	*colours = chosen;
	return true;
}

uint32_t count_services(const struct sl_trace *trace)
{
	struct sl_arena arena = { 0 };
	struct view view = { .trace = trace, .arena = &arena };
	struct sl_error err;
	uint32_t count = find_services(&view, &err) == SL_OK ? view.service_count : 0;

	sl_arena_free(&arena);
	return count;
}
