/* Varints and the extent of fields. */
#include "tap.h"
#include "wire_text.h"

static void test_varints(void)
{
	static const struct {
		uint64_t number;
		const char *hex;
	} rows[] = {
		{ 0, "!00" },
		{ 1, "!01" },
		{ 127, "!7f" },
		{ 128, "!8001" },
		{ 300, "!ac02" },
		{ 16383, "!ff7f" },
		{ 16384, "!808001" },
		{ UINT32_MAX, "!ffffffff0f" },
		{ (uint64_t)1 << 63, "!80808080808080808001" },
		{ UINT64_MAX, "!ffffffffffffffffff01" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer bytes = { .data = NULL };
		char written[10];
		uint64_t number;

		put_message(&bytes, rows[i].hex);
		ok(sl_wire_write_varint(written, rows[i].number) == bytes.len &&
			   memcmp(written, bytes.data, bytes.len) == 0,
		   "%" PRIu64 " is written", rows[i].number);
		ok(sl_wire_read_varint(bytes.data, bytes.data + bytes.len, &number) == bytes.len &&
			   number == rows[i].number,
		   "and read");
		for (size_t len = 0; len < bytes.len; len++)
			ok(sl_wire_read_varint(bytes.data, bytes.data + len, &number) == 0,
			   "but not from %zu of its bytes", len);
		sl_buffer_free(&bytes);
	}
}

static void test_odd_varints(void)
{
	static const struct {
		const char *name, *hex;
		size_t size;
		uint64_t number;
	} rows[] = {
		{ "longer than it needs to be", "!8100", 2, 1 },
		{ "ten bytes for zero", "!80808080808080808000", 10, 0 },
		{ "bits behind the 64th are dropped", "!ffffffffffffffffff7f", 10, UINT64_MAX },
		{ "eleven bytes", "!8080808080808080808001", 0, 0 },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer bytes = { .data = NULL };
		uint64_t number;

		put_message(&bytes, rows[i].hex);
		size_t size = sl_wire_read_varint(bytes.data, bytes.data + bytes.len, &number);
		ok(size == rows[i].size && (size == 0 || number == rows[i].number), "%s",
		   rows[i].name);
		sl_buffer_free(&bytes);
	}
}

static void test_fields(void)
{
	enum { CUT = 0, ALL = 1000 };
	static const struct {
		const char *name, *text;
		size_t size; /* ALL: all of it */
		uint32_t number;
		unsigned wire_type;
		size_t payload;
	} rows[] = {
		{ "a varint", "6=300", ALL, 6, 0, 0 },
		{ "a fixed64", "7#300", ALL, 7, 1, 0 },
		{ "a fixed32", "16%300", ALL, 16, 5, 0 },
		{ "bytes", "1\"hello\"", ALL, 1, 2, 5 },
		{ "no bytes", "1\"\"", ALL, 1, 2, 0 },
		{ "only the first", "1\"a\" 2\"b\"", 3, 1, 2, 1 },
		{ "the largest number", "536870911=1", ALL, 536870911, 0, 0 },
		{ "a group", "5<1=1 2\"x\" 3<4%5> >", ALL, 5, 3, 0 },
		{ "an empty group", "5<>", ALL, 5, 3, 0 },
		{ "a tag longer than it needs to be", "!880001", ALL, 1, 0, 0 },
		{ "nothing", "", CUT, 0, 0, 0 },
		{ "half a tag", "!80", CUT, 0, 0, 0 },
		{ "a tag alone", "!08", CUT, 1, 0, 0 },
		{ "half a varint", "!08ff", CUT, 1, 0, 0 },
		{ "half a fixed64", "!3900000000", CUT, 7, 1, 0 },
		{ "half a fixed32", "!850100", CUT, 16, 5, 0 },
		{ "bytes without a length", "!0a", CUT, 1, 2, 0 },
		{ "half a length", "!0aff", CUT, 1, 2, 0 },
		{ "bytes that are not all there", "!0a056162", CUT, 1, 2, 2 },
		{ "a group without its end", "!2b0801", CUT, 5, 3, 0 },
		{ "field number 0", "!0001", SIZE_MAX, 0, 0, 0 },
		{ "field number 0 of bytes", "!020161", SIZE_MAX, 0, 2, 0 },
		{ "wire type 6", "!0e", SIZE_MAX, 1, 6, 0 },
		{ "wire type 7", "!0f", SIZE_MAX, 1, 7, 0 },
		{ "the end of no group", "!0c", SIZE_MAX, 1, 4, 0 },
		{ "the end of another group", "!2b34", SIZE_MAX, 5, 3, 0 },
		{ "the end of an outer group", "!2b332c34", SIZE_MAX, 5, 3, 0 },
		{ "no field in a group", "!2b0001", SIZE_MAX, 5, 3, 0 },
		{ "a number over 2^29", "!808080801001", SIZE_MAX, 0, 0, 0 },
		{ "a tag of eleven bytes", "!8080808080808080808001", SIZE_MAX, 0, 0, 0 },
		{ "a varint of eleven bytes", "!08 !8080808080808080808001", SIZE_MAX, 1, 0, 0 },
		{ "a length over 2 GiB", "!0a8080808008", SIZE_MAX, 1, 2, 0 },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer bytes = { .data = NULL };
		struct sl_slice payload;
		uint32_t number;
		unsigned wire_type;

		sl_buffer_reserve(&bytes, 1);
		put_message(&bytes, rows[i].text);
		size_t size = sl_wire_field(bytes.data, bytes.data + bytes.len, &number, &wire_type,
					    &payload);
		ok(size == (rows[i].size == ALL ? bytes.len : rows[i].size), "%s: size",
		   rows[i].name);
		ok(number == rows[i].number && wire_type == rows[i].wire_type, "%s: tag",
		   rows[i].name);
		ok(payload.len == rows[i].payload, "%s: payload", rows[i].name);
		sl_buffer_free(&bytes);
	}
}

/* Groups in groups, up to where protobuf itself stops. */
static void test_nested_groups(void)
{
	for (size_t depth = 99; depth <= 101; depth++) {
		struct sl_buffer bytes = { .data = NULL };
		struct sl_slice payload;
		uint32_t number;
		unsigned wire_type;

		for (size_t i = 0; i < depth; i++)
			sl_buffer_add_byte(&bytes, 0x0b);
		for (size_t i = 0; i < depth; i++)
			sl_buffer_add_byte(&bytes, 0x0c);
		size_t size = sl_wire_field(bytes.data, bytes.data + bytes.len, &number, &wire_type,
					    &payload);
		ok(size == (depth <= 100 ? bytes.len : SIZE_MAX), "%zu groups", depth);
		sl_buffer_free(&bytes);
	}
}

int main(void)
{
	test_varints();
	test_odd_varints();
	test_fields();
	test_nested_groups();
	return done_testing();
}
