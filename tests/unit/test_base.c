/* Slices, arenas, buffers, arrays, hashes and the count of different strings. */
#include "spanline/base.h"
#include "tap.h"
#include <limits.h>
#include <stdlib.h>

static void test_slices(void)
{
	static const struct {
		struct sl_slice a, b;
		int order;
	} rows[] = {
		{ { NULL, 0 }, { NULL, 0 }, 0 },     { { NULL, 0 }, { "a", 1 }, -1 },
		{ { "a", 1 }, { "a", 1 }, 0 },	     { { "a", 1 }, { "ab", 2 }, -1 },
		{ { "b", 1 }, { "ab", 2 }, 1 },	     { { "a\0b", 3 }, { "a\0c", 3 }, -1 },
		{ { "\x80", 1 }, { "\x7f", 1 }, 1 },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		int order = sl_slice_compare(rows[i].a, rows[i].b);
		int back = sl_slice_compare(rows[i].b, rows[i].a);

		ok((order > 0) - (order < 0) == rows[i].order &&
			   (back > 0) - (back < 0) == -rows[i].order,
		   "order of pair %zu", i);
		ok(sl_slice_equal(rows[i].a, rows[i].b) == (rows[i].order == 0),
		   "equality of pair %zu", i);
	}
}

static void test_errors(void)
{
	struct sl_error err;
	char longer[2 * sizeof(err.text)];

	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	ok(sl_reject(&err, SL_TRUNCATED, 7, "after %d bytes", 3) == SL_BAD_RECORD &&
		   err.reason == SL_TRUNCATED && err.offset == 7 &&
		   strcmp(err.text, "after 3 bytes") == 0,
	   "a record is rejected with its reason and place");
	ok(sl_fail(&err, "%s", longer) == SL_FAILED && err.reason == SL_SYSTEM &&
		   err.offset == SL_NOWHERE && strlen(err.text) == sizeof(err.text) - 1,
	   "a failure is nowhere, and its text is cut where it is too long");
	ok(sl_fail_memory(&err) == SL_FAILED && err.text[0] != '\0', "memory fails with a text");
	for (unsigned i = 0; i < SL_REASON_COUNT; i++)
		ok(sl_reason_name((enum sl_reason)i) != NULL, "reason %u has a name", i);
}

/* Pieces of all sizes, each filled with a byte of its own: none runs into another. */
static void test_arena_pieces(void)
{
	enum { PIECES = 3000 };
	static unsigned char *pieces[PIECES];
	struct sl_arena arena = { 0 };
	bool aligned = true, whole = true;

	for (size_t i = 0; i < PIECES; i++) {
		pieces[i] = sl_arena_alloc(&arena, 1 + i % 97);
		if (pieces[i] == NULL)
			abort();
		aligned &= (uintptr_t)pieces[i] % 8 == 0;
		memset(pieces[i], (int)(i % 251), 1 + i % 97);
	}
	for (size_t i = 0; i < PIECES; i++)
		for (size_t byte = 0; byte < 1 + i % 97; byte++)
			whole &= pieces[i][byte] == i % 251;
	ok(aligned, "pieces are aligned");
	ok(whole, "pieces do not overlap");
	ok(sl_arena_alloc(&arena, SIZE_MAX) == NULL && sl_arena_alloc(&arena, SIZE_MAX - 8) == NULL,
	   "sizes that cannot be are refused");
	sl_arena_free(&arena);
	ok(arena.total_bytes == 0 && arena.blocks == NULL, "a freed arena holds nothing");
}

static void test_arena_trim(void)
{
	struct sl_arena arena = { 0 };
	char *first = sl_arena_alloc(&arena, 1000), *second, *far;

	if (first == NULL)
		abort();
	sl_arena_trim(&arena, first + 13);
	second = sl_arena_alloc(&arena, 8);
	ok(second == first + 16, "what was given back is used again");
	far = sl_arena_alloc(&arena, (size_t)1 << 20);
	if (far == NULL)
		abort();
	sl_arena_trim(&arena, second);
	second = sl_arena_alloc(&arena, 8);
	ok(second != NULL && (second < first || second > first + 1000),
	   "nothing is given back of an older block");
	sl_arena_free(&arena);
}

