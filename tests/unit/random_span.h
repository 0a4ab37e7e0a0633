/* Spans as nobody should send them, from a seed: every type of value at its extremes, keys that
 * repeat, text that is not UTF-8 or not safe to print, ids of wrong lengths. */
#ifndef RANDOM_SPAN_H
#define RANDOM_SPAN_H

#include "random.h"
#include "spanline/span.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

struct random_spans {
	uint64_t state; /* the seed, not 0 */
	struct sl_arena arena;
	uint64_t serial;
	struct sl_scope scope;
	struct sl_resource resource;
	struct sl_span span;
};

static inline uint64_t pick(struct random_spans *random, uint64_t limit)
{
	return (next_random(&random->state) >> 11) % limit;
}

static void *random_room(struct random_spans *random, size_t size)
{
	void *room = sl_arena_alloc(&random->arena, size == 0 ? 1 : size);

	if (room == NULL)
		abort();
	memset(room, 0, size);
	return room;
}

static struct sl_slice random_text(struct random_spans *random)
{
	static const struct sl_slice parts[] = {
		{ "", 0 },
		{ "a", 1 },
		{ "http.request.method", 19 },
		{ "a~b/c~1d", 8 },
		{ "\"\\/\b\f\n\r\t", 8 },
		{ "\0\x1b[31m\x7f", 7 },
		{ "\xc3\xa9t\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80", 17 },
		{ "\xc2\x9b\xe2\x80\xa8\xe2\x80\xae\xef\xbb\xbf", 11 },
		{ "\xff\xfe", 2 },
		{ "\xe2\x80", 2 },
		{ "\xef\xbf\xbd", 3 },
		{ "NaN", 3 },
		{ "0", 1 },
		{ "a text of more than thirty-two bytes, so that it fills blocks", 61 },
	};
	/* mostly the harmless ones */
	size_t kinds = pick(random, 4) == 0 ? sizeof(parts) / sizeof(parts[0]) : 5;
	size_t count = 1 + pick(random, 3), len = 0;
	char *text = random_room(random, count * 64);

	for (size_t i = 0; i < count; i++) {
		struct sl_slice part = parts[pick(random, kinds)];

		memcpy(text + len, part.data, part.len);
		len += part.len;
	}
	return (struct sl_slice){ text, len };
}

static int64_t random_integer(struct random_spans *random)
{
	static const int64_t extremes[] = {
		0,
		1,
		-1,
		200,
		INT64_MAX,
		INT64_MIN,
		INT64_MAX - 1,
		INT64_MIN + 1,
		INT64_C(9007199254740991),
		INT64_C(9007199254740992),
		INT64_C(9007199254740993),
		-INT64_C(9007199254740992),
		-INT64_C(9007199254740993),
		INT64_C(1000000000000000000),
	};

	if (pick(random, 3) == 0)
		return (int64_t)next_random(&random->state) >> pick(random, 64);
	return extremes[pick(random, sizeof(extremes) / sizeof(extremes[0]))];
}

static double random_double(struct random_spans *random)
{
	static const double extremes[] = {
		0.0,
		-0.0,
		1.0,
		-1.0,
		0.1,
		42.5,
		1e21,
		1e22,
		1e-7,
		5e-324,
		-5e-324,
		DBL_MAX,
		-DBL_MAX,
		DBL_MIN,
		0x1p53,
		0x1p53 + 2,
		0x1p63,
		-0x1p63,
		0x1.0000000000001p63,
		0x1p64,
		4503599627370495.5,
		123456789012345680.0,
		(double)NAN,
		(double)INFINITY,
		-(double)INFINITY,
	};
	uint64_t bits = next_random(&random->state);
	double number;

	if (pick(random, 3) != 0)
		return extremes[pick(random, sizeof(extremes) / sizeof(extremes[0]))];
	memcpy(&number, &bits, sizeof(number));
	return number;
}

static struct sl_attributes random_list(struct random_spans *random, unsigned depth, bool keys);

