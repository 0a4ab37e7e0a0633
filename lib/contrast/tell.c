/* A worker's side: from spans to numbers of what is known, and what is new in full. */
#include "spanline/json.h"
#include "spanline/text.h"
#include "told.h"
#include <stdlib.h>

enum { WORD_LIMIT = 400000 }; /* are remembered */

/* What was told. */
struct known {
	uint64_t hash; /* 0: nothing */
	uint32_t number;
	uint16_t values; /* of a key: that were told */
	bool dropped;	 /* a key whose values are told no more: there are too many, or they are
			  * times */
};

/* What to do where a span turns out to be damaged, the last first. */
struct undo {
	struct known *added;
	struct known *key; /* of a value; or NULL */
	bool was_dropped;
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
enum { SEED_OF_OPERATION = PLACE_COUNT, SEED_OF_LIST };

/* Where it is, or belongs. */
static struct known *slot_of(const struct teller *teller, uint64_t hash)
{
	size_t at = (size_t)(hash >> 16) & (teller->capacity - 1);

	while (teller->known[at].hash != hash && teller->known[at].hash != 0)
		at = (at + 1) & (teller->capacity - 1);
	return &teller->known[at];
}

static bool grow(struct teller *teller)
{
	struct teller larger = { .capacity = teller->capacity != 0 ? 2 * teller->capacity : 1024 };

	larger.known = calloc(larger.capacity, sizeof(*larger.known));
	if (larger.known == NULL)
		return false;
	for (size_t i = 0; i < teller->capacity; i++)
		if (teller->known[i].hash != 0)
			*slot_of(&larger, teller->known[i].hash) = teller->known[i];
	free(teller->known);
	teller->known = larger.known;
	teller->capacity = larger.capacity;
	return true;
}

/* NULL: it was not told.  Valid until the next one is added. */
static inline struct known *find(const struct teller *teller, uint64_t hash)
{
	struct known *known = teller->capacity != 0 ? slot_of(teller, hash) : NULL;

	return known != NULL && known->hash != 0 ? known : NULL;
}

/* What was just told gets the next number; NULL: no memory. */
static struct known *add(struct teller *teller, uint64_t hash)
{
	struct known *known;