static void test_arena_reset(void)
{
	struct sl_arena arena = { 0 };
	size_t kept;
	void *first;

	for (int i = 0; i < 100; i++)
		if (sl_arena_alloc(&arena, 10000) == NULL)
			abort();
	sl_arena_reset(&arena);
	kept = arena.total_bytes;
	first = sl_arena_alloc(&arena, 16);
	ok(kept > 0 && kept < 1000000, "a reset keeps one block of many");
	sl_arena_reset(&arena);
	ok(sl_arena_alloc(&arena, 16) == first && arena.total_bytes == kept,
	   "the block that was kept is used again");
	if (sl_arena_alloc(&arena, (size_t)64 << 20) == NULL)
		abort();
	sl_arena_reset(&arena);
	ok(arena.total_bytes < (size_t)8 << 20, "an unusually large block is not kept");
	sl_arena_free(&arena);
	sl_arena_reset(&arena);
	ok(arena.blocks == NULL, "an empty arena can be reset");
}

static void test_arena_limit(void)
{
	static const size_t limit = 1 << 20;
	struct sl_arena arena = { .limit_bytes = limit };
	size_t taken = 0;
	struct sl_slice copy;

	ok(sl_arena_alloc(&arena, limit + 1) == NULL, "more than the limit at once");
	while (taken < 2 * limit && sl_arena_alloc(&arena, 1024) != NULL)
		taken += 1024;
	ok(taken > limit / 4 && taken <= limit && arena.total_bytes <= limit,
	   "a limit of %zu was reached at %zu", limit, taken);
	copy = sl_arena_copy(&arena, (struct sl_slice){ (const char *)&arena, sizeof(arena) });
	ok(copy.data == NULL || arena.total_bytes <= limit, "a copy keeps to the limit");
	sl_arena_reset(&arena);
	copy = sl_arena_copy(&arena, SL_SLICE("text"));
	ok(sl_slice_equal(copy, SL_SLICE("text")), "after a reset there is room again");
	copy = sl_arena_copy(&arena, (struct sl_slice){ NULL, 0 });
	ok(copy.data != NULL && copy.len == 0, "a copy of nothing is no failure");
	sl_arena_free(&arena);
}

static void test_buffer_growth(void)
{
	struct sl_buffer buffer = { 0 };
	bool same = true;

	sl_buffer_add(&buffer, NULL, 0);
	ok(buffer.len == 0 && !buffer.failed, "nothing is added to an empty buffer");
	for (unsigned i = 0; i < 10000; i++)
		sl_buffer_add_byte(&buffer, (char)(i % 127));
	sl_buffer_add(&buffer, NULL, 0);
	for (unsigned i = 0; i < 10000; i++)
		same &= buffer.data[i] == (char)(i % 127);
	ok(buffer.len == 10000 && same && !buffer.failed, "bytes are kept while a buffer grows");
	buffer.len = 0;
	sl_buffer_add_literal(&buffer, "a\0b");
	sl_buffer_add_slice(&buffer, SL_SLICE("-"));
	sl_buffer_printf(&buffer, "%s=%d", "x", 12);
	ok(sl_slice_equal(sl_buffer_slice(&buffer), SL_SLICE("a\0b-x=12")),
	   "literals, slices and formats are added");
	sl_buffer_free(&buffer);
	ok(buffer.data == NULL && buffer.len == 0 && buffer.capacity == 0,
	   "a freed buffer is empty");
}

