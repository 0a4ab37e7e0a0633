/* Summaries: whatever is read is written so that it is read back as it was. */
#include "spanline/stats.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

struct wanted {
	double error;
	bool traces;
};

/* All lines, as far as they can be merged; without them where the first says nothing. */
static struct sl_summary *read(struct sl_slice bytes, struct wanted wanted, bool must_be_whole)
{
	struct sl_summary *summary;
	struct sl_error err;
	enum sl_status status = SL_OK;

	require(sl_summary_open(&summary, wanted.traces, wanted.error, &err) == SL_OK);
	while (bytes.len != 0 && status != SL_FAILED) {
		const char *newline = memchr(bytes.data, '\n', bytes.len);
		size_t len = newline != NULL ? (size_t)(newline - bytes.data) : bytes.len;

		status = sl_summary_add(summary, (struct sl_slice){ bytes.data, len }, &err);
		require(status == SL_OK || !must_be_whole);
		len += newline != NULL;
		bytes = (struct sl_slice){ bytes.data + len, bytes.len - len };
	}
	status = sl_summary_end(summary, &err);
	require(status == SL_OK || !must_be_whole);
	return summary;
}

static enum sl_status keep(void *context, struct sl_slice bytes, struct sl_error *err)
{
	(void)err;
	sl_buffer_add_slice(context, bytes);
	return SL_OK;
}

/* False: what it is grouped by is nothing to group by. */
static bool write(struct sl_summary *summary, struct wanted wanted, struct sl_buffer *out)
{
	struct sl_summary_how how = *sl_summary_how(summary);
	struct sl_summary_sink sink = { keep, out };
	struct sl_grouping *grouping;
	struct sl_query_fault fault;
	struct sl_groups groups;
	struct sl_error err;

	if (sl_grouping_compile(&grouping, how.by, &fault) != SL_OK)
		return false;
	if (how.window_ns != 0)
		require(sl_grouping_add_window(grouping, how.window_ns, &fault) == SL_OK);
	how.traces = wanted.traces && how.error == 0;
	sl_summary_groups(summary, grouping, &groups);
	require(sl_summary_write(&how, &groups, &sink, &err) == SL_OK);
	sl_grouping_free(grouping);
	return true;
}

static void check(struct sl_slice bytes, struct wanted wanted)
{
	struct sl_buffer once = { 0 }, twice = { 0 };
	struct sl_summary *summary = read(bytes, wanted, false), *again;

	if (sl_summary_how(summary) != NULL && write(summary, wanted, &once)) {
		again = read(sl_buffer_slice(&once), wanted, true);
		require(write(again, wanted, &twice));
		require(sl_slice_equal(sl_buffer_slice(&once), sl_buffer_slice(&twice)));
		sl_summary_close(again);
	}
	sl_summary_close(summary);
	sl_buffer_free(&once);
	sl_buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	require(copy != NULL);
	memcpy(copy, data, size);
	check((struct sl_slice){ copy, size }, (struct wanted){ 0, false });
	check((struct sl_slice){ copy, size }, (struct wanted){ 0, true });
	check((struct sl_slice){ copy, size }, (struct wanted){ 0.01, false });
	free(copy);
	return 0;
}
