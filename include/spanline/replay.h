/*
 * Spans before they are sent: which of them, as what, how often, and when.
 */
#ifndef SPANLINE_REPLAY_H
#define SPANLINE_REPLAY_H

#include "spanline/cli.h"
#include "spanline/select.h"
#include "spanline/sink.h"
#include "spanline/traces.h"

/* What --set says: an attribute with that key, the only one of it then, or the name. */
enum sl_edit_target { SL_EDIT_NAME, SL_EDIT_SPAN, SL_EDIT_RESOURCE };
struct sl_edit {
	enum sl_edit_target target;
	struct sl_slice key; /* borrowed from the text */
	struct sl_value value;
	char *unquoted; /* owned: what the value borrows where it was quoted */
};
/*
 * "name=TEXT", "span.KEY=VALUE" or "resource.KEY=VALUE"; `text` is borrowed for the edit's life.
 * Values are those of TraceQL: true and false, whole numbers, numbers, text in "..." with its
 * escapes or in `...`; whatever is none of them is text as it stands.  SL_BAD_RECORD: neither.
 */
SL_MUST_USE enum sl_status sl_edit_parse(struct sl_edit *edit, struct sl_slice text,
					 struct sl_error *err);
void sl_edit_free(struct sl_edit *edit);

struct sl_changes {
	struct sl_edit *edits; /* owned; each is made after the one before it */
	size_t edit_count;
	/*
	 * Ids by a hash of `seed`, the copy's number and the id as it was, so that what named a
	 * span or trace still does.  The last 7 bytes of a trace id stay: they are the randomness
	 * that consistent sampling goes by, as does `rv` in trace_state.  What is no valid id,
	 * empty or all zero, stays.
	 */
	bool new_ids;
	struct sl_slice seed;
};

/* What --shift says. */
enum sl_shift_kind {
	SL_SHIFT_NONE,
	SL_SHIFT_NOW,	  /* spans end when they are sent, or as SL_SHIFT_END_NOW */
	SL_SHIFT_END_NOW, /* the last of them ends when the first is sent */
	SL_SHIFT_START,	  /* the first begins at start_ns */
	SL_SHIFT_BY,
};
/* How far a span is moved. */
struct sl_move {
	uint64_t ns;
	bool back;
};
struct sl_shift {
	enum sl_shift_kind kind;
	uint64_t start_ns;
	struct sl_move by;
};
/* "now", "end=now", "start=2026-11-21T14:00:00Z", "+1h", "-1h"; false: none of them. */
bool sl_shift_parse(struct sl_shift *shift, struct sl_slice text, uint64_t now_ns);
struct sl_move sl_move_between(uint64_t from_ns, uint64_t to_ns);
/* The span and its events (copied into the arena); a time of 0 is none and stays so.
 * SL_BAD_RECORD: a time would be none that OTLP can say. */
SL_MUST_USE enum sl_status sl_move_span(struct sl_arena *arena, struct sl_span *span,
					struct sl_move move, struct sl_error *err);

/* What --pace and --rate say. */
enum sl_pace_kind {
	SL_PACE_NONE,
	SL_PACE_CAPTURED, /* each span when it ended */
	/* traces that are linked go together, in the order of their ends: */
	SL_PACE_SPEED, /* `factor` times as fast as they did */
	SL_PACE_SPANS, /* `factor` in a second */
	SL_PACE_TRACES,
	SL_PACE_BYTES,
};
struct sl_pace {
	enum sl_pace_kind kind;
	double factor;
};
static inline bool sl_pace_by_trace(const struct sl_pace *pace)
{
	return pace->kind != SL_PACE_NONE && pace->kind != SL_PACE_CAPTURED;
}
/* Of --rate: it holds for all that is sent, copies and rounds. */
static inline bool sl_pace_is_rate(const struct sl_pace *pace)
{
	return sl_pace_by_trace(pace) && pace->kind != SL_PACE_SPEED;
}
/* "none", "1x", "0.5x"; false: none of them. */
bool sl_pace_parse(struct sl_pace *pace, struct sl_slice text);
/* "5000/s", "10traces/s", "1Mbytes/s"; false: none of them. */
bool sl_rate_parse(struct sl_pace *pace, struct sl_slice text);

