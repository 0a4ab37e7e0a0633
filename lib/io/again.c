/* What is read a second time: parts of a file, and what a spool has kept. */
#include "input.h"
#include "spool.h"

bool input_is_again(const struct sl_input *input)
{
	if (input->options.parts != NULL)
		return true;
	return input->options.spool != NULL && input->raw_bytes < spool_len(input->options.spool);
}

/* To the next part; SL_END: there is none. */
static enum sl_status begin_part(struct sl_input *input)
{
	const struct sl_input_parts *parts = input->options.parts;

	if (input->parts_begun == parts->count)
		return SL_END;
	input->part_at = parts->items[input->parts_begun].offset;
	input->part_left = parts->items[input->parts_begun].len;
	input->parts_begun++;
	input->restarted = true;
	return SL_OK;
}

static enum sl_status read_part(struct sl_input *input, char *into, size_t *len,
				struct sl_error *err)
{
	struct sl_spool *spool = input->options.spool;
	enum sl_status status;

	if (input->part_left == 0) {
		*len = 0;
		return begin_part(input);
	}
	if (*len > input->part_left)
		*len = (size_t)input->part_left;
	if (spool != NULL && spool_len(spool) != 0)
		status = spool_read(spool, input->part_at, into, len, err);
	else
		status = spool_read_at(input->fd,
				       input->part_at + (spool != NULL ? spool_start(spool) : 0),
				       into, len, err);
	if (status != SL_OK)
		return status;
	input->part_at += *len;
	input->part_left -= *len;
	return SL_OK;
}

enum sl_status input_read_again(struct sl_input *input, char *into, size_t room, size_t *got,
				struct sl_error *err)
{
	enum sl_status status;

	*got = room;
	if (input->options.parts != NULL)
		status = read_part(input, into, got, err);
	else
		status = spool_read(input->options.spool, input->raw_bytes, into, got, err);
	if (status != SL_OK)
		*got = 0;
	input->raw_bytes += *got;
	return status;
}

void sl_input_place(const struct sl_input *input, uint64_t *offset, uint64_t *line)
{
	const struct sl_input_parts *parts = input->options.parts;

	*offset = *line = 0;
	if (parts == NULL || input->parts_begun == 0)
		return;
	*offset = parts->items[input->parts_begun - 1].offset;
	*line = parts->items[input->parts_begun - 1].line;
}
