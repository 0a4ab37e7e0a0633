/*
 * How reading goes on after a fault: behind the smallest thing that is lost.  That is a record, a
 * resource or a scope where its end is plain to see; else all up to the next thing that can be told
 * for what it is (otlp_anchor.h).  What was read before is not read again, so nothing comes twice.
 */
#include "otlp_reader.h"

static const char *later(const char *a, const char *b)
{
	return a > b ? a : b;
}

/* Where the next thing may begin at the earliest. */
static const char *search_from(const struct sl_json_reader *reader, const char *fault_at)
{
	const struct walk *walk = &reader->walk;

	if (walk->depth == WALK_OUTSIDE)
		return later(reader->step, reader->document + 1);
	if (walk->part == NULL && walk->depth == WALK_IN_RECORDS)
		return later(fault_at, walk->tried + 1);
	/* a request was taken for an element of one that is cut */
	if (fault_at == walk->tried + 1 && *fault_at == '"')
		return walk->tried;
	return later(walk->step, walk->tried + 1);
}

/* The next anchor.  It may stand in the middle of what was read in vain: it is limited how often
 * that is read again. */
static struct anchor find_next(struct sl_json_reader *reader, const char *fault_at)
{
	const struct walk *walk = &reader->walk;
	const char *from = search_from(reader, fault_at);
	struct anchor anchor = find_anchor(&reader->search, walk, from);
	size_t again;

	/* there it has just begun so, and failed */
	if (anchor.at == reader->went_on.at && anchor.kind == reader->went_on.kind)
		anchor = find_anchor(&reader->search, walk, anchor.at + 1);
	again = fault_at > anchor.at ? (size_t)(fault_at - anchor.at) : 0;
	if (again > reader->may_reread)
		return find_anchor(&reader->search, walk, fault_at);
	reader->may_reread -= again;
	return anchor;
}

static char next_ink(struct sl_cursor *cursor)
{
	cursor->at++;
	sl_cursor_skip_space(cursor);
	return sl_cursor_peek(cursor);
}

/* The cursor is at the ',' before a member that the message has. */
static bool is_before_member(const struct sl_cursor *cursor, const struct message *message)
{
	struct sl_slice key;

	return sl_cursor_peek(cursor) == ',' && first_key(cursor->at, cursor->end, &key) &&
	       message_has(message, key);
}

/* What stands at the cursor may follow a record. */
static bool may_follow_record(struct sl_json_reader *reader, struct sl_cursor *cursor)
{
	const struct walk *walk = &reader->walk;

	if (sl_cursor_peek(cursor) == ',')
		return next_ink(cursor) == '{' && may_be_record(&reader->search, walk, cursor->at);
	if (sl_cursor_peek(cursor) != ']')
		return false;
	if (next_ink(cursor) != '}')
		return is_before_member(cursor, walk->levels[WALK_IN_SCOPE].message);
	if (next_ink(cursor) != ',')
		return sl_cursor_peek(cursor) == ']';
	return next_ink(cursor) == '{' && is_scope_spans(&reader->search, walk, cursor->at);
}

/* What stands at the cursor may follow the value of a member. */
static bool may_follow_member(const struct walk *walk, struct sl_cursor *cursor)
{
	if (sl_cursor_peek(cursor) != '}')
		return is_before_member(cursor, walk->levels[walk->depth].message);
	return next_ink(cursor) == ',' ? next_ink(cursor) == '{' : sl_cursor_peek(cursor) == ']';
}

/*
 * The end of the part; NULL: it is not plain.  Plain it is if nothing that can be told for what it
 * is begins before (at `limit`), and the part is whole by grammar and only not what it should be,
 * or by its brackets, and what follows fits.
 */
static const char *end_of_part(struct sl_json_reader *reader, bool refused, const char *fault_at,
			       const char *limit)
{
	const struct walk *walk = &reader->walk;
	struct sl_cursor trial = walk->decoder.cursor;
	const char *end;
	bool fits;

	if (walk->depth == WALK_OUTSIDE || walk->part == NULL)
		return NULL;
	trial.at = walk->part;
	trial.end = limit;
	trial.strict = refused;
	if ((!refused && *walk->part != '{') || !sl_cursor_skip_value(&trial))
		return NULL;
	if (refused)
		return trial.at;
	if (trial.at <= fault_at || trial.at[-1] != '}')
		return NULL;
	end = trial.at;
	trial.end = walk->decoder.cursor.end;
	sl_cursor_skip_space(&trial);
	fits = walk->depth == WALK_IN_RECORDS ? may_follow_record(reader, &trial)
					      : may_follow_member(walk, &trial);
	return fits ? end : NULL;
}

/* Leaves the request for what stands at the cursor. */
static void leave_document(struct sl_json_reader *reader, bool in_line)
{
	reader->in_pieces = reader->in_pieces || in_line ||
			    (reader->depth > 0 && reader->levels[0].kind == IN_ARRAY);
	reader->kind = SL_JSON_DOCUMENTS;
	reader->depth = 0;
}

/* To the array that the element at the cursor is of; or what is left of it. */
static void leave_part(struct sl_json_reader *reader)
{
	unsigned depth = reader->depth;

	while (depth > 0 && reader->levels[depth - 1].kind != IN_RESOURCES)
		depth--;
	if (depth == 0) {
		leave_document(reader, true);
		return;
	}
	reader->depth = depth;
	reader->levels[depth - 1].begun = true;
	reader->at_element = true;
}

