/*
 * Scopes and resources.  Thousands of spans have the same few, and writers know them by their
 * serials: what was made of a text is found again by that text, also for the next traces.
 */
#include "foreign.h"
#include <stdlib.h>

enum {
	FIRST_SLOTS = 64,
	/* more is forgotten at the next record */
	KEPT_ORIGINS = 4096,
	KEPT_BYTES = 4 * 1024 * 1024,
};

void origins_start(struct origins *origins)
{
	if (origins->count <= KEPT_ORIGINS && origins->arena.total_bytes <= KEPT_BYTES)
		return;
	free(origins->slots);
	origins->slots = NULL;
	origins->count = origins->capacity = 0;
	sl_arena_free(&origins->arena);
}

void origins_free(struct origins *origins)
{
	free(origins->slots);
	sl_arena_free(&origins->arena);
}

uint64_t foreign_serial(struct sl_foreign_reader *reader)
{
	return ++reader->origins.last_serial | SL_SERIAL_OF_FOREIGN;
}

/* Where what was made of the text is, or would be. */
static struct origin *slot_of(struct origins *origins, const struct origin *wanted)
{
	size_t at = (size_t)wanted->hash & (origins->capacity - 1);

	for (;; at = (at + 1) & (origins->capacity - 1)) {
		struct origin *slot = &origins->slots[at];

		if (slot->kind == ORIGIN_NONE ||
		    (slot->hash == wanted->hash && slot->kind == wanted->kind &&
		     sl_slice_equal(slot->text, wanted->text)))
			return slot;
	}
}

static bool grow(struct origins *origins)
{
	struct origins larger = { .capacity = origins->capacity != 0 ? 2 * origins->capacity
								     : FIRST_SLOTS };

	if (2 * origins->count < origins->capacity)
		return true;
	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (larger.slots == NULL)
		return false;
	for (size_t i = 0; i < origins->capacity; i++)
		if (origins->slots[i].kind != ORIGIN_NONE)
			*slot_of(&larger, &origins->slots[i]) = origins->slots[i];
	free(origins->slots);
	origins->slots = larger.slots;
	origins->capacity = larger.capacity;
	return true;
}

struct origin *foreign_origin(struct sl_foreign_reader *reader, enum origin_kind kind,
			      struct sl_slice text)
{
	struct origins *origins = &reader->origins;
	struct origin wanted = { sl_hash64(text.data, text.len, kind), kind, text, NULL };
	struct origin *origin;
	char *copy;

	if (!grow(origins)) {
		sl_cursor_memory(&reader->cursor);
		return NULL;
	}
	origin = slot_of(origins, &wanted);
	if (origin->kind != ORIGIN_NONE)
		return origin;
	copy = sl_arena_alloc(&origins->arena, text.len + SL_PADDING);
	if (copy == NULL) {
		sl_cursor_memory(&reader->cursor);
		return NULL;
	}
	memcpy(copy, text.data, text.len);
	memset(copy + text.len, 0, SL_PADDING);
	wanted.text.data = copy;
	*origin = wanted;
	origins->count++;
	return origin;
}

/* Room for what is made of an origin; NULL: out of memory, the cursor has the fault. */
static void *alloc_made(struct sl_foreign_reader *reader, size_t size)
{
	void *made = sl_arena_alloc(&reader->origins.arena, size);

	if (made == NULL)
		sl_cursor_memory(&reader->cursor);
	return made;
}

const struct sl_scope *foreign_scope(struct sl_foreign_reader *reader, struct sl_slice name,
				     struct sl_slice version)
{
	struct sl_scope *scope;
	struct origin *origin;
	size_t len = sizeof(name.len) + name.len + version.len;
	char *key;

	if (name.len == 0 && version.len == 0)
		return &reader->no_scope;
	key = sl_arena_alloc(&reader->arena, len);
	if (key == NULL) {
		sl_cursor_memory(&reader->cursor);
		return NULL;
	}
	memcpy(key, &name.len, sizeof(name.len));
	if (name.len != 0)
		memcpy(key + sizeof(name.len), name.data, name.len);
	if (version.len != 0)
		memcpy(key + sizeof(name.len) + name.len, version.data, version.len);
	origin = foreign_origin(reader, ORIGIN_SCOPE, (struct sl_slice){ key, len });
	if (origin == NULL || origin->made != NULL)
		return origin != NULL ? origin->made : NULL;
	scope = alloc_made(reader, sizeof(*scope));
	if (scope == NULL)
		return NULL;
	*scope = (struct sl_scope){
		.serial = foreign_serial(reader),
		.present = true,
		.name = { origin->text.data + sizeof(name.len), name.len },
		.version = { origin->text.data + sizeof(name.len) + name.len, version.len },
	};
	origin->made = scope;
	return scope;
}

