/* A worker's side: from spans to numbers of what is known, and what is new in full. */
#include "spanline/json.h"
#include "spanline/text.h"
#include "told.h"
#include <stdlib.h>

enum { LIST_LIMIT = 100000 };

/* By its place in the table of a teller. */
struct known {
	uint64_t hash;
	uint32_t values; /* of a key: that were told */
	bool dropped;	 /* a key whose values are told no more: there are too many, or they are
			  * times */
};

/* Whose key it is. */
enum place {
	OF_SPAN,
	OF_RESOURCE,
	OF_INSTRUMENTATION,
	OF_EVENT,
	OF_LINK,
	ITS_SPAN,
	ITS_INSTRUMENTATION,
	ITS_EVENT,
	PLACE_COUNT
};
static const struct sl_slice prefixes[PLACE_COUNT] = {
	[OF_SPAN] = { "span.", 5 },
	[OF_RESOURCE] = { "resource.", 9 },
	[OF_INSTRUMENTATION] = { "instrumentation.", 16 },
	[OF_EVENT] = { "event.", 6 },
	[OF_LINK] = { "link.", 5 },
	[ITS_SPAN] = { "span:", 5 },
	[ITS_INSTRUMENTATION] = { "instrumentation:", 16 },
	[ITS_EVENT] = { "event:", 6 },
};
/* Seeds of hashes, beside those of places, of which no two may be alike. */
enum { SEED_OF_OPERATION = PLACE_COUNT, SEED_OF_RESOURCE, SEED_OF_SCOPE };

/* NO_ITEM: it was not told. */
static uint32_t find(const struct teller *teller, uint64_t hash)
{
	uint32_t number;

	for (size_t at = 0; (number = sl_index_next(&teller->index, hash, &at)) != 0;)
		if (teller->known[number - 1].hash == hash)
			return number - 1;
	return NO_ITEM;
}

static uint32_t add(struct teller *teller, uint64_t hash)
{
	uint32_t number = (uint32_t)teller->count;

	if (!sl_array_reserve((void **)&teller->known, &teller->capacity, teller->count + 1,
			      sizeof(*teller->known)) ||
	    !sl_index_add(&teller->index, hash, number + 1)) {
		teller->failed = true;
		return NO_ITEM;
	}
	teller->known[teller->count++] = (struct known){ .hash = hash };
	return number;
}

/* The span has it. */
static void say(struct teller *teller, uint32_t word)
{
	if (SL_UNLIKELY(teller->word_count == teller->word_capacity) &&
	    !sl_array_reserve((void **)&teller->words, &teller->word_capacity,
			      teller->word_count + 1, sizeof(*teller->words))) {
		teller->failed = true;
		return;
	}
	teller->words[teller->word_count++] = word;
}

static void tell(struct teller *teller, const struct piece *piece, struct sl_slice first,
		 struct sl_slice second)
{
	sl_buffer_add(teller->out, piece, sizeof(*piece));
	sl_buffer_add_slice(teller->out, first);
	sl_buffer_add_slice(teller->out, second);
}

static struct piece piece_of(const struct teller *teller, enum piece_kind kind, size_t size)
{
	return (struct piece){ .worker = teller->worker, .kind = kind, .size = size };
}

/* NO_ITEM: there are too many. */
static uint32_t find_key(struct teller *teller, enum place place, struct sl_slice key,
			 uint64_t hash)
{
	uint32_t number = find(teller, hash);
	struct piece piece;

	if (SL_LIKELY(number != NO_ITEM))
		return number;
	if (teller->keys >= KEY_LIMIT) {
		teller->crowded++;
		return NO_ITEM;
	}
	teller->keys++;
	piece = piece_of(teller, PIECE_KEY, prefixes[place].len + key.len);
	tell(teller, &piece, prefixes[place], key);
	return add(teller, hash);
}

static bool is_time(const struct sl_value *value)
{
	uint64_t unix_ns;

	return value->type == SL_VALUE_STRING && sl_parse_time(value->text, &unix_ns);
}