static void test_buffer_limit(void)
{
	static const char text[1000];
	struct sl_buffer buffer = { .limit = sizeof(text) };

	sl_buffer_add(&buffer, text, sizeof(text) - 1);
	sl_buffer_add_byte(&buffer, 'x');
	ok(buffer.len == sizeof(text) && !buffer.failed, "a buffer can be filled to its limit");
	ok(buffer.capacity <= sizeof(text), "and holds no more memory");
	sl_buffer_add_byte(&buffer, 'x');
	ok(buffer.len == sizeof(text) && buffer.failed, "one byte more fails");
	buffer.len = 0;
	sl_buffer_add_byte(&buffer, 'x');
	ok(buffer.len == 0 && sl_buffer_reserve(&buffer, 1) == NULL, "the failure stays");
	sl_buffer_free(&buffer);
	sl_buffer_add_byte(&buffer, 'x');
	ok(buffer.len == 1 && !buffer.failed && buffer.limit == sizeof(text),
	   "until the buffer is freed, which keeps the limit");
	sl_buffer_printf(&buffer, "%2000d", 1);
	ok(buffer.len == 1 && buffer.failed, "a format over the limit adds nothing");
	sl_buffer_free(&buffer);
	ok(sl_buffer_reserve(&buffer, SIZE_MAX) == NULL && buffer.failed, "room that cannot be");
	sl_buffer_free(&buffer);
}

static void test_array(void)
{
	void *items = NULL;
	size_t capacity = 0, before;

	ok(sl_array_reserve(&items, &capacity, 1, 16) && capacity >= 1, "room for the first item");
	memset(items, 7, 16);
	before = capacity;
	ok(sl_array_reserve(&items, &capacity, before + 1, 16) && capacity >= 2 * before,
	   "an array at least doubles");
	ok(((char *)items)[15] == 7, "what was in it is kept");
	before = capacity;
	ok(sl_array_reserve(&items, &capacity, before, 16) && capacity == before,
	   "nothing is done where there is room");
	ok(!sl_array_reserve(&items, &capacity, SIZE_MAX, 16) &&
		   !sl_array_reserve(&items, &capacity, SIZE_MAX / 16 + 1, 16) &&
		   capacity == before && ((char *)items)[15] == 7,
	   "a size that cannot be leaves the array as it was");
	free(items);
}