const struct sl_resource *foreign_service(struct sl_foreign_reader *reader, struct sl_slice name)
{
	struct sl_attribute *attribute;
	struct sl_resource *resource;
	struct origin *origin;

	if (name.len == 0)
		return &reader->no_resource;
	origin = foreign_origin(reader, ORIGIN_SERVICE, name);
	if (origin == NULL || origin->made != NULL)
		return origin != NULL ? origin->made : NULL;
	resource = sl_arena_alloc(&reader->origins.arena, sizeof(*resource));
	attribute = sl_arena_alloc(&reader->origins.arena, sizeof(*attribute));
	if (resource == NULL || attribute == NULL) {
		sl_cursor_memory(&reader->cursor);
		return NULL;
	}
	attribute->key = SL_SLICE("service.name");
	attribute->value = foreign_string(origin->text);
	*resource = (struct sl_resource){ .serial = foreign_serial(reader),
					  .present = true,
					  .attributes = { attribute, 1 } };
	sl_resource_settle(resource);
	origin->made = resource;
	return resource;
}

/* The copy of the text is read, so that all that is made of it lasts as long; what was read before
 * is given. */
static struct sl_cursor enter_text(struct sl_foreign_reader *reader, struct sl_slice text)
{
	struct sl_cursor *cursor = &reader->cursor, outer = *cursor;

	cursor->begin = cursor->at = text.data;
	cursor->end = text.data + text.len;
	cursor->fault = SL_FAULT_NONE;
	cursor->arena = reader->builder.arena = &reader->origins.arena;
	return outer;
}

static bool leave_text(struct sl_foreign_reader *reader, struct sl_cursor outer, bool made)
{
	struct sl_cursor *cursor = &reader->cursor;

	reader->builder.arena = &reader->arena;
	if (!made && cursor->fault != SL_FAULT_MEMORY)
		made = sl_cursor_note(&outer, SL_NOTE_BAD_FIELD, outer.at);
	else if (!made)
		sl_cursor_memory(&outer);
	*cursor = outer;
	return made;
}

const struct sl_resource *foreign_resource(struct sl_foreign_reader *reader, struct sl_slice text,
					   bool (*make)(struct sl_foreign_reader *reader,
							struct sl_resource *resource))
{
	struct origin *origin = foreign_origin(reader, ORIGIN_RESOURCE, text);
	struct sl_resource *resource;
	struct sl_cursor outer;

	if (origin == NULL || origin->made != NULL)
		return origin != NULL ? origin->made : NULL;
	resource = alloc_made(reader, sizeof(*resource));
	if (resource == NULL)
		return NULL;
	*resource = (struct sl_resource){ .present = true };
	outer = enter_text(reader, origin->text);
	if (!leave_text(reader, outer, make(reader, resource)))
		return NULL;
	resource->serial = foreign_serial(reader);
	sl_resource_settle(resource);
	origin->made = resource;
	return resource;
}

const struct sl_scope *foreign_made_scope(struct sl_foreign_reader *reader, struct sl_slice text,
					  bool (*make)(struct sl_foreign_reader *reader,
						       struct sl_scope *scope))
{
	struct origin *origin = foreign_origin(reader, ORIGIN_MADE_SCOPE, text);
	struct sl_scope *scope;
	struct sl_cursor outer;

	if (origin == NULL || origin->made != NULL)
		return origin != NULL ? origin->made : NULL;
	scope = alloc_made(reader, sizeof(*scope));
	if (scope == NULL)
		return NULL;
	*scope = (struct sl_scope){ .present = true };
	outer = enter_text(reader, origin->text);
	if (!leave_text(reader, outer, make(reader, scope)))
		return NULL;
	scope->serial = foreign_serial(reader);
	origin->made = scope;
	return scope;
}
