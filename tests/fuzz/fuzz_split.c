/*
 * What stands in a document is read alike whether it is small, or so large that it is split: where
 * nothing is lost of it, it gives the same spans, counts the same, and nothing is lost then either.
  It is made large by a member that nobody knows: of the document, or of an
 * object in it that is cut then.
 */
#include "outcome.h"
#include "spanline/json.h"
#include "spanline/scan.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	PADDING = 2200 * 1000,	      /* makes an object large */
	PADDING_OF_SPAN = 600 * 1000, /* fills a piece */
};

/* Padded are the first objects behind these, as far as the document has them; NULL: none. */
static const struct {
	const char *large, *span;
} places[] = {
	{ NULL, NULL }, /* the document itself, or one that stands before the others in a list */
	{ "\"resourceSpans\":[{", NULL },
	{ "\"resourceSpans\":[{", "\"spans\":[{" },
	{ "\"scopeSpans\":[{", NULL },
	{ "\"scopeSpans\":[{", "\"spans\":[{" },
};

static void pad(struct sl_buffer *bytes, size_t padding)
{
	char *at;

	sl_buffer_printf(bytes, "\"x\":\"");
	at = sl_buffer_reserve(bytes, padding);
	claim(at != NULL);
	memset(at, 'x', padding);
	bytes->len += padding;
	sl_buffer_printf(bytes, "\"");
}

/* Behind the place's first occurrence; 0: there is none. */
static size_t find_place(struct sl_slice text, const char *place)
{
	size_t len = strlen(place);

	for (size_t at = 0; at + len <= text.len; at++)
		if (memcmp(text.data + at, place, len) == 0)
			return at + len;
	return 0;
}

/* Up to the place, padded there; what is left. */
static struct sl_slice add_padded(struct sl_buffer *bytes, struct sl_slice text, const char *place,
				  size_t padding)
{
	size_t at = place != NULL ? find_place(text, place) : 0;

	if (at == 0)
		return text;
	sl_buffer_add(bytes, text.data, at);
	pad(bytes, padding);
	sl_buffer_printf(bytes, ",");
	return (struct sl_slice){ text.data + at, text.len - at };
}

/* The text with large and small padding at the places. */
static struct outcome run_padded(struct sl_slice text, size_t place, bool large)
{
	struct sl_source_options options = { .from = SL_FORMAT_JSON, .max_message = MAX_MESSAGE };
	struct sl_buffer bytes = { .len = 0 };
	struct outcome outcome;

	if (places[place].large == NULL) {
		bool list = *text.data == '[';

		sl_buffer_printf(&bytes, list ? "[{" : "{");
		pad(&bytes, large ? PADDING : 1);
		sl_buffer_printf(&bytes, list ? "}," : ",");
		text.data++;
		text.len--;
	}
	text = add_padded(&bytes, text, places[place].large, large ? PADDING : 1);
	text = add_padded(&bytes, text, places[place].span, large ? PADDING_OF_SPAN : 1);
	sl_buffer_add_slice(&bytes, text);
	outcome = run_file(sl_buffer_slice(&bytes), options);
	sl_buffer_free(&bytes);
	return outcome;
}

static void check_place(struct sl_slice text, size_t place)
{
	struct outcome small = run_padded(text, place, false);
	struct outcome split = run_padded(text, place, true);

	if (small.losses != 0)
		return;
	claim(split.losses == 0);
	claim(small.spans == split.spans && small.digest == split.digest);
	/* of the keys that were passed over nobody knows whether they were a line's */
	small.notes.count[SL_NOTE_LINE_UNKNOWN_KEY] = 0;
	split.notes.count[SL_NOTE_LINE_UNKNOWN_KEY] = 0;
	claim(memcmp(&small.notes, &split.notes, sizeof(small.notes)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_slice text = { (const char *)data, size };

	if (size < 2 || size > 60000)
		return 0;
	for (size_t i = 0; i < SL_COUNT(places); i++)
		if (places[i].large == NULL || find_place(text, places[i].large) != 0)
			check_place(text, i);
	return 0;
}
