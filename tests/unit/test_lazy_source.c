/* Inputs that are read lazily where they can be, against the same that are read in full: the same
 * spans come out, and the same is lost in the same places. */
#include "feed.h"
#include "tap.h"

/* '%' is a span line, '@' a request with one span, '&' a span line with a blank, '$' one with a
 * tab, which is read in full; the first is named "1", and so on. */
static const struct row {
	const char *title;
	const char *shape;
	const char *spans;
	const char *losses;
} rows[] = {
	{ "lines", "%\n%\n%\n", "1@shop 2@shop 3@shop ", "" },
	{ "no newline at the end", "%\n%", "1@shop 2@shop ", "" },
	{ "CRLF and blank lines", "\r\n%\r\n\r\n%\n \n\n%\n%\r\n\r\n",
	  "1@shop 2@shop 3@shop 4@shop ", "" },
	{ "requests between", "%\n@\n%\n%\n@\n", "1@shop 2@shop 3@shop 4@shop 5@shop ", "" },
	{ "other layouts between", "&\n%\n$\n&\n%\n", "1@shop 2@shop 3@shop 4@shop 5@shop ", "" },
	{ "other layouts in arrays", "[&,\n&\n,\n$]\n&\n", "1@shop 2@shop 3@shop 4@shop ", "" },
	{ "other layouts behind a request", "@&\n&\n", "1@shop 2@shop 3@shop ", "" },
	{ "other layouts and garbage", "&\noops\n&\n&\n\noops\n&", "1@shop 2@shop 3@shop 4@shop ",
	  "malformed@2 malformed@6" },
	{ "another layout that is cut", "&\n{\"span_id\": \"5b8efff\n&\n", "1@shop 2@shop ",
	  "malformed@2" },
	{ "lines in arrays", "[%,\n%\n,\n%]\n%\n", "1@shop 2@shop 3@shop 4@shop ", "" },
	{ "a request, and a line behind it", "@%\n%\n", "1@shop 2@shop 3@shop ", "" },
	{ "garbage between", "%\noops\n%\n%\n\noops\n%\n", "1@shop 2@shop 3@shop 4@shop ",
	  "malformed@2 malformed@6" },
	{ "garbage first and last", "what is this\n%\n%\noops", "1@shop 2@shop ",
	  "malformed@1 malformed@4" },
	{ "a line that is cut", "%\n{\"trace_id\":\"5b8efff\n%\n%\n", "1@shop 2@shop 3@shop ",
	  "malformed@2" },
	{ "the last line is cut", "%\n%\n{\"trace_id\":\"5b8efff", "1@shop 2@shop ",
	  "truncated@3" },
	{ "a document that ends in another line", "%\n{\"a\":{}\n}\n%\n", "1@shop 2@shop ", "" },
	{ "what does not end is damaged", "%\n^\n,\"x\":1}\n%\n", "1@shop 2@shop 3@shop ", "" },
};

static void put_line(struct sl_buffer *out, const char *name, const char *odd, const char *end)
{
	sl_buffer_printf(out,
			 "{\"trace_id\":\"5b8efff798038103d269b633813fc60c\","
			 "\"span_id\":\"eee19b7ec3c1b174\",%s\"name\":\"%s\",\"service\":\"shop\","
			 "\"status\":\"ok\",\"start\":\"1970-01-01T00:00:00.000000001Z\","
			 "\"duration_ms\":0.000001,\"start_unix_nano\":\"1\","
			 "\"end_unix_nano\":\"2\",\"scope\":{\"name\":\"net/http\"}%s",
			 odd, name, end);
}

static void put_shape(struct sl_buffer *out, const char *shape)
{
	char name[2] = "1";

	for (; *shape != '\0'; shape++) {
		if (*shape == '%')
			put_line(out, name, "", "}");
		else if (*shape == '&')
			put_line(out, name, " ", "}");
		else if (*shape == '$')
			put_line(out, name, "\t", "}");
		else if (*shape == '^')
			put_line(out, name, "", "");
		else if (*shape == '@')
			put_json_request(out, name, 0);
		else
			sl_buffer_add_byte(out, *shape);
		name[0] = (char)(name[0] + (strchr("%&$^@", *shape) != NULL));
	}
}

static void test_row(const struct row *row)
{
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO, .lazy = true };
	struct fed fed;
	bool same;

	put_shape(&bytes, row->shape);
	input.bytes = sl_buffer_slice(&bytes);
	fed = feed_all_ways(&input, &same);
	if (!ok(same && fed.status == SL_END && strcmp(fed.spans.data, row->spans) == 0 &&
			fed_lost(&fed, row->losses),
		"lazy: %s", row->title))
		fed_print(row->title, &fed);
	fed_free(&fed);
	input.lazy = false;
	fed = feed_all_ways(&input, &same);
	if (!ok(same && fed.status == SL_END && strcmp(fed.spans.data, row->spans) == 0 &&
			fed_lost(&fed, row->losses),
		"in full: %s", row->title))
		fed_print(row->title, &fed);
	fed_free(&fed);
	sl_buffer_free(&bytes);
}

/* Over several parcels, with losses now and then. */
static void test_many(void)
{
	enum { ROUNDS = 1500 };
	struct sl_buffer bytes = { .len = 0 };
	struct feed input = { .from = SL_FORMAT_AUTO, .lazy = true };
	struct fed lazy, full;

	for (size_t i = 0; i < ROUNDS; i++)
		put_shape(&bytes, i % 400 == 399 ? "%\n\n%\noops\n@\n%\n" : "%\n&\n$\n%\n%\n");
	input.bytes = sl_buffer_slice(&bytes);
	lazy = feed(&input, 0);
	input.lazy = false;
	full = feed(&input, 0);
	ok(bytes.len > (size_t)3 << 19 && fed_equal(&lazy, &full), "in several parcels");
	ok(fed_lost(&lazy, "malformed@1999 malformed@4000 malformed@6001"),
	   "lines are counted over parcels");
	/* all '%' and '&' */
	ok(lazy.lazy == 4 * (ROUNDS - 3) + 3 * 3 && full.lazy == 0,
	   "what is read in full does not keep the lines behind it from being read lazily");
	fed_free(&lazy);
	fed_free(&full);
	sl_buffer_free(&bytes);
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++)
		test_row(&rows[i]);
	test_many();
	return done_testing();
}
