/* Groups as a summary in a file. */
#include "spanline/io.h"
#include "spanline/judge.h"

static enum sl_status write_bytes(void *context, struct sl_slice bytes, struct sl_error *err)
{
	return sl_output_write(context, bytes, err);
}

enum sl_status sl_saving_write(const char *path, const struct sl_summary_how *how,
			       struct sl_groups *groups, struct sl_error *err)
{
	struct sl_summary_sink sink = { .write = write_bytes };
	struct sl_output *output;
	struct sl_error unused;
	enum sl_status status = sl_cli_output_open(&output, path, SL_CODEC_NONE, err), closed;

	if (status != SL_OK)
		return status;
	sink.context = output;
	status = sl_summary_write(how, groups, &sink, err);
	closed = sl_cli_output_close(output, status == SL_OK, status == SL_OK ? err : &unused);
	return status == SL_OK ? closed : status;
}
