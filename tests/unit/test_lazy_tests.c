/* Lines that are passed over for what they hold: each is one that the query would not want. */
#include "lazy_oracles.h"
#include "lazy_tests.h"
#include "random_span.h"
#include "reordered.h"
#include <math.h>

struct wanted {
	struct sl_head_tests head;
	struct sl_attribute_test attribute;
	bool has_head, has_attribute;
};

struct outcomes {
	size_t passed, handed;
	bool good;
};

static bool is_wanted(const struct wanted *wanted, const struct sl_span *span)
{
	return (!wanted->has_head || head_passes(&wanted->head, span)) &&
	       (!wanted->has_attribute || attribute_passes(&wanted->attribute, span));
}

/* By one of the readers. */
static void judge_line(struct lazy_oracle *oracle, lazy_function *read, const struct wanted *wanted,
		       struct sl_slice line, struct outcomes *outcomes)
{
	enum line_lazy_outcome outcome = oracle_read(oracle, read, line.len);
	const struct sl_span *span;

	outcomes->passed += outcome == LAZY_PASSED;
	outcomes->handed += outcome == LAZY_SPAN;
	if (outcome != LAZY_PASSED || lines_read(&oracle->judge, line, &span) != SL_OK ||
	    !is_wanted(wanted, span))
		return;
	outcomes->good = false;
	printf("# passed over: %.*s\n", (int)line.len, line.data);
}

/* What they test is needed. */
static void judge_by(const struct wanted *wanted, struct sl_slice line, struct outcomes *outcomes)
{
	struct lazy_oracle oracle;

	oracle_open(&oracle, ORACLE_ALL, wanted->has_head ? &wanted->head : NULL,
		    wanted->has_attribute ? &wanted->attribute : NULL);
	if (oracle_take(&oracle, line)) {
		if (line.len > 13 && memcmp(line.data, LINE_LAZY_START, 13) == 0)
			judge_line(&oracle, line_lazy_read, wanted, line, outcomes);
		judge_line(&oracle, line_lazy_read_any, wanted, line, outcomes);
	}
	oracle_close(&oracle);
}

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

/* What the usual lines have, one each. */
static const struct wanted usually_wanted[] = {
	{ .head = { .name = { "POST /cart", 10 } } },
	{ .head = { .service = { "shop", 4 } } },
	{ .attribute = { .key = { "status_message", 14 },
			 .type = SL_VALUE_STRING,
			 .text = { "declined", 8 } } },
	{ .head = { .kinds = 1U << SL_KIND_SERVER } },
	{ .head = { .kinds = 1U << SL_KIND_UNSPECIFIED } },
	{ .head = { .statuses = 1U << SL_STATUS_ERROR } },
	{ .head = { .span_id = { true, 8, "\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74" } } },
	{ .head = { .parent_span_id = { true, 8, "\xee\xe1\x9b\x7e\xc3\xc1\xb1\x73" } } },
	{ .head = { .parent_span_id = { true, 0, "" } } },
	{ .head = { .trace_id = { true, 16,
				  "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6"
				  "\x0c" } } },
	{ .head = { .least_ns = 12345678 } },
	{ .head = { .least_ns = 12345679 } },
	{ .head = { .least_ns = 1000000 } },
	{ .head = { .least_ns = 1000000000 } },
	{ .head = { .most_ns = 12345678 } },
	{ .head = { .least_start_ns = UINT64_C(1744019112345678901) } },
	{ .head = { .most_start_ns = UINT64_C(1744019112345678901) } },
	{ .attribute = { .key = { "a.b", 3 },
			 .type = SL_VALUE_DOUBLE,
			 .least = 200,
			 .most = 200 } },
	{ .attribute = { .key = { "c", 1 }, .type = SL_VALUE_STRING, .text = { "text", 4 } } },
	{ .attribute = { .key = { "d", 1 }, .type = SL_VALUE_BOOL, .boolean = true } },
	{ .attribute = { .key = { "e", 1 }, .type = SL_VALUE_STRING, .text = { "x", 1 } } },
};

/* The parts that a row leaves out want anything. */
static struct wanted complete(const struct wanted *row)
{
	const struct sl_head_tests *none = &sl_head_tests_none;
	struct wanted wanted = *row;

	wanted.has_attribute = sl_attribute_tested(&row->attribute);
	wanted.has_head = !wanted.has_attribute;
	if (wanted.head.kinds == 0)
		wanted.head.kinds = none->kinds;
	if (wanted.head.statuses == 0)
		wanted.head.statuses = none->statuses;
	if (wanted.head.most_start_ns == 0)
		wanted.head.most_start_ns = none->most_start_ns;
	if (wanted.head.least_ns == 0)
		wanted.head.least_ns = none->least_ns;
	if (wanted.head.most_ns == 0)
		wanted.head.most_ns = none->most_ns;
	return wanted;
}

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
