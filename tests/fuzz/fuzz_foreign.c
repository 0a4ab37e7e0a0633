/*
 * Any bytes as records of other programs' formats, and as files of them: what comes out is bounded
 * by what went in, lies within it, is the same each time, and in a file however the bytes come.
 */
#include "padded.h"
#include "spanline/foreign.h"
#include "spanline/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct telling {
	struct sl_buffer lines;
	struct sl_notes notes;
	size_t spans, losses;
};

static void read_all(struct telling *telling, struct sl_foreign_reader *reader, size_t size)
{
	struct sl_line_writer *writer;
	const struct sl_span *span;
	enum sl_status status;
	struct sl_error err;

	demand(sl_line_writer_open(&writer, &err) == SL_OK);
	while ((status = sl_foreign_next(reader, &span, &err)) != SL_END) {
		demand(status == SL_OK || (status == SL_BAD_RECORD && err.offset <= size));
		telling->losses += status == SL_BAD_RECORD;
		telling->spans += status == SL_OK;
		if (status == SL_OK)
			sl_line_write(writer, span, &telling->lines);
	}
	sl_line_writer_close(writer);
}

static struct telling tell(enum sl_foreign format, struct sl_slice records, bool strict)
{
	struct sl_decode_options options = { .signal = SL_SIGNAL_SPANS, .strict = strict };
	struct telling telling = { .spans = 0 };
	struct sl_foreign_reader *reader;
	struct sl_error err;

	demand(sl_foreign_open(&reader, &options, &telling.notes, &err) == SL_OK);
	sl_foreign_start(reader, format, records);
	read_all(&telling, reader, records.len);
	sl_foreign_close(reader);
	return telling;
}

static bool same(const struct telling *a, const struct telling *b)
{
	return a->lines.len == b->lines.len &&
	       (a->lines.len == 0 || memcmp(a->lines.data, b->lines.data, a->lines.len) == 0) &&
	       memcmp(&a->notes, &b->notes, sizeof(a->notes)) == 0;
}

static void check_records(enum sl_foreign format, const uint8_t *data, size_t size)
{
	struct sl_slice records = padded(data, size);
	struct telling lenient = tell(format, records, false), again = tell(format, records, false);
	struct telling strict = tell(format, records, true);

	/* a span of Zipkin v1 is two at most, and no record is without a byte */
	demand(lenient.spans + lenient.losses <= 2 * size);
	demand(same(&lenient, &again));
	demand(strict.losses > 0 || same(&lenient, &strict));
	sl_buffer_free(&lenient.lines);
	sl_buffer_free(&again.lines);
	sl_buffer_free(&strict.lines);
	padded_free(records);
}

static void check_detection(const uint8_t *data, size_t size)
{
	struct sl_slice text = padded(data, size);
	enum sl_foreign first, second;

	demand(sl_foreign_detect(text, true, &first) != SL_FOREIGN_OPEN);
	if (sl_foreign_detect(text, false, &first) == SL_FOREIGN_SEEN)
		demand(sl_foreign_detect(text, true, &second) == SL_FOREIGN_SEEN &&
		       first == second);
	padded_free(text);
}

/* The first byte chooses the format: '0' is the first. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > 60000)
		return 0;
	check_records((enum sl_foreign)((unsigned char)(data[0] - '0') % SL_FOREIGN_COUNT),
		      data + 1, size - 1);
	check_detection(data + 1, size - 1);
	return 0;
}
