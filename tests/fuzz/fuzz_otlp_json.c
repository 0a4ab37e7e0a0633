/*
 * Any bytes as a block of JSON documents: what comes out is bounded by what went in, and is the
 * same by every way of reading it; and what was written is read again as the same.
 */
#include "../unit/documents.h"
#include "padded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STRICT = 1, LOGS = 2, SHALLOW = 4, PART = 8 };

static struct documents reading(unsigned how)
{
	return (struct documents){
		.options = { .signal = (how & LOGS) != 0 ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS,
			     .max_depth = (how & SHALLOW) != 0 ? 2 : 0,
			     .strict = (how & STRICT) != 0 },
		.kind = (how & PART) != 0 ? SL_JSON_RESOURCE_SPANS : SL_JSON_DOCUMENTS,
		.telling = AS_LINES,
	};
}

static bool same_output(const struct documents *a, const struct documents *b)
{
	return a->out.len == b->out.len && memcmp(a->out.data, b->out.data, a->out.len) == 0 &&
	       memcmp(&a->notes, &b->notes, sizeof(a->notes)) == 0;
}

/* The same in another way: with attributes as text, or with white space between all tokens. */
static void check_again(const struct documents *first, unsigned how, struct sl_slice text,
			bool as_text)
{
	struct documents again = reading(how);

	again.options.text = as_text;
	documents_read(&again, text);
	demand(same_output(first, &again));
	sl_buffer_free(&again.out);
}

/* Lines that were written are span lines, and stay what they are. */
static void check_lines(const struct documents *first)
{
	struct documents lines = reading(STRICT);

	documents_read(&lines, (struct sl_slice){ first->out.data, first->out.len - 1 });
	demand(lines.loss_count == 0 && lines.span_count == first->span_count &&
	       lines.out.len == first->out.len &&
	       memcmp(lines.out.data, first->out.data, lines.out.len) == 0);
	sl_buffer_free(&lines.out);
}

static void check_strict(const struct documents *lenient, unsigned how, struct sl_slice text)
{
	struct documents strict = reading(how | STRICT);

	documents_read(&strict, text);
	if (strict.loss_count == 0) {
		struct sl_slice wide = spread(text);

		demand(same_output(lenient, &strict));
		check_again(lenient, how, wide, false);
		free((char *)(uintptr_t)wide.data);
	}
	sl_buffer_free(&strict.out);
}

/* The first byte chooses the options. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct documents lenient;
	struct sl_slice text;
	unsigned how;

	if (size == 0)
		return 0;
	how = data[0] & (LOGS | SHALLOW | PART);
	text = (struct sl_slice){ (const char *)data + 1, size - 1 };
	lenient = reading(how);
	documents_read(&lenient, text);
	demand(lenient.span_count + lenient.loss_count <= size);
	demand(lenient.loss_count == 0 || lenient.last_loss <= text.len);
	check_again(&lenient, how, text, true);
	check_strict(&lenient, how, text);
	if (lenient.loss_count == 0 && (how & LOGS) == 0)
		check_lines(&lenient);
	sl_buffer_free(&lenient.out);
	return 0;
}