	if (2 * ((size_t)teller->count + 1) > teller->capacity) {
		teller->failed |= !grow(teller);
		teller->grown = true;
	}
	if (teller->failed || !sl_array_reserve((void **)&teller->undo, &teller->undo_capacity,
						teller->undo_count + 1, sizeof(*teller->undo))) {
		teller->failed = true;
		return NULL;
	}
	known = slot_of(teller, hash);
	*known = (struct known){ .hash = hash, .number = teller->count++ };
	teller->undo[teller->undo_count++] = (struct undo){ .added = known };
	return known;
}

/* All numbers mean nothing any more, to whoever listens, too. */
static void forget(struct teller *teller)
{
	struct piece piece = { .worker = teller->worker, .kind = PIECE_FORGET };

	sl_buffer_add(teller->out, &piece, sizeof(piece));
	if (teller->capacity != 0)
		memset(teller->known, 0, teller->capacity * sizeof(*teller->known));
	teller->count = 0;
	memset(teller->origins, 0, sizeof(teller->origins));
	memory_forget(&teller->resources);
	memory_forget(&teller->scopes);
}

/* What was told of a span that turns out to be damaged was not. */
static void take_back(struct teller *teller, size_t out_len)
{
	teller->out->len = out_len;
	if (teller->grown) {
		forget(teller);
		return;
	}
	while (teller->undo_count != 0) {
		struct undo *undo = &teller->undo[--teller->undo_count];

		/* nothing that is still there was put behind it */
		*undo->added = (struct known){ 0 };
		teller->count--;
		if (undo->key != NULL) {
			undo->key->values--;
			undo->key->dropped = undo->was_dropped;
		}
	}
}

void tell_word(struct teller *teller, uint32_t word)
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

/* NULL: no memory. */
static struct known *find_key(struct teller *teller, enum place place, struct sl_slice key,
			      uint64_t hash)
{
	struct known *known = find(teller, hash);
	struct piece piece;

	if (SL_LIKELY(known != NULL))
		return known;
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

const unsigned told_needs = SL_NEED_TRACE_ID | SL_NEED_SPAN_ID | SL_NEED_PARENT_SPAN_ID |
			    SL_NEED_NAME | SL_NEED_SERVICE | SL_NEED_KIND | SL_NEED_STATUS |
			    SL_NEED_STATUS_MESSAGE | SL_NEED_TIMES | SL_NEED_ATTRIBUTES;

/* Never 0. */
static uint64_t hash_text(struct sl_slice text, uint64_t seed)
{
	return sl_text_hash(text, seed) | 1;
}

static uint64_t hash_number(uint64_t number, uint64_t seed)
{
	return sl_hash_mix(number ^ sl_hash_mix(seed)) | 1;
}

static uint64_t hash_value(struct teller *teller, const struct sl_value *value, uint64_t seed)
{
	seed += value->type;
	switch (value->type) {
	case SL_VALUE_STRING:
		return hash_text(value->text, seed);
	case SL_VALUE_INT:
		return hash_number((uint64_t)value->integer, seed);
	case SL_VALUE_BOOL:
		return hash_number(value->boolean, seed);
	default:
		render(teller, value);
		return hash_text(sl_buffer_slice(&teller->text), seed);
	}
}

/* Its number; NO_ITEM: no memory. */
static uint32_t add_value(struct teller *teller, struct known *key, const struct sl_value *value,
			  uint64_t hash)
{
	bool was_dropped = key->dropped, grown;
	struct piece piece;
	struct sl_slice text;
	struct known *known;

	render(teller, value);
	if (teller->text.len > VALUE_BYTES) {
		teller->text.len = VALUE_BYTES;
		sl_buffer_add_literal(&teller->text, "…");
	}
	text = sl_buffer_slice(&teller->text);
	if (text.data == NULL)
		return NO_ITEM;
	piece = piece_of(teller, PIECE_VALUE, text.len);
	piece.hash = hash;
	piece.key = key->number;
	piece.is_time = is_time(value);
	key->dropped = ++key->values > VALUES_OF_KEY || piece.is_time;
	tell(teller, &piece, text, SL_SLICE(""));
	grown = teller->grown;
	known = add(teller, hash);
	if (known == NULL)
		return NO_ITEM;
	/* the key stands elsewhere then, and nothing is undone one by one */
	if (grown == teller->grown) {
		teller->undo[teller->undo_count - 1].key = key;
		teller->undo[teller->undo_count - 1].was_dropped = was_dropped;
	}
	return known->number;
}

/* The value says that its key is there, too. */
static void tell_attribute(struct teller *teller, enum place place, struct sl_slice name,
			   const struct sl_value *value)
{
	uint64_t hash = hash_text(name, place);
	struct known *key = find_key(teller, place, name, hash);
	const struct known *known;

	if (key == NULL)
		return;
	if (key->dropped) {
		tell_word(teller, key->number);
		return;
	}
	hash = hash_value(teller, value, hash);
	known = find(teller, hash);
	tell_word(teller, known != NULL ? known->number : add_value(teller, key, value, hash));
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

void tell_attribute_of(struct teller *teller, bool in_event, struct sl_slice key,
		       const struct sl_value *value)
{
	tell_attribute(teller, in_event ? OF_EVENT : OF_SPAN, key, value);
}

void tell_event(struct teller *teller, struct sl_slice name)
{
	tell_text(teller, ITS_EVENT, SL_SLICE("name"), name);
}

static void tell_lists(struct teller *teller, const struct sl_span *span)
{
	for (size_t i = 0; i < span->event_count; i++) {
		tell_event(teller, span->events[i].name);
		tell_attributes(teller, OF_EVENT, span->events[i].attributes);
	}
	for (size_t i = 0; i < span->link_count; i++)
		tell_attributes(teller, OF_LINK, span->links[i].attributes);
}

/* The words from `first` on become one: a list of them. */
static uint32_t tell_list(struct teller *teller, size_t first)
{
	struct sl_slice words = { (const char *)(teller->words + first),
				  (teller->word_count - first) * sizeof(*teller->words) };
	uint64_t hash = hash_text(words, SEED_OF_LIST);
	struct known *known = find(teller, hash);
	struct piece piece = piece_of(teller, PIECE_LIST, words.len);

	if (known == NULL) {
		tell(teller, &piece, words, SL_SLICE(""));
		known = add(teller, hash);
	}
	if (known == NULL)
		return NO_ITEM;
	teller->word_count = first;
	tell_word(teller, known->number);
	return known->number;
}

/* Equal serials are equal in content, which is looked at once, if the two do not take turns with a
 * third whose serial falls into the same place. */
static struct origin *origin_of(struct teller *teller, uint64_t serial)
{
	return &teller->origins[sl_hash_mix(serial) % ORIGIN_COUNT];
}

/* NO_ITEM: its list is not known. */
static uint32_t tell_again(struct teller *teller, uint64_t serial)
{
	const struct origin *origin = origin_of(teller, serial);

	if (serial == 0 || origin->serial != serial)
		return NO_ITEM;
	tell_word(teller, origin->list);
	return origin->list;
}

static uint32_t tell_together(struct teller *teller, size_t first, uint64_t serial)
{
	struct origin *origin = origin_of(teller, serial);
	uint32_t list = tell_list(teller, first);

	if (list != NO_ITEM)
		*origin = (struct origin){ serial, list };
	return list;
}

uint32_t tell_resource(struct teller *teller, const struct sl_resource *resource)
{
	size_t first = teller->word_count;
	uint32_t list;

	if (resource->attributes.count == 0)
		return NO_ITEM;
	list = tell_again(teller, resource->serial);
	if (list != NO_ITEM)
		return list;
	tell_attributes(teller, OF_RESOURCE, resource->attributes);
	return tell_together(teller, first, resource->serial);
}

uint32_t tell_scope(struct teller *teller, const struct sl_scope *scope)
{
	size_t first = teller->word_count;
	uint32_t list;

	if (!scope->present)
		return NO_ITEM;
	list = tell_again(teller, scope->serial);
	if (list != NO_ITEM)
		return list;
	tell_text(teller, ITS_INSTRUMENTATION, SL_SLICE("name"), scope->name);
	tell_text(teller, ITS_INSTRUMENTATION, SL_SLICE("version"), scope->version);
	tell_attributes(teller, OF_INSTRUMENTATION, scope->attributes);
	return tell_together(teller, first, scope->serial);
}

void tell_whole(struct teller *teller, const struct sl_span *span)
{
	tell_attributes(teller, OF_SPAN, span->attributes);
	tell_lists(teller, span);
	(void)tell_resource(teller, span->resource);
	(void)tell_scope(teller, span->scope);
}

static uint32_t tell_operation(struct teller *teller, struct sl_operation_name name)
{
	uint64_t hash = hash_text(name.name, hash_text(name.service, SEED_OF_OPERATION));
	struct known *known = find(teller, hash);
	struct piece piece;

	if (SL_LIKELY(known != NULL))
		return known->number;
	piece = piece_of(teller, PIECE_OPERATION, name.service.len + name.name.len);
	piece.head = (uint32_t)name.service.len;
	tell(teller, &piece, name.service, name.name);
	known = add(teller, hash);
	return known != NULL ? known->number : 0;
}

static void tell_fact(struct teller *teller, const struct sl_span *span, const struct fact *fact)
{
	size_t words = fact->word_count * sizeof(*teller->words);
	struct piece piece = piece_of(teller, PIECE_SPAN,
				      span->trace_id.len + sizeof(*fact) + words + fact->id_len +
					      fact->parent_len);

	piece.head = (uint32_t)span->trace_id.len;
	tell(teller, &piece, span->trace_id,
	     (struct sl_slice){ (const char *)fact, sizeof(*fact) });
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

	size_t out_len = out->len;

	teller->out = out;
	teller->word_count = teller->undo_count = 0;
	teller->grown = false;
	if (teller->count >= WORD_LIMIT) {
		forget(teller);
		out_len = out->len;
	}
	fact.operation = tell_operation(teller, name);
	if (span->lazy == NULL)
		tell_whole(teller, span);
	else if (!tell_lazily(teller, span) && !sl_span_damaged(span))
		return sl_fail_memory(err);
	if (sl_span_damaged(span)) {
		take_back(teller, out_len);
		return out->failed ? sl_fail_memory(err) : SL_OK;
	}
	tell_text(teller, ITS_SPAN, SL_SLICE("statusMessage"), span->status_message);
	fact.word_count = (uint32_t)teller->word_count;
	tell_fact(teller, span, &fact);
	return teller->failed || out->failed ? sl_fail_memory(err) : SL_OK;
}

void teller_free(struct teller *teller)
{
	free(teller->known);
	free(teller->undo);
	free(teller->words);
	sl_buffer_free(&teller->text);
	memory_free(&teller->resources);
	memory_free(&teller->scopes);
	*teller = (struct teller){ 0 };
}
