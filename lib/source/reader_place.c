/* Where in the input a loss is. */
#include "reader.h"

/* Where the byte at `offset` of what is decoded stands in the unit. */
static size_t place_in_unit(const struct sl_reader *reader, size_t offset)
{
	const struct sl_unit *unit = reader->unit;

	if (unit->codec != SL_CODEC_NONE || unit->kind == SL_UNIT_ENVELOPE || offset == SL_NOWHERE)
		return 0;
	offset = offset > unit->context.before ? offset - unit->context.before : 0;
	return offset < unit->len ? offset : unit->len;
}

/* The byte at `at` is further from the start of its line than anybody counts. */
static bool is_far(const struct sl_unit *unit, const char *bytes, size_t at)
{
	enum { FAR = 1000 };
	size_t near = at < FAR ? at : FAR;

	if (unit->line == 0 || count_newlines(bytes + at - near, near) != 0)
		return false;
	/* parts of documents begin in the middle of lines */
	return near == FAR || (unit->kind != SL_UNIT_DOCUMENTS && unit->offset + at >= FAR);
}

/* Losses come mostly in order: newlines are counted from the last one on, or back. */
bool sl_reader_place(struct sl_reader *reader, const struct sl_error *err, uint64_t *offset,
		     uint64_t *line)
{
	const struct sl_unit *unit = reader->unit;
	const char *bytes = reader->parcel->bytes.data + unit->at;
	size_t at = place_in_unit(reader, err->offset);

	if (unit->line != 0 && at >= reader->placed)
		reader->placed_line += count_newlines(bytes + reader->placed, at - reader->placed);
	else if (unit->line != 0)
		reader->placed_line -= count_newlines(bytes + at, reader->placed - at);
	reader->placed = at;
	*offset = unit->offset + at;
	*line = reader->placed_line;
	return is_far(unit, bytes, at);
}
