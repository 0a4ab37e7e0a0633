/* Lines that are passed over: each is one that is not wanted, says the general reader. */
#ifndef FUZZ_LAZY_WANTED_H
#define FUZZ_LAZY_WANTED_H

#include "lazy_oracle.h"
#include "lazy_tests.h"

struct wanted {
	struct sl_head_tests head;
	struct sl_attribute_test attribute;
	bool has_head, has_attribute;
};

struct outcomes {
	size_t passed, handed;
	bool good;
};

static inline bool is_wanted(const struct wanted *wanted, const struct sl_span *span)
{
	return (!wanted->has_head || head_passes(&wanted->head, span)) &&
	       (!wanted->has_attribute || attribute_passes(&wanted->attribute, span));
}

/* By one of the readers. */
static inline void judge_line(struct lazy_oracle *oracle, lazy_function *read,
			      const struct wanted *wanted, struct sl_slice line,
			      struct outcomes *outcomes)
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

/* With what is needed: at least what is tested. */
static inline void judge_needs(unsigned needs, const struct wanted *wanted, struct sl_slice line,
			       struct outcomes *outcomes)
{
	struct lazy_oracle oracle;

	if (line.data == NULL || line.len == 0 || *line.data != '{')
		return;
	oracle_open(&oracle, needs, wanted->has_head ? &wanted->head : NULL,
		    wanted->has_attribute ? &wanted->attribute : NULL);
	if (oracle_take(&oracle, line)) {
		if (line.len > 13 && memcmp(line.data, LINE_LAZY_START, 13) == 0)
			judge_line(&oracle, line_lazy_read, wanted, line, outcomes);
		judge_line(&oracle, line_lazy_read_any, wanted, line, outcomes);
	}
	oracle_close(&oracle);
}

/* The tests of the times alone: nothing else is needed for them. */
static inline struct wanted times_of(const struct wanted *wanted)
{
	struct wanted times = { .head = sl_head_tests_none, .has_head = true };

	times.head.least_ns = wanted->head.least_ns;
	times.head.most_ns = wanted->head.most_ns;
	times.head.least_start_ns = wanted->head.least_start_ns;
	times.head.most_start_ns = wanted->head.most_start_ns;
	return times;
}

static inline void judge_by(const struct wanted *wanted, struct sl_slice line,
			    struct outcomes *outcomes)
{
	if (line.data == NULL || line.len == 0 || *line.data != '{')
		return;
	judge_needs(ORACLE_ALL, wanted, line, outcomes);
	if (wanted->has_head) {
		struct wanted times = times_of(wanted);

		judge_needs(SL_NEED_TIMES, &times, line, outcomes);
	}
}

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
	{ .head = { .least_ns = 30000000 } },
	{ .head = { .most_ns = 12345678 } },
	{ .head = { .most_ns = 12345677 } },
	{ .head = { .least_start_ns = UINT64_C(1744019112345678901) } },
	{ .head = { .least_start_ns = UINT64_C(1744019112345678902) } },
	{ .head = { .least_start_ns = UINT64_C(1744019112345679000) } },
	{ .head = { .least_start_ns = UINT64_C(1798761600000000000) } },
	{ .head = { .most_start_ns = UINT64_C(1744019112345678901) } },
	{ .head = { .most_start_ns = UINT64_C(1744019112345678900) } },
	{ .head = { .most_start_ns = UINT64_C(1744019112345677000) } },
	{ .attribute = { .key = { "a.b", 3 },
			 .type = SL_VALUE_DOUBLE,
			 .least = 200,
			 .most = 200 } },
	{ .attribute = { .key = { "c", 1 }, .type = SL_VALUE_STRING, .text = { "text", 4 } } },
	{ .attribute = { .key = { "d", 1 }, .type = SL_VALUE_BOOL, .boolean = true } },
	{ .attribute = { .key = { "e", 1 }, .type = SL_VALUE_STRING, .text = { "x", 1 } } },
};

/* The parts that a row leaves out want anything. */
static inline struct wanted complete(const struct wanted *row)
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

#endif
