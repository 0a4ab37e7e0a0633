/*
 * Going back: what was read from a mark on comes once more.  A plain file is read again; of a pipe,
 * or where something is compressed or followed, the bytes behind the mark are kept in a file
 * without a name until they have come again.
 */
#include "source.h"

static uint64_t spill_end(const struct replay *replay)
{
	return replay->spill != NULL ? replay->begin + sl_spill_size(replay->spill) : 0;
}

static bool is_spilled(const struct replay *replay)
{
	return replay->at < spill_end(replay);
}

/* Nothing can be read any more. */
static void fail(struct sl_source *source, enum sl_status status)
{
	source->troubled = source->troubled || status != SL_OK;
}

/* The window's bytes, and all that is read from now on. */
static void keep_window(struct sl_source *source)
{
	struct replay *replay = &source->replay;
	const char *directory = source->options.directory;
	enum sl_status status;

	replay->keeping = true;
	if (is_spilled(replay))
		return; /* the window is of the spill, too */
	status = replay->spill != NULL
			 ? sl_spill_empty(replay->spill, &source->failure)
			 : sl_spill_open(&replay->spill, directory != NULL ? directory : "/tmp",
					 &source->failure);
	if (status == SL_OK)
		status = sl_spill_write(replay->spill, window(source), &source->failure);
	replay->begin = replay->mark;
	replay->at = replay->mark + window_len(source);
	fail(source, status);
}

void replay_mark(struct sl_source *source)
{
	struct replay *replay = &source->replay;

	replay->mark = source->base + source->at;
	replay->line = source->line;
	replay->seeks = sl_input_go_back(source->input, 0);
	if (!replay->seeks)
		keep_window(source);
}

void replay_rewind(struct sl_source *source)
{
	struct replay *replay = &source->replay;
	uint64_t read_end = source->base + source->parcel->bytes.len;

	if (replay->seeks && !sl_input_go_back(source->input, read_end - replay->mark))
		fail(source, sl_fail(&source->failure, "cannot be read again"));
	if (!replay->seeks && source->ended) {
		replay->ended = true;
		replay->restarted = source->restarted;
		replay->torn = source->torn;
	}
	replay->at = replay->mark;
	replay->keeping = false;
	source->ended = source->restarted = source->torn = false;
	source->parcel->bytes.len = source->at;
	source->base = replay->mark - source->at;
	source->line = replay->line;
	source->need = 0;
	source->framing.json.lines = (struct lines){ 0 };
}

enum sl_status replay_read(struct sl_source *source, size_t room, size_t *got, struct sl_error *err)
{
	struct replay *replay = &source->replay;
	struct sl_buffer *bytes = &source->parcel->bytes;
	char *into = bytes->data + bytes->len;
	struct sl_slice read = { into, 0 };
	enum sl_status status;

	*got = 0;
	if (is_spilled(replay)) {
		uint64_t left = spill_end(replay) - replay->at;

		*got = left < room ? (size_t)left : room;
		status = sl_spill_read(replay->spill, replay->at - replay->begin, into, *got, err);
		replay->at += *got;
		return status;
	}
	if (replay->ended) {
		source->restarted = replay->restarted;
		source->torn = replay->torn;
		return SL_END;
	}
	status = sl_input_read(source->input, into, room, got, err);
	source->restarted = status == SL_OK && sl_input_restarted(source->input);
	if (status != SL_OK || !replay->keeping)
		return status;
	read.len = *got;
	replay->at += *got;
	return sl_spill_write(replay->spill, read, err);
}

bool replay_ready(const struct sl_source *source)
{
	return is_spilled(&source->replay) || source->replay.ended || sl_input_ready(source->input);
}

void replay_restart(struct sl_source *source)
{
	struct sl_spill *spill = source->replay.spill;

	sl_spill_close(spill);
	source->replay = (struct replay){ .spill = NULL };
}
