/* The times of a span line: nanoseconds are the truth; start and duration_ms are there to be read
 * by people, and for lines that people wrote. */
#include "line_read.h"

enum { PLACES = 6 }; /* of a millisecond, down to the nanosecond */

static bool parse_start(struct sl_slice start, uint64_t *ns)
{
	return start.data != NULL && sl_parse_time(start, ns);
}

/* start_ns and so many milliseconds. */
static bool add_duration(uint64_t start_ns, struct sl_slice duration_ms, uint64_t *end_ns)
{
	bool negative;
	uint64_t ns;

	if (duration_ms.data == NULL || !sl_scaled_of(duration_ms, PLACES, &negative, &ns))
		return false;
	if (negative ? ns > start_ns : ns > UINT64_MAX - start_ns)
		return false;
	*end_ns = negative ? start_ns - ns : start_ns + ns;
	return true;
}

void find_times(struct line_record *record, bool *has_start, bool *has_end)
{
	struct sl_span *span = &record->span;

	span->start_unix_nano = record->start_nanos.ns;
	span->end_unix_nano = record->end_nanos.ns;
	*has_start =
		record->start_nanos.given || parse_start(record->start, &span->start_unix_nano);
	*has_end = record->end_nanos.given ||
		   (*has_start &&
		    add_duration(span->start_unix_nano, record->duration_ms, &span->end_unix_nano));
}

static bool start_agrees(const struct line_record *record)
{
	char text[SL_TIME_TEXT];
	uint64_t ns;

	if (record->start.data == NULL || !record->start_nanos.given)
		return true;
	if (record->start.len == SL_TIME_TEXT) {
		sl_write_time(text, record->span.start_unix_nano);
		if (memcmp(text, record->start.data, SL_TIME_TEXT) == 0)
			return true;
	}
	return parse_start(record->start, &ns) && ns == record->span.start_unix_nano;
}

/* As doubles: JSON tools may have written the number anew. */
static bool duration_agrees(const struct line_record *record)
{
	char text[SL_DOUBLE_TEXT];
	struct sl_slice right = { text, 0 };
	double wanted, found;

	if (record->duration_ms.data == NULL || !record->end_nanos.given)
		return true;
	right.len = sl_write_ms(text, record->span.end_unix_nano, record->span.start_unix_nano);
	if (sl_slice_equal(right, record->duration_ms))
		return true;
	return sl_parse_double(right, &wanted) && sl_parse_double(record->duration_ms, &found) &&
	       wanted == found;
}

bool times_agree(const struct line_record *record)
{
	return start_agrees(record) && duration_agrees(record);
}
