/* Choosing without queries: times, ids, parts and samples. */
#include "spanline/select.h"
#include "spanline/text.h"
#include "tap.h"
#include <stdlib.h>

#define NOON UINT64_C(1795262400000000000) /* 2026-11-21T12:00:00Z */
#define S    UINT64_C(1000000000)

static struct sl_slice slice(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static const struct {
	const char *text;
	bool good;
	uint64_t ns;
} times[] = {
	{ "2026-11-21T12:00:00Z", true, NOON },
	{ "2026-11-21T12:00:00", true, NOON },
	{ "2026-11-21 12:00:00.5", true, NOON + S / 2 },
	{ "2026-11-21T12:00", true, NOON },
	{ "2026-11-21T14:00:00+02:00", true, NOON },
	{ "2026-11-21", true, NOON - 43200 * S },
	{ "12:00", true, NOON },
	{ "12:00:05", true, NOON + 5 * S },
	{ "00:00", true, NOON - 43200 * S },
	{ "now", true, NOON + 7 * S },
	{ "now-5m", true, NOON - 293 * S },
	{ "now+1h30m", true, NOON + 5407 * S },
	{ "now-100000000h", false, 0 },
	{ "now-9000000000s", true, 0 },
	{ "now-", false, 0 },
	{ "now5m", false, 0 },
	{ "now-5", false, 0 },
	{ "5m", false, 0 },
	{ "24:00", false, 0 },
	{ "1:00", false, 0 },
	{ "2026-13-01", false, 0 },
	{ "", false, 0 },
	{ "yesterday", false, 0 },
};

static void test_when(void)
{
	for (size_t i = 0; i < SL_COUNT(times); i++) {
		uint64_t ns = 0;
		bool good = sl_parse_when(slice(times[i].text), NOON + 7 * S, &ns);

		ok(good == times[i].good && (!good || ns == times[i].ns), "time '%s'",
		   times[i].text);
	}
}

static const struct {
	const char *text;
	bool good;
	uint64_t threshold;
} parts[] = {
	{ "100%", true, 0 },
	{ "1", true, 0 },
	{ "50%", true, UINT64_C(1) << 55 },
	{ "0.5", true, UINT64_C(1) << 55 },
	{ "1/2", true, UINT64_C(1) << 55 },
	{ "1/4", true, UINT64_C(3) << 54 },
	{ "25e-2", true, UINT64_C(3) << 54 },
	{ "0", false, 0 },
	{ "0%", false, 0 },
	{ "101%", false, 0 },
	{ "1.5", false, 0 },
	{ "3/2", false, 0 },
	{ "1/0", false, 0 },
	{ "-5%", false, 0 },
	{ "1e-30", false, 0 },
	{ "half", false, 0 },
	{ "", false, 0 },
	{ "%", false, 0 },
	{ "/", false, 0 },
};

static void test_probability(void)
{
	for (size_t i = 0; i < SL_COUNT(parts); i++) {
		uint64_t threshold = 0;
		bool good = sl_parse_probability(slice(parts[i].text), &threshold);

		ok(good == parts[i].good && (!good || threshold == parts[i].threshold),
		   "probability '%s'", parts[i].text);
	}
}

/* The trace id ends in `random`, 14 hex digits. */
static const struct {
	const char *what, *random, *state;
	uint64_t threshold;
	enum sl_sample sample;
	const char *marked;
} samples[] = {
	{ "below the threshold", "7fffffffffffff", "", UINT64_C(1) << 55, SL_SAMPLE_OUT, NULL },
	{ "at the threshold", "80000000000000", "", UINT64_C(1) << 55, SL_SAMPLE_MARKED,
	  "ot=th:8" },
	{ "all stay, and it is said", "00000000000000", "", 0, SL_SAMPLE_MARKED, "ot=th:0" },
	{ "1 in 3", "ffffffffffffff", "", UINT64_C(0xaaab0000000000), SL_SAMPLE_MARKED,
	  "ot=th:aaab" },
	{ "1 in 100", "fd70a000000000", "", UINT64_C(0xfd70a000000000), SL_SAMPLE_MARKED,
	  "ot=th:fd70a" },
	{ "a higher one stays", "f0000000000000", "ot=th:c", UINT64_C(1) << 55, SL_SAMPLE_AS_IT_IS,
	  NULL },
	{ "an equal one stays", "f0000000000000", "a=b,ot=th:8", UINT64_C(1) << 55,
	  SL_SAMPLE_AS_IT_IS, NULL },
	{ "a lower one is raised", "f0000000000000", "ot=th:4", UINT64_C(1) << 55, SL_SAMPLE_MARKED,
	  "ot=th:8" },
	{ "others stay behind it", "f0000000000000", "a=b, ot=rv:f0000000000000;th:4;x:y , c=d",
	  UINT64_C(1) << 55, SL_SAMPLE_MARKED, "ot=th:8;rv:f0000000000000;x:y,a=b,c=d" },
	{ "rv decides", "00000000000000", "ot=rv:80000000000000", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "ot=th:8;rv:80000000000000" },
	{ "rv against", "ffffffffffffff", "ot=rv:7fffffffffffff", UINT64_C(1) << 55, SL_SAMPLE_OUT,
	  NULL },
	{ "rv of 13 digits is none", "ffffffffffffff", "ot=rv:7ffffffffffff", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "ot=th:8;rv:7ffffffffffff" },
	{ "th against the randomness goes", "90000000000000", "ot=th:c;x:y", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "ot=x:y" },
	{ "and takes its member along", "90000000000000", "ot=th:c,a=b", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "a=b" },
	{ "upper-case is no threshold", "f0000000000000", "ot=th:C", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "ot=th:8" },
	{ "15 digits are none", "f0000000000000", "ot=th:c00000000000000", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "ot=th:8" },
	{ "another vendor's member", "f0000000000000", "hot=th:c", UINT64_C(1) << 55,
	  SL_SAMPLE_MARKED, "ot=th:8,hot=th:c" },
};

static void test_sample(void)
{
	struct sl_buffer state = { 0 };

	for (size_t i = 0; i < SL_COUNT(samples); i++) {
		char hex[33], id[16];
		struct sl_span span = sl_span_empty;

		snprintf(hex, sizeof(hex), "0123456789abcdef01%s", samples[i].random);
		ok(sl_parse_hex((struct sl_slice){ hex, 32 }, id), "an id");
		span.trace_id = (struct sl_slice){ id, 16 };
		span.trace_state = slice(samples[i].state);
		enum sl_sample sample = sl_sample(samples[i].threshold, &span, &state);
		ok(sample == samples[i].sample &&
			   (sample != SL_SAMPLE_MARKED ||
			    sl_slice_equal(sl_buffer_slice(&state), slice(samples[i].marked))),
		   "sample: %s: '%.*s'", samples[i].what, (int)state.len,
		   state.len != 0 ? state.data : "");
	}
	sl_buffer_free(&state);
}

/* Vectors of FNV-1a, 64 bits: the empty text, "a" and "foobar". */
static void test_shard(void)
{
	ok(sl_shard_of(slice(""), UINT64_MAX) == UINT64_C(0xcbf29ce484222325), "FNV-1a of nothing");
	ok(sl_shard_of(slice("a"), UINT64_MAX) == UINT64_C(0xaf63dc4c8601ec8c), "FNV-1a of a");
	ok(sl_shard_of(slice("foobar"), UINT64_MAX) == UINT64_C(0x85944171f73967e8),
	   "FNV-1a of foobar");
	ok(sl_shard_of(slice("foobar"), 1000) == UINT64_C(0x85944171f73967e8) % 1000, "modulo");
}

static bool has(const struct sl_id_list *list, const char *hex)
{
	char id[32];

	return sl_parse_hex(slice(hex), id) &&
	       sl_id_list_has(list, (struct sl_slice){ id, strlen(hex) / 2 });
}

static void test_ids(void)
{
	struct sl_id_list list = { 0 };
	struct sl_error err;

	ok(!has(&list, "0123456789abcdef0123456789abcdef"), "nothing is in an empty list");
	ok(sl_id_list_add(&list, slice("0123456789abcdef0123456789abcdef"), &err) == SL_OK &&
		   sl_id_list_add(&list, slice("ABC"), &err) == SL_OK &&
		   sl_id_list_add(&list, slice("abcd"), &err) == SL_OK &&
		   sl_id_list_add(&list, slice("f"), &err) == SL_OK,
	   "ids are added");
	sl_id_list_sort(&list);
	ok(list.count == 3, "one that another begins goes");
	ok(has(&list, "0123456789abcdef0123456789abcdef"), "a whole id");
	ok(!has(&list, "0123456789abcdef0123456789abcdee"), "a neighbour of it");
	ok(has(&list, "abc00000000000000000000000000000"), "by its start, in either case");
	ok(has(&list, "abcdffffffffffffffffffffffffffff"), "by the shorter of two");
	ok(!has(&list, "abb00000000000000000000000000000"), "another start");
	ok(has(&list, "ff"), "a short id");
	ok(!has(&list, "01"), "an id shorter than the start that is asked for");
	ok(!has(&list, ""), "no id");
	ok(has(&list, "0000000000000000abc0000000000000"), "one of 64 bits by 16 digits");
	ok(has(&list, "00000000000000000000000000000abc"), "one of 64 bits without its zeros");
	ok(!has(&list, "000000000000000000000000000000ab"), "less than was asked for");
	ok(!has(&list, "0000000000000001abc0000000000000"), "no zeros, no 64 bits");
	ok(!has(&list, "0000000000000000100000000000000f"), "not in the middle of its digits");
	ok(!has(&list, "00000000000000000000000000000000"), "an id of zeros alone");
	ok(sl_id_list_add(&list, slice("xyz"), &err) == SL_BAD_RECORD, "not hex");
	ok(sl_id_list_add(&list, slice(""), &err) == SL_BAD_RECORD, "nothing");
	ok(sl_id_list_add(&list, slice("0123456789abcdef0123456789abcdef0"), &err) == SL_BAD_RECORD,
	   "too long");
	sl_id_list_free(&list);
}

int main(void)
{
	test_when();
	test_probability();
	test_sample();
	test_shard();
	test_ids();
	return done_testing();
}
