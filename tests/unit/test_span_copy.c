/* Copies of spans: equal when what they were made from has gone, scopes and resources shared. */
#include "../fuzz/same_span.h"
#include "random_span.h"
#include "tap.h"
#include <stdlib.h>

static ptrdiff_t service_place(const struct sl_resource *resource)
{
	return resource->service != NULL ? resource->service - resource->attributes.items : -1;
}

static bool equal_resource(const struct sl_resource *a, const struct sl_resource *b)
{
	return same_resource(a, b) && service_place(a) == service_place(b);
}

static bool equal_span(const struct sl_span *a, const struct sl_span *b)
{
	return same_span(a, b) && sl_slice_equal(a->attributes_text, b->attributes_text) &&
	       sl_slice_equal(a->line, b->line) && equal_resource(a->resource, b->resource);
}

/* The originals' memory is given back before the copies are looked at; the same seed gives the same
 * spans once more to compare with. */
static void test_equal_and_independent(void)
{
	enum { MANY = 500 };
	static const struct sl_span *copies[MANY];
	struct random_spans first = { .state = 11 }, again = { .state = 11 };
	struct sl_arena arena = { 0 };
	struct sl_span_copier copier = { .arena = &arena };
	size_t equal = 0;

	for (size_t i = 0; i < MANY; i++) {
		struct sl_span span = *random_span(&first);

		if (i % 2 != 0) {
			span.line = span.name;
			span.attributes_text = span.trace_state;
		}
		copies[i] = sl_span_copy(&copier, &span);
	}
	sl_arena_free(&first.arena);
	memset(&first.scope, 0xff, sizeof(first.scope));
	memset(&first.resource, 0xff, sizeof(first.resource));
	for (size_t i = 0; i < MANY; i++) {
		struct sl_span span = *random_span(&again);

		if (i % 2 != 0) {
			span.line = span.name;
			span.attributes_text = span.trace_state;
		}
		equal += copies[i] != NULL && equal_span(&span, copies[i]);
	}
	ok(equal == MANY, "%zu of %d copies are equal to spans that are gone", equal, MANY);
	sl_arena_free(&again.arena);
	sl_arena_free(&arena);
}

static void test_sharing(void)
{
	enum { MANY = 300 };
	static const struct sl_span *copies[2 * MANY];
	static char texts[MANY][16];
	struct sl_arena arena = { 0 };
	struct sl_span_copier copier = { .arena = &arena };
	struct sl_span span = sl_span_empty;
	size_t shared = 0, different = 0;

	for (uint64_t i = 0; i < 2 * (uint64_t)MANY; i++) {
		struct sl_attribute item = { .key = SL_SLICE("key") };
		struct sl_resource resource = { .serial = i + 1, .attributes = { &item, 1 } };
		struct sl_scope scope = { .serial = i + 1 };
		char *text = texts[i % MANY];

		snprintf(text, sizeof(texts[0]), "text %d", (int)(i % MANY));
		item.value = (struct sl_value){ .type = SL_VALUE_STRING,
						.text = { text, strlen(text) } };
		scope.name = item.value.text;
		span.resource = &resource;
		span.scope = &scope;
		copies[i] = sl_span_copy(&copier, &span);
		if (copies[i] == NULL)
			abort();
	}
	for (size_t i = 0; i < MANY; i++) {
		const struct sl_slice text = { texts[i], strlen(texts[i]) };

		shared += copies[i]->resource == copies[i + MANY]->resource &&
			  copies[i]->scope == copies[i + MANY]->scope;
		different +=
			sl_slice_equal(copies[i]->resource->attributes.items[0].value.text, text) &&
			sl_slice_equal(copies[i]->scope->name, text);
	}
	ok(shared == MANY, "equal ones share their copy: %zu of %d", shared, MANY);
	ok(different == MANY, "others have their own: %zu of %d", different, MANY);
	sl_arena_free(&arena);
}

