/* Lines that are passed over for what they hold: each is one that the query would not want. */
#include "../fuzz/lazy_wanted.h"
#include "lazy_oracles.h"
#include "random_span.h"
#include "reordered.h"
#include <math.h>

static bool is_plain(struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == '"' ||
		    text.data[i] == '\\')
			return false;
	return sl_utf8_valid(text);
}

static bool is_plain_key(struct sl_slice key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.data[i] > 0x7e)
			return false;
	return key.len > 0 && is_plain(key) && (unsigned char)key.data[0] < 0x7f &&
	       !sl_slice_equal(key, SL_SLICE("service.name"));
}

static void want_text(struct random_spans *random, struct sl_slice *wanted, struct sl_slice text)
{
	if (pick(random, 6) == 0 && is_plain(text))
		*wanted = text.data != NULL ? text : SL_SLICE("");
	else if (pick(random, 40) == 0)
		*wanted = SL_SLICE("another");
}

static void want_id(struct random_spans *random, struct sl_id_test *wanted, struct sl_slice id)
{
	if (pick(random, 8) != 0 || id.len > sizeof(wanted->bytes))
		return;
	wanted->wanted = true;
	wanted->size = (unsigned char)id.len;
	if (id.len > 0)
		memcpy(wanted->bytes, id.data, id.len);
	if (pick(random, 4) == 0)
		wanted->bytes[0] ^= 1;
}

static void want_number(struct random_spans *random, uint32_t *wanted, int32_t number)
{
	if (pick(random, 6) == 0 && number >= 0 && number < 6)
		*wanted = pick(random, 3) == 0 ? ~(1U << number) : 1U << number;
}

/* Mostly what the span has, or nearly. */
static void want_head(struct random_spans *random, struct wanted *wanted,
		      const struct sl_span *span)
{
	struct sl_head_tests *head = &wanted->head;
	int64_t ns = sl_span_duration_ns(span), off = (int64_t)pick(random, 3) - 1;

	*head = sl_head_tests_none;
	wanted->has_head = pick(random, 4) != 0;
	want_id(random, &head->trace_id, span->trace_id);
	want_id(random, &head->span_id, span->span_id);
	want_id(random, &head->parent_span_id, span->parent_span_id);
	want_text(random, &head->name, span->name);
	want_text(random, &head->service, sl_span_service(span));
	want_number(random, &head->kinds, span->kind);
	want_number(random, &head->statuses, span->status_code);
	if (pick(random, 4) == 0 && ns > INT64_MIN && ns < INT64_MAX)
		head->least_ns = ns + off;
	if (pick(random, 8) == 0 && ns > INT64_MIN && ns < INT64_MAX)
		head->most_ns = ns + off;
	if (pick(random, 8) == 0)
		head->least_start_ns = span->start_unix_nano + (pick(random, 3) == 0);
	if (pick(random, 8) == 0)
		head->most_start_ns = span->start_unix_nano - (pick(random, 3) == 0);
}

static void want_value(struct random_spans *random, struct sl_attribute_test *test,
		       const struct sl_value *value)
{
	double number = value->type == SL_VALUE_INT ? (double)value->integer : value->number;

	test->type = SL_VALUE_EMPTY;
	if (value->type == SL_VALUE_STRING && is_plain(value->text)) {
		test->type = SL_VALUE_STRING;
		test->text = value->text.len > 0 ? value->text : SL_SLICE("");
	} else if (value->type == SL_VALUE_BOOL) {
		test->type = SL_VALUE_BOOL;
		test->boolean = value->boolean != (pick(random, 4) == 0);
	} else if (value->type == SL_VALUE_INT ||
		   (value->type == SL_VALUE_DOUBLE && !isnan(number))) {
		test->type = SL_VALUE_DOUBLE;
		number += pick(random, 3) == 0;
		test->least = pick(random, 3) == 0 ? -HUGE_VAL : number;
		test->most = pick(random, 3) == 0 ? HUGE_VAL : number;
	}
}

static void want_attribute(struct random_spans *random, struct wanted *wanted,
			   struct sl_attributes list)
{
	const struct sl_attribute *item;
	const struct sl_value *value;

	wanted->attribute = (struct sl_attribute_test){ .type = SL_VALUE_EMPTY };
	wanted->has_attribute = list.count > 0;
	if (list.count == 0)
		return;
	item = &list.items[pick(random, list.count)];
	value = &item->value;
	if (value->type == SL_VALUE_ARRAY && value->list.count > 0)
		value = &value->list.items[pick(random, value->list.count)].value;
	want_value(random, &wanted->attribute, value);
	if (is_plain_key(item->key))
		wanted->attribute.key = item->key;
	else if (wanted->attribute.type != SL_VALUE_STRING || wanted->attribute.text.len < 2)
		wanted->has_attribute = false;
}

