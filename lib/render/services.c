/* The services of a trace. */
#include "paint.h"

/* Twice the room for services. */
static bool grow(struct view *view, size_t *capacity)
{
	size_t room = *capacity != 0 ? 2 * *capacity : 32;
	struct sl_slice *services = sl_arena_alloc(view->arena, room * sizeof(*services));

	if (services == NULL)
		return false;
	if (view->service_count != 0)
		memcpy(services, view->services, view->service_count * sizeof(*services));
	view->services = services;
	*capacity = room;
	return true;
}

/* The service's number, from 0 on; UINT32_MAX: no memory. */
static uint32_t number_of(struct view *view, struct sl_index *index, size_t *capacity,
			  struct sl_slice service)
{
	uint64_t hash = sl_hash64(service.data, service.len, 5);
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(index, hash, &at)) != 0;)
		if (sl_slice_equal(view->services[number - 1], service))
			return number - 1;
	if (view->service_count == *capacity && !grow(view, capacity))
		return UINT32_MAX;
	if (!sl_index_add(index, hash, view->service_count + 1))
		return UINT32_MAX;
	view->services[view->service_count] = service;
	return view->service_count++;
}

enum sl_status find_services(struct view *view, struct sl_error *err)
{
	const struct sl_trace *trace = view->trace;
	struct sl_index index = { 0 };
	size_t capacity = 0;
	uint32_t number = 0;

	view->service = sl_arena_alloc(view->arena, trace->count * sizeof(*view->service));
	for (uint32_t i = 0; i < trace->count && view->service != NULL && number != UINT32_MAX;
	     i++) {
		uint32_t node = trace->preorder[i];

		number = number_of(view, &index, &capacity, service_of(trace->nodes[node].span));
		view->service[node] = number;
	}
	sl_index_free(&index);
	return view->service != NULL && number != UINT32_MAX ? SL_OK : sl_fail_memory(err);
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