/* Nearly equal ones, each unlike those before it in one place. */
static void test_differences(void)
{
	struct sl_attribute inner[] = { { .key = SL_SLICE("a") }, { .key = SL_SLICE("b") } };
	struct sl_attribute turned[] = { inner[1], inner[0] };
	struct sl_attribute map = { .key = SL_SLICE("map"),
				    .value = { .type = SL_VALUE_KVLIST, .list = { inner, 2 } } };
	struct sl_attribute other = { .key = SL_SLICE("map"),
				      .value = { .type = SL_VALUE_KVLIST, .list = { turned, 2 } } };
	struct sl_entity_ref ref = { .type = SL_SLICE("host") };
	const struct sl_resource rows[] = {
		{ .present = false },
		{ .present = true },
		{ .present = true, .schema_url = SL_SLICE("url") },
		{ .present = true, .dropped_attributes_count = 1 },
		{ .present = true, .attributes = { &map, 1 } },
		{ .present = true, .attributes = { &other, 1 } },
		{ .present = true, .entity_refs = &ref, .entity_ref_count = 1 },
	};
	const struct sl_span *copies[SL_COUNT(rows)];
	struct sl_arena arena = { 0 };
	struct sl_span_copier copier = { .arena = &arena };

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_span span = sl_span_empty;
		size_t equal = 0;

		span.resource = &rows[i];
		copies[i] = sl_span_copy(&copier, &span);
		if (copies[i] == NULL)
			break;
		for (size_t k = 0; k < i; k++)
			equal += copies[k]->resource == copies[i]->resource;
		ok(equal == 0 && equal_resource(&rows[i], copies[i]->resource),
		   "resource %zu is like no other", i);
	}
	sl_arena_free(&arena);
}

static void test_lasting(void)
{
	static const char bytes[] = "name and other text";
	struct sl_arena arena = { 0 };
	struct sl_span_copier copier = { .arena = &arena, .lasting = { bytes, 8 } };
	struct sl_span span = sl_span_empty;
	const struct sl_span *one, *two;

	span.trace_id = SL_SLICE("0123456789abcdef");
	span.name = (struct sl_slice){ bytes, 4 };
	span.status_message = (struct sl_slice){ bytes + 5, 4 };
	span.line = (struct sl_slice){ bytes + 5, 3 };
	one = sl_span_copy(&copier, &span);
	two = sl_span_copy(&copier, &span);
	if (one == NULL || two == NULL) {
		ok(false, "copied");
		sl_arena_free(&arena);
		return;
	}
	ok(one->name.data == bytes && one->line.data == bytes + 5, "what lasts is not copied");
	ok(one->status_message.data != bytes + 5 &&
		   sl_slice_equal(one->status_message, span.status_message),
	   "what goes beyond it is");
	ok(two->trace_id.data == one->trace_id.data && one->trace_id.data != span.trace_id.data,
	   "one trace id for all");
	sl_arena_free(&arena);
}

static const struct sl_span *give_whole(const struct sl_span *span)
{
	static struct sl_span whole;

	whole = *span;
	whole.name = SL_SLICE("looked at");
	return &whole;
}

static const struct sl_span *give_nothing(const struct sl_span *span)
{
	(void)span;
	return NULL;
}

static void test_lazy(void)
{
	const struct sl_lazy good = { .whole = give_whole }, damaged = { .whole = give_nothing };
	struct sl_arena arena = { 0 };
	struct sl_span_copier copier = { .arena = &arena };
	struct sl_span span = sl_span_empty;
	const struct sl_span *copy;

	span.lazy = &good;
	copy = sl_span_copy(&copier, &span);
	ok(copy != NULL && copy->lazy == NULL && sl_slice_equal(copy->name, SL_SLICE("looked at")),
	   "a span that was not looked at is copied whole");
	span.lazy = &damaged;
	ok(sl_span_copy(&copier, &span) == NULL, "one that is damaged there is not");
	sl_arena_free(&arena);
}

/* Every place where memory may end. */
static void test_limits(void)
{
	struct random_spans random = { .state = 5 };
	const struct sl_span *span = random_span(&random);
	size_t refused = 0;

	while (span->event_count == 0 || span->link_count == 0 ||
	       span->resource->entity_ref_count == 0)
		span = random_span(&random);
	for (size_t limit = 8;; limit += 8) {
		struct sl_arena arena = { .limit_bytes = limit };
		struct sl_span_copier copier = { .arena = &arena };
		bool copied = sl_span_copy(&copier, span) != NULL;

		sl_arena_free(&arena);
		if (copied)
			break;
		refused++;
	}
	ok(refused > 100, "refused under every limit that is too small: %zu", refused);
	sl_arena_free(&random.arena);
}

int main(void)
{
	test_equal_and_independent();
	test_sharing();
	test_differences();
	test_lasting();
	test_lazy();
	test_limits();
	return done_testing();
}
