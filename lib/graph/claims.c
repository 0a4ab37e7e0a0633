/* Whose an address is: by those who answer there, and by those who say that it is theirs. */
#include "graph.h"
#include <stdlib.h>

static uint32_t *find_slot(const struct claims *claims, uint32_t peer, uint32_t service)
{
	uint64_t hash = number_hash((uint64_t)peer << 32 | service);
	size_t at = (size_t)hash & (claims->slot_count - 1);

	for (; claims->slots[at] != 0; at = (at + 1) & (claims->slot_count - 1)) {
		const struct claim *claim = &claims->items[claims->slots[at] - 1];

		if (claim->peer == peer && claim->service == service)
			break;
	}
	return &claims->slots[at];
}

static bool grow_slots(struct claims *claims)
{
	size_t count = claims->slot_count != 0 ? 2 * claims->slot_count : 256;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	free(claims->slots);
	claims->slots = slots;
	claims->slot_count = count;
	for (size_t i = 0; i < claims->count; i++)
		*find_slot(claims, claims->items[i].peer, claims->items[i].service) =
			(uint32_t)i + 1;
	return true;
}

enum sl_status claims_add(struct claims *claims, const struct claim *claim, struct sl_error *err)
{
	uint32_t *slot;

	if (2 * (claims->count + 1) > claims->slot_count && !grow_slots(claims))
		return sl_fail_memory(err);
	slot = find_slot(claims, claim->peer, claim->service);
	if (*slot != 0) {
		claims->items[*slot - 1].answered += claim->answered;
		claims->items[*slot - 1].stated += claim->stated;
		return SL_OK;
	}
	/* what is not remembered leaves an address nobody's */
	if (claims->count == SL_GRAPH_NAMES)
		return SL_OK;
	if (!sl_array_reserve((void **)&claims->items, &claims->capacity, claims->count + 1,
			      sizeof(*claims->items)))
		return sl_fail_memory(err);
	claims->items[claims->count++] = *claim;
	*slot = (uint32_t)claims->count;
	return SL_OK;
}

void claims_free(struct claims *claims)
{
	free(claims->items);
	free(claims->slots);
}