static bool go_on_at(struct sl_json_reader *reader, struct anchor anchor)
{
	static const enum walk_depth depths[] = {
		[ANCHOR_RESOURCE] = WALK_IN_RESOURCE,
		[ANCHOR_SCOPE_SPANS] = WALK_IN_SCOPES,
		[ANCHOR_SCOPE] = WALK_IN_SCOPE,
		[ANCHOR_RECORD] = WALK_IN_RECORDS,
	};
	struct walk *walk = &reader->walk;

	cursor_of(reader)->at = reader->whole = anchor.at;
	reader->went_on = anchor;
	if (depths[anchor.kind % SL_COUNT(depths)] != WALK_OUTSIDE) {
		if (walk->depth == WALK_OUTSIDE) {
			leave_document(reader, true);
			walk_begin(walk);
		}
		return walk_resume(walk, depths[anchor.kind]);
	}
	if (walk->depth != WALK_OUTSIDE)
		walk_finish(walk);
	if (anchor.kind == ANCHOR_RESOURCE_SPANS)
		leave_part(reader);
	else
		leave_document(reader, anchor.in_line);
	return true;
}

/* Over a whole document that is not what it should be. */
static bool skip_document(struct sl_json_reader *reader)
{
	struct sl_cursor *cursor = cursor_of(reader);
	const struct level *level = &reader->levels[reader->depth > 0 ? reader->depth - 1 : 0];
	bool strict = cursor->strict, skipped;

	/* no array: one that has lost its bracket, perhaps */
	if (reader->depth > 0 && level->kind == IN_RESOURCES && !level->begun)
		return false;
	cursor->at = reader->document;
	cursor->strict = false; /* what is wrong has been told */
	skipped = sl_cursor_skip_value(cursor);
	cursor->strict = strict;
	cursor->fault = SL_FAULT_NONE;
	if (!skipped)
		return false;
	reader->depth = reader->document_depth;
	reader->whole = cursor->at;
	return true;
}

static void give_up(struct sl_json_reader *reader)
{
	sl_json_start(reader, SL_JSON_DOCUMENTS, (struct sl_slice){ cursor_of(reader)->end, 0 });
}

/* Behind the part whose end is plain to see, or else at the next anchor. */
static bool go_on(struct sl_json_reader *reader, bool refused, const char *fault_at)
{
	struct walk *walk = &reader->walk;
	struct anchor anchor;
	const char *end;

	if (refused && walk->depth == WALK_OUTSIDE && skip_document(reader))
		return true;
	anchor = find_next(reader, fault_at);
	end = end_of_part(reader, refused, fault_at, anchor.at);
	if (end == NULL && refused)
		end = end_of_part(reader, false, fault_at, anchor.at);
	if (end == NULL)
		return go_on_at(reader, anchor);
	cursor_of(reader)->at = end;
	walk->part = NULL;
	return true;
}

/* Behind the bracket that closed a ResourceSpans or a ScopeSpans stands a member of it: that was no
 * bracket, or not this one. */
static void reopen(struct sl_json_reader *reader, const char *fault_at)
{
	struct walk *walk = &reader->walk;
	const char *begin = cursor_of(reader)->begin, *before;
	bool outside = walk->depth == WALK_OUTSIDE;
	enum walk_depth depth = outside ? WALK_IN_RESOURCE : WALK_IN_SCOPE;
	struct sl_slice key;

	if (fault_at == begin || (!outside && walk->depth != WALK_IN_SCOPES))
		return;
	before = ink_before(fault_at, begin);
	if (*before == '}' && (!outside || before + 1 == walk->ended) &&
	    first_key(fault_at - 1, cursor_of(reader)->end, &key) &&
	    message_has(walk->levels[depth].message, key))
		walk_reopen(walk, depth);
}

void resume(struct sl_json_reader *reader)
{
	struct sl_cursor *cursor = cursor_of(reader);
	enum sl_fault fault = cursor->fault;
	/* strict: nobody reads on, and such a ResourceSpans is refused as a whole */
	bool ends = fault == SL_FAULT_MEMORY ||
		    (cursor->departure && reader->walk.depth != WALK_OUTSIDE &&
		     reader->walk.part == NULL);

	cursor->fault = SL_FAULT_NONE;
	reopen(reader, cursor->fault_at);
	if (ends || !go_on(reader, fault == SL_FAULT_REFUSED, cursor->fault_at))
		give_up(reader);
}

/* A newline with a bracket behind it, from `at` on: where documents usually begin. */
static const char *find_line(const char *at, const char *end)
{
	while (at < end) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (at == NULL)
			break;
		at++;
		if (at < end && (*at == '{' || *at == '['))
			return at;
	}
	return end;
}

void resume_behind_line(struct sl_json_reader *reader)
{
	struct sl_cursor *cursor = cursor_of(reader);
	const char *read_until = cursor->fault != SL_FAULT_NONE ? cursor->fault_at : cursor->at;
	const char *from = reader->whole;
	size_t again = read_until > from ? (size_t)(read_until - from) : 0;
	enum sl_fault fault = cursor->fault;

	cursor->fault = SL_FAULT_NONE;
	if (fault == SL_FAULT_MEMORY) {
		give_up(reader);
		return;
	}
	if (fault == SL_FAULT_REFUSED && skip_document(reader))
		return;
	cursor->fault = SL_FAULT_NONE;
	/* any object may stand in an attribute of a line: only lines tell */
	if (again > reader->may_reread)
		from = read_until;
	else
		reader->may_reread -= again;
	cursor->at = reader->kind == SL_JSON_DOCUMENTS ? find_line(from, cursor->end) : cursor->end;
	leave_document(reader, false);
}