/* The value as JSON, in teller->text. */
static void render(struct teller *teller, const struct sl_value *value)
{
	teller->text.len = 0;
	sl_json_write_value(&teller->text, value);
	teller->failed |= teller->text.failed;
}

static uint64_t hash_value(struct teller *teller, const struct sl_value *value, uint64_t seed)
{
	switch (value->type) {
	case SL_VALUE_STRING:
		return sl_hash64(value->text.data, value->text.len, seed + SL_VALUE_STRING);
	case SL_VALUE_INT:
		return sl_hash_mix((uint64_t)value->integer ^ sl_hash_mix(seed + SL_VALUE_INT));
	case SL_VALUE_BOOL:
		return sl_hash_mix(seed + (value->boolean ? UINT64_MAX : UINT64_MAX / 2));
	default:
		render(teller, value);
		return sl_hash64(teller->text.data, teller->text.len, seed + value->type);
	}
}

static uint32_t add_value(struct teller *teller, uint32_t key, const struct sl_value *value,
			  uint64_t hash)
{
	struct piece piece;
	struct sl_slice text;

	teller->values++;
	render(teller, value);
	text = sl_buffer_slice(&teller->text);
	if (text.len > VALUE_BYTES)
		text.len = VALUE_BYTES;
	piece = piece_of(teller, PIECE_VALUE, text.len);
	piece.hash = hash;
	piece.key = key;
	piece.is_time = is_time(value);
	if (++teller->known[key].values > VALUES_OF_KEY || piece.is_time)
		teller->known[key].dropped = true;
	tell(teller, &piece, text, (struct sl_slice){ 0 });
	return add(teller, hash);
}

/* The value says that its key is there, too. */
static void tell_attribute(struct teller *teller, enum place place, struct sl_slice name,
			   const struct sl_value *value)
{
	uint64_t hash = sl_hash64(name.data, name.len, place);
	uint32_t key = find_key(teller, place, name, hash), number;

	if (key == NO_ITEM)
		return;
	if (teller->known[key].dropped) {
		say(teller, key);
		return;
	}
	hash = hash_value(teller, value, hash);
	number = find(teller, hash);
	if (number == NO_ITEM && teller->values < TRAIT_LIMIT)
		number = add_value(teller, key, value, hash);
	else if (number == NO_ITEM)
		teller->crowded++;
	say(teller, number != NO_ITEM ? number : key);
}

static void tell_attributes(struct teller *teller, enum place place,
			    struct sl_attributes attributes)
{
	for (size_t i = 0; i < attributes.count && !teller->failed; i++)
		tell_attribute(teller, place, attributes.items[i].key, &attributes.items[i].value);
}

/* What is no attribute but looks like one, where it is there. */
static void tell_text(struct teller *teller, enum place place, struct sl_slice name,
		      struct sl_slice text)
{
	struct sl_value value = { .type = SL_VALUE_STRING, .text = text };

	if (text.len != 0)
		tell_attribute(teller, place, name, &value);
}

static void tell_lists(struct teller *teller, const struct sl_span *span)
{
	for (size_t i = 0; i < span->event_count; i++) {
		tell_text(teller, ITS_EVENT, SL_SLICE("name"), span->events[i].name);
		tell_attributes(teller, OF_EVENT, span->events[i].attributes);
	}
	for (size_t i = 0; i < span->link_count; i++)
		tell_attributes(teller, OF_LINK, span->links[i].attributes);
}

/* The words from `first` on become one, which is found by the hash. */
static void tell_list(struct teller *teller, size_t first, uint64_t hash)
{
	struct sl_slice words;
	struct piece piece;

	if (teller->lists >= LIST_LIMIT || teller->failed)
		return;
	teller->lists++;
	words = (struct sl_slice){ (const char *)(teller->words + first),
				   (teller->word_count - first) * sizeof(*teller->words) };
	piece = piece_of(teller, PIECE_LIST, words.len);
	tell(teller, &piece, words, (struct sl_slice){ 0 });
	teller->word_count = first;
	say(teller, add(teller, hash));
}