static struct sl_value random_value(struct random_spans *random, unsigned depth)
{
	struct sl_value value = { .type = (enum sl_value_type)pick(random, SL_VALUE_BYTES + 1) };

	if (depth == 0 && (value.type == SL_VALUE_ARRAY || value.type == SL_VALUE_KVLIST))
		value.type = SL_VALUE_STRING;
	switch (value.type) {
	case SL_VALUE_EMPTY:
		break;
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		value.text = random_text(random);
		break;
	case SL_VALUE_BOOL:
		value.boolean = pick(random, 2) != 0;
		break;
	case SL_VALUE_INT:
		value.integer = random_integer(random);
		break;
	case SL_VALUE_DOUBLE:
		value.number = random_double(random);
		break;
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		value.list = random_list(random, depth - 1, value.type == SL_VALUE_KVLIST);
		break;
	}
	return value;
}

static struct sl_attributes random_list(struct random_spans *random, unsigned depth, bool keys)
{
	size_t count = pick(random, 20) == 0 ? 10 + pick(random, 40) : pick(random, 6);
	bool repeats = pick(random, 6) == 0;
	struct sl_attribute *items = random_room(random, count * sizeof(*items));

	for (size_t i = 0; i < count; i++) {
		items[i].value = random_value(random, depth);
		if (!keys)
			continue;
		items[i].key = random_text(random);
		if (!repeats) {
			/* two digits make it unlike the others */
			char *text = random_room(random, items[i].key.len + 2);

			memcpy(text, items[i].key.data, items[i].key.len);
			text[items[i].key.len] = (char)('0' + i / 10);
			text[items[i].key.len + 1] = (char)('0' + i % 10);
			items[i].key = (struct sl_slice){ text, items[i].key.len + 2 };
		}
	}
	return (struct sl_attributes){ items, count };
}

static struct sl_slice random_id(struct random_spans *random, size_t size)
{
	static const size_t odd_sizes[] = { 0, 1, 3, 40 };
	char *id;

	if (pick(random, 8) == 0)
		size = odd_sizes[pick(random, 4)];
	id = random_room(random, size);
	if (pick(random, 16) != 0)
		for (size_t i = 0; i < size; i++)
			id[i] = (char)pick(random, 256);
	return (struct sl_slice){ id, size };
}

static uint64_t random_time(struct random_spans *random)
{
	static const uint64_t extremes[] = {
		0, 1, 999999999, 1000000000, UINT64_MAX, UINT64_MAX - 1, UINT64_C(1) << 63,
	};

	if (pick(random, 4) == 0)
		return extremes[pick(random, sizeof(extremes) / sizeof(extremes[0]))];
	return UINT64_C(1744019112345678901) + pick(random, 4) * 1000000000 + pick(random, 1000000);
}

static uint32_t random_count(struct random_spans *random)
{
	return pick(random, 3) == 0 ? (uint32_t)(next_random(&random->state) >> pick(random, 60))
				    : 0;
}

static int32_t random_enum(struct random_spans *random)
{
	return pick(random, 10) == 0 ? (int32_t)next_random(&random->state)
				     : (int32_t)pick(random, 7);
}

static void random_events(struct random_spans *random, struct sl_span *span)
{
	span->event_count = pick(random, 3) == 0 ? pick(random, 4) : 0;
	span->events = random_room(random, span->event_count * sizeof(*span->events));
	for (size_t i = 0; i < span->event_count; i++)
		span->events[i] = (struct sl_event){
			.time_unix_nano = random_time(random),
			.name = random_text(random),
			.attributes = random_list(random, 2, true),
			.dropped_attributes_count = random_count(random),
		};
}