/* One worker's; *changer is owned, the changes are borrowed. */
struct sl_changer;
SL_MUST_USE enum sl_status sl_changer_open(struct sl_changer **changer,
					   const struct sl_changes *changes, struct sl_error *err);
/* Also of NULL. */
void sl_changer_close(struct sl_changer *changer);
struct sl_change {
	uint64_t copy; /* its number */
	struct sl_move move;
};
/* The span as one of its copies; borrowed as it is, and until the next call.  SL_BAD_RECORD: it
 * cannot be moved so far. */
SL_MUST_USE enum sl_status sl_change_span(struct sl_changer *changer, const struct sl_span *span,
					  const struct sl_change *change,
					  const struct sl_span **changed, struct sl_error *err);

extern const struct sl_option sl_replay_options[];

struct sl_replay {
	const char *form; /* of the sink; the command's to set */
	struct sl_selection wanted;
	struct sl_traces_options traces;
	uint64_t idle_ns;
	struct sl_changes changes;
	uint64_t copies; /* of each span */
	uint64_t rounds; /* all of it so often; UINT64_MAX: until interrupted */
	struct sl_shift shift;
	struct sl_pace pace;
	bool spooled; /* all is read before anything is sent */
	bool dry;     /* nothing is waited for */
	bool live;    /* what was read cannot be read again */
	/* The command's to set: what is sent goes nowhere any more, so that nothing is waited for,
	 * and no other round begins. */
	bool over;
	/* Or NULL: now and then while it waits; may set `over`. */
	void (*look)(struct sl_replay *replay);
	/* From now on: what was read, and is not sent since the run was interrupted. */
	bool unsent;
	uint64_t skip; /* what the sink passes over is not waited for */
	/* What came of it. */
	uint64_t old_count;  /* spans that are older than an hour, and were not moved */
	uint64_t lost_count; /* spans that could not be moved so far */
	uint64_t limits_hit; /* of regular expressions */
	uint64_t reopened;   /* traces that came again after they were complete */
	uint64_t start_ns;   /* when all began */
	/* Of all rounds, once all is read: 0: it is not, UINT64_MAX: without an end. */
	uint64_t total_spans;
	double paced_s; /* dry: what was not waited for */
};

/* After sl_cli_parse; `live` where the input may go on for ever.  Dies of what cannot be
 * understood. */
void sl_replay_fill(struct sl_replay *replay, bool live);
void sl_replay_free(struct sl_replay *replay);
/* What it says depends on, for checkpoints. */
uint64_t sl_replay_hash(const struct sl_replay *replay, uint64_t seed);
/* Of what came of it, if a person should know. */
void sl_replay_tell(const struct sl_replay *replay);

/* One worker's: spans into what sl_replayer_take takes.  *packer is owned, the replay and the notes
 * are borrowed. */
struct sl_replay_packer;
SL_MUST_USE enum sl_status sl_replay_packer_open(struct sl_replay_packer **packer,
						 struct sl_replay *replay, struct sl_notes *notes,
						 struct sl_error *err);
SL_MUST_USE enum sl_status sl_replay_pack(struct sl_replay_packer *packer,
					  const struct sl_span *span, struct sl_buffer *out,
					  struct sl_error *err);
void sl_replay_packer_close(struct sl_replay_packer *packer);

/* What all have packed, in order, into the sink: at once, or once all of their trace, or of the
 * input, is there.
 * *replayer is owned, the replay and the sink are borrowed.  Outcomes are the sink's. */
struct sl_replayer;
SL_MUST_USE enum sl_status sl_replayer_open(struct sl_replayer **replayer, struct sl_replay *replay,
					    struct sl_sink *sink, struct sl_notes *notes,
					    struct sl_error *err);
SL_MUST_USE enum sl_status sl_replayer_take(struct sl_replayer *replayer, struct sl_slice packed,
					    struct sl_error *err);
/* The input rests. */
SL_MUST_USE enum sl_status sl_replayer_idle(struct sl_replayer *replayer, struct sl_error *err);
/* No more will come. */
SL_MUST_USE enum sl_status sl_replayer_finish(struct sl_replayer *replayer, struct sl_error *err);
/* Also of NULL. */
void sl_replayer_close(struct sl_replayer *replayer);

#endif
