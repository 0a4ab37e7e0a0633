/* How framers take bytes from a source: units, complaints, and what is consumed. */
#include "source.h"
#include <stdarg.h>
#include <stdio.h>

bool window_full(const struct sl_source *source)
{
	return source->parcel->unit_count >= UNIT_LIMIT ||
	       source->parcel->complaints.count >= COMPLAINT_LIMIT || source->no_memory;
}

void window_consume(struct sl_source *source, size_t count)
{
	source->at += count;
	source->need = 0;
}

void window_consume_lines(struct sl_source *source, size_t count)
{
	source->line += count_newlines(window_bytes(source), count);
	window_consume(source, count);
}

void window_remove(struct sl_source *source, size_t at, size_t count)
{
	char *to = window_bytes(source) + at;

	memmove(to, to + count, window_len(source) - at - count);
	source->parcel->bytes.len -= count;
	source->base += count;
}

void window_pass(struct sl_source *source, uint64_t count)
{
	size_t here = window_len(source) < count ? window_len(source) : (size_t)count;

	window_consume(source, here);
	source->pass = count - here;
}

void window_emit(struct sl_source *source, struct sl_unit unit)
{
	struct sl_parcel *parcel = source->parcel;
	void *units = parcel->units;

	if (!sl_array_reserve(&units, &parcel->unit_capacity, parcel->unit_count + 1,
			      sizeof(*parcel->units))) {
		source->no_memory = true;
		return;
	}
	parcel->units = units;
	unit.at += source->at;
	unit.offset = source->base + unit.at;
	unit.line = source->line;
	parcel->units[parcel->unit_count++] = unit;
}

/* Of the window's first byte, as units of this parcel say it. */
static uint64_t line_here(struct sl_source *source)
{
	const struct sl_parcel *parcel = source->parcel;

	for (; source->counted < parcel->unit_count; source->counted++) {
		const struct sl_unit *unit = &parcel->units[source->counted];

		source->newlines += count_newlines(parcel->bytes.data + unit->at, unit->len);
	}
	return source->line != 0 ? source->line + source->newlines : 0;
}

void window_complain(struct sl_source *source, enum sl_reason reason, size_t at, const char *format,
		     ...)
{
	struct sl_complaints *list = &source->parcel->complaints;
	struct sl_error err = { .reason = reason };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(err.text, sizeof(err.text), format, arguments);
	va_end(arguments);
	if (!sl_complaints_add(list, &err, source->base + source->at + at, line_here(source)))
		source->no_memory = true;
	else /* a document that is split is a large one, mostly on one line */
		list->items[list->count - 1].in_long_line = source->framing.json.splitting;
}
