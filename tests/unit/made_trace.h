/* Traces for tests, made span by span. */
#ifndef MADE_TRACE_H
#define MADE_TRACE_H

#include "spanline/trace.h"
#include <stdio.h>
#include <stdlib.h>

enum { MADE_ATTRIBUTES = 8 };

struct made_span {
	struct sl_span span;
	char id[8], parent_id[8];
	struct sl_attribute attributes[MADE_ATTRIBUTES];
	struct sl_attribute service;
	struct sl_resource resource;
	struct sl_attribute exception[2];
	struct sl_event event;
};

struct made {
	struct made_span **items; /* each by itself, so that they stay where they are */
	size_t count, capacity;
	const struct sl_span **spans;
	struct sl_arena arena;
	struct sl_trace trace;
};

static void *made_room(void *room)
{
	if (room == NULL)
		abort();
	return room;
}

static void made_id(char id[8], uint64_t number)
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		id[i] = (char)number;
}

__attribute__((unused)) static struct sl_slice made_text(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

/* A span with that id; 0 as a parent is none. */
__attribute__((unused)) static struct made_span *
made_add(struct made *made, uint64_t id, uint64_t parent, uint64_t start, uint64_t end)
{
	struct made_span *item = made_room(calloc(1, sizeof(*item)));

	if (made->count == made->capacity) {
		made->capacity = made->capacity * 2 + 16;
		made->items =
			made_room(realloc(made->items, made->capacity * sizeof(*made->items)));
	}
	made->items[made->count++] = item;
	made_id(item->id, id);
	made_id(item->parent_id, parent);
	item->span = sl_span_empty;
	item->span.trace_id = SL_SLICE("0123456789abcdef");
	item->span.span_id = (struct sl_slice){ item->id, sizeof(item->id) };
	if (parent != 0)
		item->span.parent_span_id =
			(struct sl_slice){ item->parent_id, sizeof(item->parent_id) };
	item->span.start_unix_nano = start;
	item->span.end_unix_nano = end;
	item->span.attributes.items = item->attributes;
	return item;
}

__attribute__((unused)) static void made_serve(struct made_span *item, const char *service)
{
	item->service.key = SL_SLICE("service.name");
	item->service.value.type = SL_VALUE_STRING;
	item->service.value.text = made_text(service);
	item->resource.attributes = (struct sl_attributes){ &item->service, 1 };
	item->resource.present = true;
	item->resource.service = &item->service;
	item->span.resource = &item->resource;
}

/* The tree of the spans; again after more were added. */
__attribute__((unused)) static void made_build(struct made *made)
{
	struct sl_error err;

	sl_arena_reset(&made->arena);
	made->spans = made_room(realloc(made->spans, made->count * sizeof(*made->spans)));
	for (size_t i = 0; i < made->count; i++)
		made->spans[i] = &made->items[i]->span;
	if (sl_trace_build(&made->trace, made->spans, made->count, &made->arena, &err) != SL_OK)
		abort();
}

/* An attribute; the texts are borrowed. */
__attribute__((unused)) static void made_text_attribute(struct made_span *item, const char *key,
							const char *text)
{
	struct sl_attribute *attribute = &item->attributes[item->span.attributes.count++];

	if (item->span.attributes.count > MADE_ATTRIBUTES)
		abort();
	attribute->key = made_text(key);
	attribute->value.type = SL_VALUE_STRING;
	attribute->value.text = made_text(text);
}

__attribute__((unused)) static void made_number_attribute(struct made_span *item, const char *key,
							  int64_t number)
{
	made_text_attribute(item, key, "");
	item->attributes[item->span.attributes.count - 1].value.type = SL_VALUE_INT;
	item->attributes[item->span.attributes.count - 1].value.integer = number;
}

__attribute__((unused)) static void made_exception(struct made_span *item, const char *type,
						   const char *message)
{
	item->exception[0].key = SL_SLICE("exception.type");
	item->exception[0].value.type = SL_VALUE_STRING;
	item->exception[0].value.text = made_text(type);
	item->exception[1].key = SL_SLICE("exception.message");
	item->exception[1].value.type = SL_VALUE_STRING;
	item->exception[1].value.text = made_text(message);
	item->event.name = SL_SLICE("exception");
	item->event.attributes = (struct sl_attributes){ item->exception, 2 };
	item->span.events = &item->event;
	item->span.event_count = 1;
}

__attribute__((unused)) static void made_free(struct made *made)
{
	for (size_t i = 0; i < made->count; i++)
		free(made->items[i]);
	free(made->items);
	free(made->spans);
	sl_arena_free(&made->arena);
	*made = (struct made){ 0 };
}

#endif
