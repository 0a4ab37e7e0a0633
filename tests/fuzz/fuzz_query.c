/*
 * Any text as a query: it is refused with a place inside it, or its print is a query that has the
 * same print.  Faults can be shown, warnings stand in the text.
 */
#include "padded.h"
#include "spanline/query.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sl_status (*const doors[])(struct sl_query **query, struct sl_slice text,
				       const struct sl_query_options *options,
				       struct sl_query_fault *fault) = {
	sl_query_compile,
	sl_query_compile_field,
};

/* A copy without anything behind it: queries need no padding. */
static struct sl_slice exact(struct sl_slice text)
{
	char *copy = malloc(text.len + (text.len == 0));

	demand(copy != NULL);
	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	return (struct sl_slice){ copy, text.len };
}

static void check_fault(const struct sl_query_fault *fault, struct sl_slice text)
{
	struct sl_buffer out = { 0 };

	demand(fault->at <= text.len && fault->text[0] != '\0');
	demand(memchr(fault->text, '\n', sizeof(fault->text)) == NULL);
	sl_query_show_fault(fault, text, &out);
	demand(!out.failed && out.len > 0 && out.data[out.len - 1] == '\n');
	sl_buffer_free(&out);
}

static void check_warning(void *context, const struct sl_query_fault *warning)
{
	const struct sl_slice *text = context;

	/* not shown: there may be thousands of them on one long line */
	demand(warning->at + warning->len <= text->len && warning->text[0] != '\0');
}

static void check_field(void *context, struct sl_slice name)
{
	const struct sl_slice *text = context;

	/* the longest spelling of a field, or what stands in the text behind its longest scope */
	demand(name.len > 0 && name.len <= text->len + sizeof("instrumentation.version"));
}

/* The print into *out; false: refused. */
static bool print(size_t door, struct sl_slice text, const struct sl_query_options *options,
		  struct sl_query_fault *fault, struct sl_buffer *out)
{
	struct sl_slice copy = exact(text);
	struct sl_query *query = NULL;
	enum sl_status status = doors[door](&query, copy, options, fault);

	demand(status == SL_OK || status == SL_BAD_RECORD);
	free((char *)(uintptr_t)copy.data);
	if (status != SL_OK) {
		check_fault(fault, text);
		return false;
	}
	sl_query_lint(query, check_warning, &text);
	demand(sl_query_fields(query, check_field, &text));
	sl_query_print(query, out);
	demand(!out->failed);
	sl_query_free(query);
	return true;
}

static void check(size_t door, struct sl_slice text, const struct sl_query_options *options)
{
	struct sl_buffer first = { 0 }, second = { 0 };
	struct sl_query_fault fault;

	if (print(door, text, options, &fault, &first) && !options->tempo) {
		/* every operation has brackets now, which nest deeper or get too long */
		if (print(door, sl_buffer_slice(&first), options, &fault, &second))
			demand(sl_slice_equal(sl_buffer_slice(&first), sl_buffer_slice(&second)));
		else
			demand(strstr(fault.text, "nested deeper") != NULL ||
			       strstr(fault.text, "64 KiB") != NULL);
	}
	sl_buffer_free(&first);
	sl_buffer_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct sl_slice text = { (const char *)data, size };

	for (unsigned bits = 0; bits < 8; bits++) {
		const struct sl_query_options options = { .tempo = bits & 1,
							  .unchecked = bits & 2 };
		check(bits >> 2, text, &options);
	}
	return 0;
}
