/*
 * What stands in a document is read alike whether it is small, or so large that it is split: a
 * document that is good gives the same spans, counts the same, and nothing is lost.
 */
#include "outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PADDING = 2200 * 1000 };

/* {"x":"xxx",DATA or [{"x":"xxx"},DATA: nobody knows that key. */
static struct outcome run_padded(const uint8_t *data, size_t size, size_t padding)
{
	struct sl_source_options options = { .from = SL_FORMAT_JSON, .max_message = MAX_MESSAGE };
	struct sl_buffer bytes = { .len = 0 };
	struct outcome outcome;
	bool list = data[0] == '[';
	char *at;

	sl_buffer_printf(&bytes, list ? "[{\"x\":\"" : "{\"x\":\"");
	at = sl_buffer_reserve(&bytes, padding);
	claim(at != NULL);
	memset(at, 'x', padding);
	bytes.len += padding;
	sl_buffer_printf(&bytes, list ? "\"}," : "\",");
	sl_buffer_add(&bytes, data + 1, size - 1);
	outcome = run_file(sl_buffer_slice(&bytes), options);
	sl_buffer_free(&bytes);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome small, split;

	if (size < 2 || size > 60000)
		return 0;
	small = run_padded(data, size, 1);
	split = run_padded(data, size, PADDING);
	if (small.losses != 0)
		return 0;
	claim(split.losses == 0);
	claim(small.spans == split.spans && small.digest == split.digest);
	/* of the keys that were passed over nobody knows whether they were a line's */
	small.notes.count[SL_NOTE_LINE_UNKNOWN_KEY] = 0;
	split.notes.count[SL_NOTE_LINE_UNKNOWN_KEY] = 0;
	claim(memcmp(&small.notes, &split.notes, sizeof(small.notes)) == 0);
	return 0;
}
