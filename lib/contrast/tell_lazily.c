/* Spans of which attributes are looked at where they stand: a scope or resource whose text was met
 * lately is not looked at again. */
#include "told.h"

/* One span. */
struct look {
	struct teller *teller;
	struct sl_slice service;
	const struct remembered *resource, *scope; /* or NULL: they are not known */
};

static void take_attribute(void *context, bool of_event, struct sl_slice key,
			   const struct sl_value *value)
{
	tell_attribute_of(((struct look *)context)->teller, of_event, key, value);
}

static void take_event(void *context, struct sl_slice name)
{
	tell_event(((struct look *)context)->teller, name);
}

static bool begins_with(struct sl_slice text, const char *start, size_t len)
{
	return len <= text.len && (len == 0 || memcmp(start, text.data, len) == 0);
}

/* What a resource has depends on its service, too, which is kept before its text. */
static bool is_known(const struct remembered *item, struct sl_slice service, struct sl_slice rest)
{
	size_t len = item->text.len - item->service_len;

	return item->text.len != 0 && (len == 0) == (rest.len == 0) &&
	       item->service_len == service.len &&
	       begins_with(rest, item->text.data + service.len, len) &&
	       begins_with(service, item->text.data, service.len);
}

/* What was met lately and begins `rest`, which is all of it if there is none; or NULL. */
static const struct remembered *recall(struct memory *memory, struct sl_slice service,
				       struct sl_slice rest)
{
	for (unsigned i = 0; i < REMEMBERED_COUNT; i++) {
		unsigned at = (memory->last + i) % REMEMBERED_COUNT;

		if (!is_known(&memory->items[at], service, rest))
			continue;
		memory->last = at;
		return &memory->items[at];
	}
	return NULL;
}

static size_t find_known(void *context, enum sl_owner owner, struct sl_slice rest)
{
	static const struct sl_slice no_service = { NULL, 0 };
	struct look *look = context;
	const struct remembered *found;

	if (owner == SL_OWNER_RESOURCE)
		found = look->resource = recall(&look->teller->resources, look->service, rest);
	else
		found = look->scope = recall(&look->teller->scopes, no_service, rest);
	return found != NULL ? found->text.len - found->service_len : 0;
}

static bool remember(struct memory *memory, struct sl_slice service, struct sl_slice text,
		     uint32_t list)
{
	struct remembered *item = &memory->items[memory->next];

	memory->last = memory->next;
	memory->next = (memory->next + 1) % REMEMBERED_COUNT;
	item->text.len = 0;
	sl_buffer_add_slice(&item->text, service);
	sl_buffer_add_slice(&item->text, text);
	item->service_len = service.len;
	item->list = list;
	return !item->text.failed;
}

static void tell_remembered(struct teller *teller, const struct remembered *item)
{
	if (item != NULL && item->list != NO_ITEM)
		tell_word(teller, item->list);
}

static uint64_t count_notes(const struct teller *teller)
{
	uint64_t count = 0;

	for (size_t i = 0; i < SL_NOTE_COUNT && teller->notes != NULL; i++)
		count += teller->notes->count[i];
	return count;
}

/* The scope and resource of the whole span; those that are not known are remembered, but for where
 * there is something to note: then it is noted in each line. */
static bool learn(struct look *look, const struct sl_visit *visit, const struct sl_span *whole,
		  bool noted)
{
	static const struct sl_slice no_service = { NULL, 0 };
	struct teller *teller = look->teller;
	uint32_t resource = tell_resource(teller, whole->resource);
	uint32_t scope = tell_scope(teller, whole->scope);

	if (noted)
		return true;
	return (look->resource != NULL || look->service.len + visit->resource.len == 0 ||
		remember(&teller->resources, look->service, visit->resource, resource)) &&
	       (look->scope != NULL || visit->scope.len == 0 ||
		remember(&teller->scopes, no_service, visit->scope, scope));
}

bool tell_lazily(struct teller *teller, const struct sl_span *span)
{
	struct look look = { .teller = teller, .service = sl_span_service(span) };
	struct sl_visit visit = { .attribute = take_attribute,
				  .event = take_event,
				  .known = find_known,
				  .context = &look };
	uint64_t notes = count_notes(teller);
	bool visited = span->lazy->visit(span, &visit);

	if (visited && visit.resource.len == 0 && look.service.len != 0)
		look.resource = recall(&teller->resources, look.service, visit.resource);
	if (visited && (look.resource != NULL || look.service.len + visit.resource.len == 0) &&
	    (look.scope != NULL || visit.scope.len == 0)) {
		tell_remembered(teller, look.resource);
		tell_remembered(teller, look.scope);
		return true;
	}
	span = sl_span_whole(span);
	if (span == NULL)
		return false;
	if (visited)
		return learn(&look, &visit, span, count_notes(teller) != notes);
	teller->word_count = 0;
	tell_whole(teller, span);
	return true;
}

void memory_forget(struct memory *memory)
{
	for (unsigned i = 0; i < REMEMBERED_COUNT; i++)
		memory->items[i].text.len = 0;
}

void memory_free(struct memory *memory)
{
	for (unsigned i = 0; i < REMEMBERED_COUNT; i++)
		sl_buffer_free(&memory->items[i].text);
}
