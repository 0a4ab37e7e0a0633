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

static bool add_list(struct word_lists *lists, const struct voice *voice, struct sl_slice words)
{
	struct word_list list = { .first = lists->word_count };
	uint32_t word;

	if (!sl_array_reserve((void **)&lists->items, &lists->capacity, lists->count + 1,
			      sizeof(*lists->items)) ||
	    !sl_array_reserve((void **)&lists->words, &lists->word_capacity,
			      lists->word_count + words.len / sizeof(word) + 1,
			      sizeof(*lists->words)))
		return false;
	while (words.len != 0) {
		memcpy(&word, take(&words, sizeof(word)).data, sizeof(word));
		word = voice->meant[word];
		list.crowded += (word & WORD_IS_CROWDED) != 0;
		if (word != NO_ITEM)
			lists->words[lists->word_count++] = word & ~WORD_IS_CROWDED;
	}
	list.count = lists->word_count - list.first;
	lists->items[lists->count++] = list;
	return true;
}

/* The traits that the words are: those that come first are kept for all, the others in full. */
static uint32_t keep_list(struct traits *traits, struct voice *voice, struct sl_slice words,
			  bool *failed)
{
	bool is_late = traits->lists.count >= LIST_LIMIT;
	struct word_lists *lists = is_late ? &voice->lists : &traits->lists;

	*failed = !add_list(lists, voice, words);
	return (uint32_t)(lists->count - 1) | WORD_OF_LIST | (is_late ? WORD_IN_FULL : 0);
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
static uint32_t keep(struct traits *traits, struct voice *voice, const struct piece *piece,
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
		return keep_list(traits, voice, text, failed);
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

/* Appends the list's words, and gives how many they are. */
static uint32_t add_in_full(struct sl_buffer *out, const struct voice *voice, uint32_t word,
			    struct fact *fact)
{
	const struct word_list *list = &voice->lists.items[word & ~(WORD_OF_LIST | WORD_IN_FULL)];

	fact->crowded += list->crowded;
	sl_buffer_add(out, &voice->lists.words[list->first], list->count * sizeof(word));
	return (uint32_t)list->count;
}

/* Appends what the words of the fact mean. */
static void translate_words(struct sl_buffer *out, const struct voice *voice, struct sl_slice told,
			    struct fact *fact)
{
	uint32_t count = fact->word_count;
	char *at = sl_buffer_reserve(out, told.len);

	fact->word_count = 0;
	for (uint32_t i = 0; i < count && at != NULL; i++) {
		uint32_t word = clear(voice->meant[fact_word(told, i)], fact);

		if (word == NO_ITEM)
			continue;
		if (SL_UNLIKELY((word & WORD_IN_FULL) != 0)) {
			fact->word_count += add_in_full(out, voice, word, fact);
			at = sl_buffer_reserve(out, told.len);
			continue;
		}
		memcpy(at, &word, sizeof(word));
		at += sizeof(word);
		out->len += sizeof(word);
		fact->word_count++;
	}
}

/* The fact with what its words mean, in listener->fact. */
static void translate(struct listener *listener, const struct voice *voice, struct sl_slice told)
{
	struct sl_buffer *out = &listener->fact;
	struct fact fact = fact_of(told);
	size_t ids_len = (size_t)fact.id_len + fact.parent_len;

	out->len = 0;
	sl_buffer_add(out, &fact, sizeof(fact));
	translate_words(out, voice, told, &fact);
	fact.operation = clear(voice->meant[fact.operation], &fact);
	sl_buffer_add(out, told.data + told.len - ids_len, ids_len);
	if (!out->failed)
		memcpy(out->data, &fact, sizeof(fact));
}

static void forget(struct voice *voice)
{
	voice->count = 0;
	voice->lists.count = voice->lists.word_count = 0;
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
		if (piece.kind == PIECE_FORGET) {
			forget(voice);
			continue;
		}
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
	for (size_t i = 0; i < listener->voice_capacity; i++) {
		free(listener->voices[i].meant);
		free(listener->voices[i].lists.items);
		free(listener->voices[i].lists.words);
	}
	free(listener->voices);
	sl_buffer_free(&listener->fact);
	*listener = (struct listener){ 0 };
}