/* A field, as if it were an attribute. */
static void want_message(struct wanted *wanted, const struct sl_span *span)
{
	wanted->has_attribute = span->status_message.len > 0 && is_plain(span->status_message);
	wanted->attribute = (struct sl_attribute_test){ .key = SL_SLICE("status_message"),
							.type = SL_VALUE_STRING,
							.text = span->status_message };
}

static void want_of(struct random_spans *random, struct wanted *wanted, const struct sl_span *span)
{
	struct sl_attributes list = span->attributes;

	if (pick(random, 3) == 0)
		list = span->resource->attributes;
	else if (pick(random, 4) == 0 && span->event_count > 0)
		list = span->events[0].attributes;
	want_head(random, wanted, span);
	want_attribute(random, wanted, list);
	if (pick(random, 4) == 0)
		want_message(wanted, span);
	if (pick(random, 2) == 0)
		wanted->has_attribute = false;
}

/* Each random span is asked for what it has, or nearly has. */
static void test_random_spans(void)
{
	enum { ROUNDS = 12000 };
	struct random_spans random = { .state = 11 };
	struct sl_buffer out = { .len = 0 }, other = { .len = 0 };
	struct outcomes outcomes = { .good = true };
	struct sl_line_writer *writer;
	struct sl_error err;
	uint64_t state = 5;

	if (sl_line_writer_open(&writer, &err) != SL_OK)
		abort();
	for (size_t i = 0; i < ROUNDS && outcomes.good; i++) {
		const struct sl_span *span = random_span(&random);
		struct wanted wanted;

		want_of(&random, &wanted, span);
		out.len = other.len = 0;
		sl_line_write(writer, span, &out);
		out.len--;
		reorder(&other, sl_buffer_slice(&out), &state);
		judge_by(&wanted, sl_buffer_slice(&out), &outcomes);
		judge_by(&wanted, sl_buffer_slice(&other), &outcomes);
	}
	ok(outcomes.good, "no random span that is wanted is passed over");
	ok(outcomes.passed > ROUNDS / 12 && outcomes.handed > ROUNDS / 50,
	   "%zu are passed over, %zu handed out", outcomes.passed, outcomes.handed);
	sl_line_writer_close(writer);
	sl_arena_free(&random.arena);
	sl_buffer_free(&out);
	sl_buffer_free(&other);
}

#define ATTRIBUTES ",\"attributes\":{\"a.b\":200,\"c\":\"text\",\"d\":true,\"e\":[1.5,\"x\"]}"

static const char *const usual[] = {
	HEAD STATUS TIMES ATTRIBUTES RESOURCE,
	IDS ",\"name\":\"POST /cart\",\"service\":\"shop\",\"status\":\"unset\"" TIMES RESOURCE,
	"{\"resource\":{\"attributes\":{\"a.b\":201}}" ATTRIBUTES STATUS TIMES
	",\"name\":\"POST /cart\",\"service\":\"shop\",\"kind\":\"server\","
	"\"span_id\":\"eee19b7ec3c1b174\",\"trace_id\":\"5b8efff798038103d269b633813fc60c\"}",
};

/* Other bytes in every place, too: a wanted line stays one whose other parts are changed. */
static void test_mutations(void)
{
	static const char bytes[] = "\"\\}{,:0z9";

	for (size_t row = 0; row < SL_COUNT(usually_wanted); row++) {
		struct wanted wanted = complete(&usually_wanted[row]);
		struct outcomes outcomes = { .good = true };

		for (size_t line = 0; line < SL_COUNT(usual); line++) {
			char text[1024];
			size_t len = strlen(usual[line]);

			for (size_t at = 0; at < len; at++) {
				memcpy(text, usual[line], len);
				text[at] = bytes[(at + row) % (sizeof(bytes) - 1)];
				judge_by(&wanted, (struct sl_slice){ text, len }, &outcomes);
			}
		}
		ok(outcomes.good && outcomes.passed > 0 && outcomes.handed > 0,
		   "row %zu: %zu lines are passed over, %zu are not", row, outcomes.passed,
		   outcomes.handed);
	}
}

int main(void)
{
	test_random_spans();
	test_mutations();
	return done_testing();
}
