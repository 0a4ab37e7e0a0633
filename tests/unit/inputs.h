/* What tests of inputs share: opening one, reading all of it. */
#ifndef INPUTS_H
#define INPUTS_H

#include "scratch.h"
#include "spanline/io.h"

__attribute__((unused)) static const struct sl_input_options plain_options;

/* Everything, in reads of `room`; the outcome that is not SL_OK. */
__attribute__((unused)) static enum sl_status read_all(struct sl_input *input, size_t room,
						       struct sl_buffer *out, struct sl_error *err)
{
	enum sl_status status;
	size_t got;

	while ((status = sl_input_read(input, sl_buffer_reserve(out, room), room, &got, err)) ==
		       SL_OK &&
	       got > 0)
		out->len += got;
	return status;
}

__attribute__((unused)) static struct sl_input *open_input(const char *path,
							   const struct sl_input_options *options)
{
	struct sl_input *input = NULL;
	struct sl_error err;

	if (sl_input_open(&input, path, options, &err) != SL_OK) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		exit(2);
	}
	return input;
}

#endif
