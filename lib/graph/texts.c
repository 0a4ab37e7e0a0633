/* Texts of many spans, each once: numbers are compared and kept instead. */
#include "graph.h"
#include <stdlib.h>

enum { MOST_TEXTS = 32768, MOST_BYTES = 8 * 1024 * 1024, SHORT = 32, WORDS = SHORT / 8 };

/* From SHORT - len on: which bytes of its words belong to a text of that length. */
#define EIGHT 255, 255, 255, 255, 255, 255, 255, 255
static const unsigned char within[2 * SHORT] = { EIGHT, EIGHT, EIGHT, EIGHT };

static inline uint64_t word_of(struct sl_slice text, size_t i)
{
	uint64_t mask;

	memcpy(&mask, within + SHORT - text.len + 8 * i, sizeof(mask));
	return sl_load_8(text.data + 8 * i) & mask;
}

/* Without a branch where the text is short, as most are: lengths come in no order. */
static inline uint64_t hash_of(struct sl_slice text, uint64_t seed)
{
	static const uint64_t factors[WORDS] = { UINT64_C(0x9e3779b97f4a7c15),
						 UINT64_C(0xc2b2ae3d27d4eb4f),
						 UINT64_C(0x165667b19e3779f9),
						 UINT64_C(0xd6e8feb86659fd93) };
	uint64_t hash = seed + text.len;

	if (text.len > SHORT)
		return text_hash(text, seed);
	for (size_t i = 0; i < WORDS; i++) {
		uint64_t word = (word_of(text, i) ^ seed) * factors[i];

		hash += word ^ word >> 32;
	}
	return number_hash(hash);
}

static inline bool is_same(struct sl_slice a, struct sl_slice b)
{
	uint64_t differences = a.len ^ b.len;

	if (a.len > SHORT || b.len > SHORT)
		return sl_slice_equal(a, b);
	for (size_t i = 0; i < WORDS; i++)
		differences |= word_of(a, i) ^ word_of(b, i);
	return differences == 0;
}

static uint32_t *find_slot(const struct texts *texts, struct sl_slice text, uint64_t hash)
{
	size_t at = (size_t)hash & (texts->slot_count - 1);

	for (; texts->slots[at] != 0; at = (at + 1) & (texts->slot_count - 1)) {
		const struct text *item = &texts->items[texts->slots[at] - 1];

		if (item->hash == hash && is_same(item->text, text))
			break;
	}
	return &texts->slots[at];
}

static bool grow_slots(struct texts *texts)
{
	size_t count = texts->slot_count != 0 ? 2 * texts->slot_count : 1024;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	free(texts->slots);
	texts->slots = slots;
	texts->slot_count = count;
	for (size_t i = 0; i < texts->count; i++) {
		size_t at = (size_t)texts->items[i].hash & (count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	return true;
}

/* NO_TEXT: there is no room, or no memory. */
static uint32_t add(struct texts *texts, struct sl_slice text, uint64_t hash)
{
	struct text *item;
	char *copy;

	if (texts->count == MOST_TEXTS || texts->arena.total_bytes + text.len > MOST_BYTES ||
	    (4 * (texts->count + 1) > texts->slot_count && !grow_slots(texts)) ||
	    !sl_array_reserve((void **)&texts->items, &texts->capacity, texts->count + 1,
			      sizeof(*texts->items)))
		return NO_TEXT;
	copy = sl_arena_alloc(&texts->arena, text.len + TEXT_PADDING);
	if (copy == NULL)
		return NO_TEXT;
	memcpy(copy, text.data, text.len);
	memset(copy + text.len, 0, TEXT_PADDING);
	item = &texts->items[texts->count];
	*item = (struct text){ .hash = hash, .text = { copy, text.len } };
	for (size_t i = 0; i < SL_NODE_KIND_COUNT; i++)
		item->names[i] = NO_NAME;
	*find_slot(texts, text, hash) = (uint32_t)++texts->count;
	return (uint32_t)texts->count - 1;
}

static uint32_t find(struct texts *texts, struct sl_slice text)
{
	uint64_t hash = hash_of(text, (uint64_t)(uintptr_t)texts);
	uint32_t slot = texts->slot_count != 0 ? *find_slot(texts, text, hash) : 0;

	return SL_LIKELY(slot != 0) ? slot - 1 : add(texts, text, hash);
}

uint32_t texts_number(struct texts *texts, struct sl_slice text)
{
	static const char padding[TEXT_PADDING];

	if (SL_UNLIKELY(texts->count == 0) &&
	    find(texts, (struct sl_slice){ padding, 0 }) == NO_TEXT)
		return NO_TEXT;
	return text.len == 0 ? 0 : find(texts, text);
}

void texts_free(struct texts *texts)
{
	free(texts->items);
	free(texts->slots);
	sl_arena_free(&texts->arena);
}
