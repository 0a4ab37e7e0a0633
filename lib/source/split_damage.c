/* Large JSON documents: how reading goes on behind damage. */
#include "source.h"

enum {
	JUDGED_BYTES = 64 * 1024,	/* of an object, to tell what it is */
	COARSE_BYTES = LARGE_BYTES / 2, /* as many go to the reader at least, once that has cost too
					   much */
	FIND_RATIO = 4,			/* bytes that are looked into for one that is passed */
};

/* The next part from split->searched on, in this document; what is not whole is looked at again. */
static enum sl_json_part find_part(struct sl_source *source, enum sl_json_part least, size_t *at)
{
	struct split *split = split_of(source);
	/* the byte before tells whether a line begins here */
	size_t before = source->at > 0 ? 1 : 0;
	struct sl_slice text = { window_bytes(source) - before, window_len(source) + before };
	enum sl_signal signal =
		split->kind == SL_UNIT_RESOURCE_LOGS ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS;
	size_t may_read = FIND_RATIO * text.len, left = may_read;
	enum sl_json_part part;

	*at = split->searched + before;
	part = sl_json_find_part(text, at, signal, least, &left);
	*at -= before;
	split_charge(source, may_read - left);
	if (part == SL_JSON_NO_PART && window_len(source) > split->searched + JUDGED_BYTES)
		split->searched = window_len(source) - JUDGED_BYTES;
	return part;
}

/* Levels that hold a list of this kind, with it; 0: none do. */
static unsigned depth_of(const struct split *split, enum split_level list)
{
	unsigned depth = split->depth;

	while (depth > 0 && split->levels[depth - 1].kind != list)
		depth--;
	return depth;
}

/* A list of elements in a document, of which nothing else is known. */
static void assume_document(struct sl_source *source)
{
	struct split *split = split_of(source);
	bool in_list = split->depth > 0 && split->levels[0].kind == SPLIT_DOCUMENT_LIST;

	split->depth = in_list ? 1 : 0;
	split->levels[split->depth].kind = SPLIT_OBJECT;
	split->levels[split->depth++].seen = 0;
	split->levels[split->depth++].kind = SPLIT_ELEMENT_LIST;
	if (split->kind != SL_UNIT_RESOURCE_LOGS)
		split->kind = SL_UNIT_RESOURCE_SPANS;
	split->has_keys = true;
	if (!split->has_telemetry)
		split_count(source, split->kind == SL_UNIT_RESOURCE_LOGS ? SL_SIGNAL_LOGS
									 : SL_SIGNAL_SPANS);
}

/* To the list that a ScopeSpans or a span is of, or one that stands for it. */
static void to_list(struct sl_source *source, enum split_level list)
{
	struct split *split = split_of(source);
	unsigned depth = depth_of(split, list);

	if (depth == 0)
		split_push_list(source, list);
	else
		split->depth = depth;
}

/* At a part. */
static enum split_progress go_on(struct sl_source *source, enum sl_json_part part)
{
	struct split *split = split_of(source);
	unsigned depth = depth_of(split, SPLIT_ELEMENT_LIST);

	if (part == SL_JSON_REQUEST) {
		if (split->depth == 0 || split->levels[0].kind != SPLIT_DOCUMENT_LIST)
			return SPLIT_DONE;
		split->depth = 1;
		return split_go_to(source, SPLIT_AT_VALUE);
	}
	if (depth == 0 && (part == SL_JSON_RESOURCES || depth_of(split, SPLIT_SCOPE_LIST) == 0))
		assume_document(source);
	else if (part == SL_JSON_RESOURCES)
		split->depth = depth;
	if (part == SL_JSON_SCOPES ||
	    (part == SL_JSON_RECORD && split_top(split) != SPLIT_RECORD_LIST))
		to_list(source, SPLIT_SCOPE_LIST);
	if (part == SL_JSON_RECORD)
		to_list(source, SPLIT_RECORD_LIST);
	split->told = false;
	return split_go_to(source, SPLIT_AT_VALUE);
}

/* What may follow where an element of the list on top is damaged. */
static enum sl_json_part least_behind(const struct split *split)
{
	if (split->coarse)
		return SL_JSON_RECORD;
	switch (split_top(split)) {
	case SPLIT_SCOPE_LIST:
		return SL_JSON_SCOPES;
	case SPLIT_RECORD_LIST:
		return SL_JSON_RECORD;
	default:
		return SL_JSON_RESOURCES;
	}
}

/* As far as the damage is to reach.  If nobody has looked at all of that, what comes may be of any
 * list. */
static void emit_broken(struct sl_source *source, size_t len)
{
	struct split *split = split_of(source);
	bool coarse = split->coarse;

	split_emit(source, len, UNIT_BROKEN);
	if (!coarse)
		return;
	while (split->depth > 0 && split_top(split) > SPLIT_ELEMENT_LIST)
		split->depth--;
	split_forget_lists(source);
}

enum split_progress split_misled(struct sl_source *source)
{
	struct split *split = split_of(source);
	size_t at, len = window_len(source);
	enum sl_json_part part;

	if (split_spent(source))
		split->coarse = split->misled = true;
	if (split->coarse && split->searched < COARSE_BYTES)
		split->searched = COARSE_BYTES;
	part = find_part(source, least_behind(split), &at);
	if (part != SL_JSON_NO_PART) {
		emit_broken(source, at);
		return go_on(source, part);
	}
	if (source->ended) {
		split_emit(source, len, UNIT_CUT);
		return SPLIT_DONE; /* the reader tells of it */
	}
	if (!split->misled || len < LARGE_BYTES)
		return SPLIT_MORE;
	if (split_divisible(source))
		return split_begin_survey(source);
	emit_broken(source, split->searched);
	split->told = true;
	split->searched = 0;
	return split_go_to(source, SPLIT_ADRIFT);
}

enum split_progress split_adrift(struct sl_source *source)
{
	struct split *split = split_of(source);
	size_t at, len = window_len(source);
	enum sl_json_part part = find_part(source, SL_JSON_RECORD, &at);

	if (part != SL_JSON_NO_PART) {
		window_consume_lines(source, at);
		return go_on(source, part);
	}
	if (source->ended)
		return SPLIT_MORE;
	window_consume_lines(source, len - (len < JUDGED_BYTES ? len : JUDGED_BYTES));
	split->searched = 0;
	return SPLIT_MORE;
}
