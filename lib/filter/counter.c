/* Counting what workers let through, in the order of the input: -c, -m and -q over single spans. */
#include "filter.h"
#include <stdlib.h>

struct counter {
	const struct sl_filter *filter;
	uint64_t count;
};

enum sl_status open_counter(void **opened, void *context, struct sl_notes *notes,
			    struct sl_error *err)
{
	struct counter *counter = calloc(1, sizeof(*counter));

	(void)notes;
	if (counter == NULL)
		return sl_fail_memory(err);
	counter->filter = context;
	*opened = counter;
	return SL_OK;
}

/* Bytes up to the end of the line with which the limit is reached, or all. */
static size_t count_up_to(struct counter *counter, struct sl_slice lines)
{
	const char *at = lines.data, *end = lines.data + lines.len;

	while (at < end && counter->count < counter->filter->limit) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline != NULL ? newline + 1 : end;
		counter->count++;
	}
	return (size_t)(at - lines.data);
}

enum sl_status count_lines(void *opened, struct sl_slice lines, struct sl_buffer *out,
			   struct sl_error *err)
{
	struct counter *counter = opened;
	size_t len = count_up_to(counter, lines);

	(void)err;
	if (!is_silent(counter->filter))
		sl_buffer_add(out, lines.data, len);
	return counter->filter->quiet || counter->count >= counter->filter->limit ? SL_END : SL_OK;
}

enum sl_status write_count(void *opened, struct sl_buffer *out, struct sl_error *err)
{
	const struct counter *counter = opened;

	(void)err;
	if (counter->filter->count_only && !counter->filter->quiet)
		sl_buffer_printf(out, "%llu\n", (unsigned long long)counter->count);
	return SL_END;
}

void close_counter(void *opened)
{
	free(opened);
}