static void random_links(struct random_spans *random, struct sl_span *span)
{
	span->link_count = pick(random, 3) == 0 ? pick(random, 4) : 0;
	span->links = random_room(random, span->link_count * sizeof(*span->links));
	for (size_t i = 0; i < span->link_count; i++)
		span->links[i] = (struct sl_link){
			.trace_id = random_id(random, 16),
			.span_id = random_id(random, 8),
			.trace_state = random_text(random),
			.attributes = random_list(random, 2, true),
			.dropped_attributes_count = random_count(random),
			.flags = random_count(random),
		};
}

static struct sl_slice *random_texts(struct random_spans *random, size_t count)
{
	struct sl_slice *texts = random_room(random, count * sizeof(*texts));

	for (size_t i = 0; i < count; i++)
		texts[i] = random_text(random);
	return texts;
}

static void random_entity_refs(struct random_spans *random, struct sl_resource *resource)
{
	size_t count = pick(random, 3) == 0 ? pick(random, 3) : 0;
	struct sl_entity_ref *refs = random_room(random, count * sizeof(*refs));

	for (size_t i = 0; i < count; i++) {
		struct sl_entity_ref *ref = &refs[i];

		ref->schema_url = random_text(random);
		ref->type = random_text(random);
		ref->id_key_count = pick(random, 3);
		ref->id_keys = random_texts(random, ref->id_key_count);
		ref->description_key_count = pick(random, 3);
		ref->description_keys = random_texts(random, ref->description_key_count);
	}
	resource->entity_refs = refs;
	resource->entity_ref_count = count;
}

/* Some of them services by name, once or twice, of any type. */
static void random_resource(struct random_spans *random, struct sl_resource *resource)
{
	*resource = (struct sl_resource){ .serial = ++random->serial };
	if (pick(random, 2) == 0)
		resource->schema_url = random_text(random);
	resource->present = pick(random, 4) != 0;
	if (resource->present && pick(random, 4) != 0) {
		resource->attributes = random_list(random, 2, true);
		resource->dropped_attributes_count = random_count(random);
		random_entity_refs(random, resource);
		for (size_t i = 0; i < resource->attributes.count && pick(random, 2) == 0; i++) {
			struct sl_attribute *item = &resource->attributes.items[i];

			item->key = SL_SLICE("service.name");
			if (pick(random, 4) != 0)
				item->value = (struct sl_value){ .type = SL_VALUE_STRING,
								 .text = random_text(random) };
		}
	}
	sl_resource_settle(resource);
}

static void random_scope(struct random_spans *random, struct sl_scope *scope)
{
	*scope = (struct sl_scope){ .serial = ++random->serial };
	if (pick(random, 2) == 0)
		scope->schema_url = random_text(random);
	scope->present = pick(random, 4) != 0;
	if (!scope->present || pick(random, 4) == 0)
		return;
	scope->name = random_text(random);
	scope->version = random_text(random);
	scope->attributes = random_list(random, 2, true);
	scope->dropped_attributes_count = random_count(random);
}

/* Borrowed until the next. */
static const struct sl_span *random_span(struct random_spans *random)
{
	struct sl_span *span = &random->span;

	sl_arena_reset(&random->arena);
	random_scope(random, &random->scope);
	random_resource(random, &random->resource);
	*span = (struct sl_span){
		.trace_id = random_id(random, 16),
		.span_id = random_id(random, 8),
		.name = random_text(random),
		.kind = random_enum(random),
		.status_code = random_enum(random),
		.start_unix_nano = random_time(random),
		.end_unix_nano = random_time(random),
		.flags = random_count(random),
		.dropped_attributes_count = random_count(random),
		.dropped_events_count = random_count(random),
		.dropped_links_count = random_count(random),
		.attributes = random_list(random, 4, true),
		.scope = &random->scope,
		.resource = &random->resource,
	};
	if (pick(random, 2) == 0)
		span->parent_span_id = random_id(random, 8);
	if (pick(random, 4) == 0)
		span->trace_state = random_text(random);
	if (pick(random, 4) == 0)
		span->status_message = random_text(random);
	random_events(random, span);
	random_links(random, span);
	return span;
}

#endif