/* Equal serials are equal resources: what they have is told once. */
static void tell_resource(struct teller *teller, const struct sl_resource *resource)
{
	uint64_t hash = sl_hash_mix(resource->serial ^ sl_hash_mix(SEED_OF_RESOURCE));
	uint32_t known = find(teller, hash);
	size_t first = teller->word_count;

	if (resource->attributes.count == 0)
		return;
	if (known != NO_ITEM) {
		say(teller, known);
		return;
	}
	tell_attributes(teller, OF_RESOURCE, resource->attributes);
	tell_list(teller, first, hash);
}

static void tell_scope(struct teller *teller, const struct sl_scope *scope)
{
	uint64_t hash = sl_hash_mix(scope->serial ^ sl_hash_mix(SEED_OF_SCOPE));
	uint32_t known = find(teller, hash);
	size_t first = teller->word_count;

	if (!scope->present)
		return;
	if (known != NO_ITEM) {
		say(teller, known);
		return;
	}
	tell_text(teller, ITS_INSTRUMENTATION, SL_SLICE("name"), scope->name);
	tell_text(teller, ITS_INSTRUMENTATION, SL_SLICE("version"), scope->version);
	tell_attributes(teller, OF_INSTRUMENTATION, scope->attributes);
	tell_list(teller, first, hash);
}

static uint32_t tell_operation(struct teller *teller, struct sl_operation_name name)
{
	uint64_t hash = sl_hash64(name.name.data, name.name.len,
				  sl_hash64(name.service.data, name.service.len,
					    SEED_OF_OPERATION));
	uint32_t number = find(teller, hash);
	struct piece piece;

	if (number != NO_ITEM)
		return number;
	/* whoever listens has more than enough then, and keeps no more either */
	if (teller->operations >= OPERATION_LIMIT && !is_other_operations(&name)) {
		teller->crowded++;
		return tell_operation(teller, other_operations);
	}
	teller->operations++;
	piece = piece_of(teller, PIECE_OPERATION, name.service.len + name.name.len);
	piece.head = (uint32_t)name.service.len;
	tell(teller, &piece, name.service, name.name);
	return add(teller, hash);
}

static void tell_fact(struct teller *teller, const struct sl_span *span, const struct fact *fact)
{
	size_t words = fact->word_count * sizeof(*teller->words);
	struct piece piece = piece_of(teller, PIECE_SPAN,
				      span->trace_id.len + sizeof(*fact) + words + fact->id_len +
					      fact->parent_len);

	piece.head = (uint32_t)span->trace_id.len;
	tell(teller, &piece, span->trace_id, (struct sl_slice){ (const char *)fact, sizeof(*fact) });
	sl_buffer_add(teller->out, teller->words, words);
	sl_buffer_add_slice(teller->out, span->span_id);
	sl_buffer_add_slice(teller->out, span->parent_span_id);
}

enum sl_status teller_tell(struct teller *teller, const struct sl_span *span, bool matched,
			   struct sl_buffer *out, struct sl_error *err)
{
	struct sl_operation_name name = { sl_span_service(span), span->name };
	struct fact fact = { .start_ns = span->start_unix_nano,
			     .end_ns = span->end_unix_nano,
			     .id_len = (uint32_t)span->span_id.len,
			     .parent_len = (uint32_t)span->parent_span_id.len,
			     .kind = span->kind,
			     .failed = span->status_code == SL_STATUS_ERROR,
			     .matched = matched };

	teller->out = out;
	teller->word_count = 0;
	teller->crowded = 0;
	fact.operation = tell_operation(teller, name);
	tell_attributes(teller, OF_SPAN, span->attributes);
	tell_text(teller, ITS_SPAN, SL_SLICE("statusMessage"), span->status_message);
	tell_lists(teller, span);
	tell_resource(teller, span->resource);
	tell_scope(teller, span->scope);
	fact.word_count = (uint32_t)teller->word_count;
	fact.crowded = teller->crowded;
	tell_fact(teller, span, &fact);
	return teller->failed || out->failed ? sl_fail_memory(err) : SL_OK;
}

void teller_free(struct teller *teller)
{
	sl_index_free(&teller->index);
	free(teller->known);
	free(teller->words);
	sl_buffer_free(&teller->text);
	*teller = (struct teller){ 0 };
}
