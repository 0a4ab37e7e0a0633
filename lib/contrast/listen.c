/* The gatherer's side: what workers tell in full becomes traits, and their numbers those of
 * traits. */
#include "told.h"
#include <stdlib.h>

static struct sl_slice take(struct sl_slice *from, size_t len)
{
	struct sl_slice taken = { from->data, len };

	from->data += len;
	from->len -= len;
	return taken;
}

/* The traits that the words are, in a list of their own; NO_ITEM: no memory. */
static uint32_t keep_list(struct traits *traits, const struct voice *voice, struct sl_slice words)
{
	struct list list = { .first = traits->listed_count };
	uint32_t word;

	if (!sl_array_reserve((void **)&traits->lists, &traits->list_capacity,
			      traits->list_count + 1, sizeof(*traits->lists)) ||
	    !sl_array_reserve((void **)&traits->listed, &traits->listed_capacity,
			      traits->listed_count + words.len / sizeof(word) + 1,
			      sizeof(*traits->listed)))
		return NO_ITEM;
	while (words.len != 0) {
		memcpy(&word, take(&words, sizeof(word)).data, sizeof(word));
		word = voice->meant[word];
		list.crowded += (word & WORD_IS_CROWDED) != 0;
		if (word != NO_ITEM)
			traits->listed[traits->listed_count++] = word & ~WORD_IS_CROWDED;
	}
	list.count = traits->listed_count - list.first;
	traits->lists[traits->list_count++] = list;
	return (uint32_t)(traits->list_count - 1) | WORD_OF_LIST;
}

/* The trait of the value, or where there are too many that of its key. */
static uint32_t keep_value(struct traits *traits, uint32_t key_trait, const struct piece *piece,
			   struct sl_slice text, bool *failed)
{
	struct trait_id id = { .kind = SL_DIFFERENCE_ATTRIBUTE, .value = piece->hash };
	bool is_new;
	uint32_t index;

	*failed = false;
	if (key_trait == NO_ITEM)
		return NO_ITEM;
	id.of = traits->items[key_trait].of;
	/* a worker drops a key for itself, when it has met as many values */
	if (traits->keys[id.of].dropped)
		return key_trait;
	id.implied = key_trait;
	index = contrast_trait(traits, &id, &is_new, failed);
	if (index == NO_ITEM)
		return key_trait | WORD_IS_CROWDED;
	if (is_new) {
		struct attribute_key *key = &traits->keys[id.of];

		traits->items[index].value = sl_arena_copy(&traits->arena, text);
		*failed = traits->items[index].value.data == NULL;
		key->dropped |= ++key->value_count > VALUES_OF_KEY || piece->is_time;
	}
	return index;
}

/* Of an operation its number, of all others the trait, or a list; NO_ITEM: it is not kept. */
static uint32_t keep(struct traits *traits, const struct voice *voice, const struct piece *piece,
		     struct sl_slice text, bool *failed)
{
	struct sl_operation_name name;
	uint32_t index;

	*failed = false;
	switch (piece->kind) {
	case PIECE_OPERATION:
		name.service = take(&text, piece->head);
		name.name = text;
		index = contrast_operation(traits, name, failed);
		if (index != NO_ITEM || *failed)
			return index;
		return contrast_operation(traits, other_operations, failed) | WORD_IS_CROWDED;
	case PIECE_KEY:
		index = contrast_key(traits, text, failed);
		return index != NO_ITEM ? traits->keys[index].trait : NO_ITEM;
	case PIECE_VALUE:
		return keep_value(traits, voice->meant[piece->key], piece, text, failed);
	default:
		index = keep_list(traits, voice, text);
		*failed = index == NO_ITEM;
		return index;
	}
}

static struct voice *voice_of(struct listener *listener, uint32_t worker)
{
	size_t before = listener->voice_capacity;

	if (worker >= before &&
	    !sl_array_reserve((void **)&listener->voices, &listener->voice_capacity,
			      (size_t)worker + 1, sizeof(*listener->voices)))
		return NULL;
	for (; before < listener->voice_capacity; before++)
		listener->voices[before] = (struct voice){ 0 };
	return &listener->voices[worker];
}

static bool learn(struct listener *listener, struct voice *voice, const struct piece *piece,
		  struct sl_slice text)
{
	bool failed;

	if (!sl_array_reserve((void **)&voice->meant, &voice->capacity, voice->count + 1,
			      sizeof(*voice->meant)))
		return false;
	voice->meant[voice->count++] = keep(listener->traits, voice, piece, text, &failed);
	return !failed;
}

/* The word without WORD_IS_CROWDED, which is counted.  NO_ITEM has it, too. */
static inline uint32_t clear(uint32_t word, struct fact *fact)
{
	if (SL_LIKELY((word & WORD_IS_CROWDED) == 0))
		return word;
	fact->crowded++;
	return word == NO_ITEM ? NO_ITEM : word & ~WORD_IS_CROWDED;
}

/* The fact with what its words mean, in listener->fact. */
static void translate(struct listener *listener, const struct voice *voice, struct sl_slice told)
{
	struct fact fact = fact_of(told);
	size_t ids_len = (size_t)fact.id_len + fact.parent_len;
	char *at;

	listener->fact.len = 0;
	at = sl_buffer_reserve(&listener->fact, told.len);
	if (at == NULL)
		return;
	at += sizeof(fact);
	for (uint32_t i = 0, count = fact.word_count; i < count; i++) {
		uint32_t word = clear(voice->meant[fact_word(told, i)], &fact);

		memcpy(at, &word, sizeof(word));
		at += word != NO_ITEM ? sizeof(word) : 0;
		fact.word_count -= word == NO_ITEM;
	}
	fact.operation = clear(voice->meant[fact.operation], &fact);
	memcpy(at, told.data + told.len - ids_len, ids_len);
	memcpy(listener->fact.data, &fact, sizeof(fact));
	listener->fact.len = (size_t)(at - listener->fact.data) + ids_len;
}

enum sl_status listener_next(struct listener *listener, struct sl_slice *told,
			     struct sl_slice *trace_id, struct sl_slice *fact, struct sl_error *err)
{
	while (told->len != 0) {
		struct piece piece;
		struct voice *voice;
		struct sl_slice text;

		memcpy(&piece, take(told, sizeof(piece)).data, sizeof(piece));
		text = take(told, piece.size);
		voice = voice_of(listener, piece.worker);
		if (voice == NULL)
			return sl_fail_memory(err);
		if (piece.kind != PIECE_SPAN) {
			if (!learn(listener, voice, &piece, text))
				return sl_fail_memory(err);
			continue;
		}
		*trace_id = take(&text, piece.head);
		translate(listener, voice, text);
		*fact = sl_buffer_slice(&listener->fact);
		return listener->fact.failed ? sl_fail_memory(err) : SL_OK;
	}
	return SL_END;
}

void listener_free(struct listener *listener)
{
	for (size_t i = 0; i < listener->voice_capacity; i++)
		free(listener->voices[i].meant);
	free(listener->voices);
	sl_buffer_free(&listener->fact);
	*listener = (struct listener){ 0 };
}
