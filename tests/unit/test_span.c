/* Attributes, values, builders, names and notes. */
#include "spanline/span.h"
#include "tap.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct sl_attribute item(const char *key, int64_t number)
{
	return (struct sl_attribute){ { key, strlen(key) },
				      { .type = SL_VALUE_INT, .integer = number } };
}

static void test_equality(void)
{
	struct sl_attribute a[] = { item("x", 1), item("y", 2), item("y", 2), item("z", 3) };
	struct sl_attribute b[] = { item("z", 3), item("y", 2), item("x", 1), item("y", 2) };
	struct sl_attribute c[] = { item("z", 3), item("z", 3), item("x", 1), item("y", 2) };
	struct sl_value left = { .type = SL_VALUE_ARRAY, .list = { a, 4 } };
	struct sl_value right = { .type = SL_VALUE_ARRAY, .list = { b, 4 } };
	struct sl_value nan = { .type = SL_VALUE_DOUBLE, .number = (double)NAN };
	struct sl_value zero = { .type = SL_VALUE_DOUBLE, .number = 0.0 };
	struct sl_value minus = { .type = SL_VALUE_DOUBLE, .number = -0.0 };
	struct sl_value integer = { .type = SL_VALUE_INT, .integer = 0 };

	ok(sl_attributes_equal((struct sl_attributes){ a, 4 }, (struct sl_attributes){ b, 4 }),
	   "attributes are equal in any order");
	ok(!sl_attributes_equal((struct sl_attributes){ a, 4 }, (struct sl_attributes){ c, 4 }),
	   "not with other multiplicities");
	ok(!sl_value_equal(&left, &right), "arrays have an order");
	left.type = right.type = SL_VALUE_KVLIST;
	ok(sl_value_equal(&left, &right), "maps have none");
	ok(sl_value_equal(&nan, &nan), "NaN equals NaN");
	ok(!sl_value_equal(&zero, &minus), "-0.0 is not 0.0");
	ok(!sl_value_equal(&zero, &integer), "0.0 is not 0");
}

static void test_service(void)
{
	struct sl_attribute one[] = { item("a", 1),
				      { SL_SLICE("service.name"),
					{ .type = SL_VALUE_STRING, .text = { "", 0 } } },
				      item("service.name", 1) };
	struct sl_resource resource = { .attributes = { one, 2 } };

	sl_resource_settle(&resource);
	ok(resource.service == &one[1], "an empty service.name is a service");
	resource.attributes.count = 3;
	sl_resource_settle(&resource);
	ok(resource.service == NULL, "two of them are none");
	resource.attributes.count = 2;
	one[1].value.text = SL_SLICE("\xff");
	sl_resource_settle(&resource);
	ok(resource.service == NULL, "nor one that is no UTF-8");
	one[1].value = (struct sl_value){ .type = SL_VALUE_INT, .integer = 3 };
	sl_resource_settle(&resource);
	ok(resource.service == NULL, "nor a number");
	ok(sl_attributes_find(resource.attributes, SL_SLICE("a"))->integer == 1, "a is found");
	ok(sl_attributes_find(resource.attributes, SL_SLICE("b")) == NULL, "b is not");
}

static void push(struct sl_builder *builder, const char *key, int number)
{
	struct sl_attribute *top = sl_builder_push(builder);

	if (top == NULL)
		abort();
	*top = item(key, number);
}

static void test_builder(void)
{
	struct sl_arena arena = { 0 };
	struct sl_builder builder = { .arena = &arena };
	struct sl_attributes inner, outer;

	for (int i = 0; i < 100; i++)
		push(&builder, "outer", i);
	for (int i = 0; i < 100; i++)
		push(&builder, "inner", i);
	ok(sl_builder_finish(&builder, 100, &inner) && inner.count == 100, "a nested list ends");
	push(&builder, "outer", 100);
	ok(sl_builder_finish(&builder, 0, &outer) && outer.count == 101, "then its parent");
	ok(inner.items[99].value.integer == 99 && outer.items[100].value.integer == 100,
	   "each has its own items");
	ok(sl_builder_finish(&builder, 0, &inner) && inner.count == 0, "an empty list");
	arena.limit_bytes = 1;
	for (int i = 0; i < 100000; i++)
		push(&builder, "x", i);
	ok(!sl_builder_finish(&builder, 0, &inner), "no more than the arena's limit");
	ok(builder.height == 0, "and the stack is empty then");
	sl_builder_free(&builder);
	sl_arena_free(&arena);
}

static void test_names(void)
{
	for (int32_t i = 0; i < SL_KIND_COUNT; i++) {
		const char *name = sl_kind_name(i);

		ok(sl_kind_parse((struct sl_slice){ name, strlen(name) }) == i, "kind %s", name);
	}
	for (int32_t i = 0; i < SL_STATUS_COUNT; i++) {
		const char *name = sl_status_name(i);

		ok(sl_status_parse((struct sl_slice){ name, strlen(name) }) == i, "status %s",
		   name);
	}
	ok(sl_kind_name(6) == NULL && sl_kind_name(-1) == NULL && sl_status_name(3) == NULL,
	   "other numbers have no name");
	ok(sl_kind_parse(SL_SLICE("Server")) == -1 && sl_kind_parse(SL_SLICE("")) == -1,
	   "other names have no number");
}

static bool is_loss(enum sl_note note)
{
	static const enum sl_note losses[] = {
		SL_NOTE_ENUM_UNKNOWN, SL_NOTE_BAD_NUMBER, SL_NOTE_BAD_FIELD,	SL_NOTE_NOT_OTLP,
		SL_NOTE_TOO_DEEP,     SL_NOTE_NO_START,	  SL_NOTE_LOST_PROCESS,
	};

	for (size_t i = 0; i < SL_COUNT(losses); i++)
		if (losses[i] == note)
			return true;
	return false;
}

/* Neither damage nor a departure: what a form of the output cannot hold, and what is left out of an
 * input that means it so. */
static bool is_told(enum sl_note note)
{
	static const enum sl_note told[] = {
		SL_NOTE_REPLACED_UTF8, SL_NOTE_DEEP_VALUE,	    SL_NOTE_JOINED_SPAN,
		SL_NOTE_SHARED_SPAN,   SL_NOTE_TRACE_WITHOUT_SPANS, SL_NOTE_ANNOTATION,
		SL_NOTE_LOG_LINE,
	};

	for (size_t i = 0; i < SL_COUNT(told); i++)
		if (told[i] == note)
			return true;
	return note >= SL_NOTE_LOST_TIME && note <= SL_NOTE_LOST_CONTROL;
}

static void test_notes(void)
{
	for (int i = 0; i < SL_NOTE_COUNT; i++) {
		enum sl_note note = (enum sl_note)i;
		const char *text = sl_note_text(note);

		ok(text != NULL && sl_note_text_of(note, 1) != NULL, "note %d says something", i);
		ok(sl_note_is_damage(note) == is_loss(note), "only losses are damage: %s", text);
		ok(sl_note_is_loss(note) ==
			   (note >= SL_NOTE_LOST_TIME && note <= SL_NOTE_LOST_CONTROL),
		   "the output's form is the reason: %s", text);
		ok(sl_note_is_departure(note) == !is_told(note),
		   "strict refuses all that is wrong with the input: %s", text);
	}
}

int main(void)
{
	test_equality();
	test_service();
	test_builder();
	test_names();
	test_notes();
	return done_testing();
}