static unsigned count_bits(uint64_t bits)
{
	unsigned count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

static void test_hash(void)
{
	char text[41] = "0123456789abcdefghijklmnopqrstuvwxyzABCD", copy[42];
	static const char zeros[40];
	unsigned least = 64, changed;
	bool by_length = true;

	memcpy(copy + 1, text, sizeof(text));
	ok(sl_hash64(text, 40, 1) == sl_hash64(copy + 1, 40, 1), "equal texts have one hash");
	ok(sl_hash64(text, 40, 1) != sl_hash64(text, 40, 2), "and another with another seed");
	for (size_t len = 0; len < sizeof(zeros); len++)
		by_length &= sl_hash64(zeros, len, 0) != sl_hash64(zeros, len + 1, 0);
	ok(by_length, "zeros of different lengths differ");
	for (size_t bit = 0; bit < 320; bit++) {
		uint64_t hash = sl_hash64(text, 40, 0);

		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		changed = count_bits(hash ^ sl_hash64(text, 40, 0));
		least = changed < least ? changed : least;
	}
	ok(least > 8, "each bit of the text changes many of the hash: at least %u", least);
}

static void test_ids(void)
{
	char text[24] = "0123456789abcdefghijklm", other[24];
	bool same = true, differ = true;

	for (size_t len = 0; len <= sizeof(text); len++) {
		struct sl_slice one = { text, len }, two = { other, len };

		memcpy(other, text, sizeof(text));
		same &= sl_id_equal(one, two) && sl_id_hash(one, 1) == sl_id_hash(two, 1);
		for (size_t i = 0; i < len; i++) {
			other[i] ^= 1;
			differ &=
				!sl_id_equal(one, two) && sl_id_hash(one, 1) != sl_id_hash(two, 1);
			other[i] ^= 1;
		}
		two.len++;
		differ &= !sl_id_equal(one, two);
	}
	ok(same, "ids of the same bytes are one, of whatever length");
	ok(differ, "and each of the bytes counts");
	ok(sl_id_hash((struct sl_slice){ text, 8 }, 1) !=
		   sl_id_hash((struct sl_slice){ text, 8 }, 2),
	   "their hash depends on the seed");
}

static void test_large(void)
{
	char *block = sl_alloc_large();

	ok(block != NULL && (uintptr_t)block % SL_LARGE_BYTES == 0, "a large block begins a page");
	if (block != NULL)
		memset(block, 1, SL_LARGE_BYTES);
	free(block);
}

static void add_numbers(struct sl_distinct *set, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		if (!sl_distinct_add(set, (struct sl_slice){ (const char *)&i, sizeof(i) }))
			abort();
}

static void test_distinct(void)
{
	struct sl_distinct set = { 0 }, other = { 0 };

	add_numbers(&set, 0, 50000);
	ok(set.count == 50000, "50,000 different items");
	add_numbers(&set, 10, 50000);
	ok(set.count == 50000, "none counts twice");
	ok(sl_distinct_add(&set, (struct sl_slice){ "", 0 }) && set.count == 50001 &&
		   sl_distinct_add(&set, (struct sl_slice){ NULL, 0 }) && set.count == 50001,
	   "the empty item counts once");
	add_numbers(&other, 40000, 70000);
	ok(sl_distinct_merge(&set, &other) && set.count == 70001 && other.count == 30000,
	   "two sets as one");
	ok(sl_distinct_has(&set, (struct sl_slice){ "", 0 }) &&
		   !sl_distinct_has(&other, (struct sl_slice){ "", 0 }),
	   "one has it, the other has not");
	sl_distinct_free(&other);
	ok(!sl_distinct_has(&other, (struct sl_slice){ "", 0 }), "an empty set has nothing");
	ok(sl_distinct_merge(&other, &set) && other.count == 70001, "into an empty set");
	ok((set.capacity & (set.capacity - 1)) == 0 && set.count < set.capacity,
	   "there is always a free slot");
	sl_distinct_free(&set);
	sl_distinct_free(&other);
	ok(other.count == 0 && other.slots == NULL, "a freed set is empty");
}

/* Of numbers with that hash, whether this one is found and how many there are. */
static bool finds(const struct sl_index *index, uint64_t hash, uint32_t wanted, size_t *count)
{
	uint32_t number;
	bool found = false;

	*count = 0;
	for (size_t at = 0; (number = sl_index_next(index, hash, &at)) != 0; (*count)++)
		found |= number == wanted;
	return found;
}

static void test_index(void)
{
	struct sl_index index = { 0 };
	bool good = true;
	size_t count;

	ok(!finds(&index, 7, 1, &count) && count == 0, "nothing is in an empty index");
	/* three of each hash, and all hashes wish for the same places */
	for (uint32_t i = 1; i <= 3000; i++)
		good = good && sl_index_add(&index, (uint64_t)(i % 1000) << 16, i);
	for (uint32_t i = 1; i <= 3000; i++)
		good = good && finds(&index, (uint64_t)(i % 1000) << 16, i, &count) && count == 3;
	ok(good && index.count == 3000, "all that was added is found by its hash alone");
	ok(!finds(&index, UINT64_C(1000) << 16, 1, &count) && count == 0,
	   "nothing is found by another");
	sl_index_free(&index);
	ok(index.slots == NULL && index.capacity == 0, "a freed index is empty");
}

static void test_orders(void)
{
	const unsigned at_most = SL_ORDER_LESS | SL_ORDER_EQUAL;

	ok(sl_order_is(at_most, -5) && sl_order_is(at_most, 0) && !sl_order_is(at_most, 5) &&
		   sl_order_is(SL_ORDER_GREATER, INT_MAX) && !sl_order_is(SL_ORDER_GREATER, 0),
	   "orders are those that were asked for");
}

int main(void)
{
	test_slices();
	test_errors();
	test_arena_pieces();
	test_arena_trim();
	test_arena_reset();
	test_arena_limit();
	test_buffer_growth();
	test_buffer_limit();
	test_array();
	test_hash();
	test_ids();
	test_large();
	test_distinct();
	test_index();
	test_orders();
	return done_testing();
}
