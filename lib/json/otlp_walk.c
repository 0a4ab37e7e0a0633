/* The walk over one ResourceSpans or ResourceLogs. */
#include "otlp_walk.h"
#include <stdlib.h>

/* The queue is full with as many records, or with as many bytes that belong to them. */
enum { QUEUE_RECORDS = 2048, QUEUE_BYTES = 1024 * 1024 };

/* So much may belong to resources that are kept in case that the next is equal. */
enum { KEPT_BYTES = 64 * 1024 };

/* Of arrays. */
static const struct message no_fields;

void walk_init(struct walk *walk, const struct sl_decode_options *options, struct sl_notes *notes)
{
	unsigned depth = options->max_depth != 0 ? options->max_depth : SL_MAX_DEPTH;

	walk->logs = options->signal == SL_SIGNAL_LOGS;
	walk->decoder.max_depth = depth < DEEPEST ? depth : DEEPEST;
	walk->decoder.cursor.notes = notes;
	walk->decoder.cursor.strict = options->strict;
	walk->decoder.as_text = options->text && !options->strict;
}

void walk_free(struct walk *walk)
{
	sl_arena_free(&walk->resource_arena);
	sl_arena_free(&walk->scope_arena);
	sl_arena_free(&walk->record_arena);
	sl_builder_free(&walk->decoder.builder);
	sl_buffer_free(&walk->decoder.odd);
	free(walk->queue);
}

void walk_use_arena(struct walk *walk, struct sl_arena *arena)
{
	walk->decoder.cursor.arena = arena;
	walk->decoder.builder.arena = arena;
}

static void enter(struct walk *walk, const struct message *message)
{
	walk->depth++;
	walk->levels[walk->depth] = members_of(message);
}

static bool enter_array(struct walk *walk)
{
	if (sl_cursor_peek(&walk->decoder.cursor) != '[')
		return sl_cursor_skip_bad_field(&walk->decoder.cursor);
	enter(walk, &no_fields);
	return true;
}

static bool read_schema_url(struct sl_cursor *cursor, struct sl_slice *url)
{
	return sl_cursor_string(cursor, url) || sl_cursor_recover_bad_field(cursor);
}

static size_t arena_used(const struct sl_arena *arena)
{
	return arena->total_bytes - (size_t)(arena->end - arena->at);
}

/* Nothing is queued, and nothing was handed out. */
static void empty_queue(struct walk *walk)
{
	walk->count = walk->ready = walk->handed = 0;
	sl_arena_reset(&walk->record_arena);
}

void walk_forget(struct walk *walk)
{
	sl_arena_reset(&walk->resource_arena);
	/* its address may be that of other bytes next time */
	walk->resource_text = walk->last_resource_text = (struct sl_slice){ NULL, 0 };
}

void walk_begin(struct walk *walk)
{
	empty_queue(walk);
	sl_arena_reset(&walk->scope_arena);
	if (arena_used(&walk->resource_arena) > KEPT_BYTES)
		walk_forget(walk);
	if (walk->resource_text.len != 0) {
		walk->last_resource = walk->resource;
		walk->last_resource_text = walk->resource_text;
	}
	walk->resource_text.len = 0;
	walk->resource = (struct sl_resource){ .serial = ++walk->last_serial };
	walk->start = walk->tried = walk->decoder.cursor.at;
	walk->part = walk->ended = NULL;
	walk->at_element = false;
	walk->resource_end = walk->scope_end = walk->blind = NULL;
	walk->depth = WALK_OUTSIDE;
	enter(walk, walk->logs ? &resource_logs_message : &resource_spans_message);
}

void walk_abandon(struct walk *walk)
{
	walk->depth = WALK_OUTSIDE;
	walk->ended = NULL;
	empty_queue(walk);
}

static bool begin_scope(struct walk *walk)
{
	struct sl_scope *scope;

	if (walk->count == 0)
		sl_arena_reset(&walk->scope_arena);
	scope = sl_arena_alloc(&walk->scope_arena, sizeof(*scope));
	if (scope == NULL)
		return sl_cursor_memory(&walk->decoder.cursor);
	*scope = (struct sl_scope){ .serial = ++walk->last_serial };
	walk->scope = scope;
	walk->scope_end = NULL;
	walk->tried = walk->decoder.cursor.at;
	enter(walk, walk->logs ? &scope_logs_message : &scope_spans_message);
	return true;
}

/* The rest of an array that is only looked over. */
static bool pass_elements(struct sl_cursor *cursor, struct members *level)
{
	while (sl_cursor_next_element(cursor, &level->begun))
		if (!sl_cursor_skip_value(cursor))
			return false;
	return cursor->fault == SL_FAULT_NONE;
}

/* Out of an array, and out of the object around it if its end is known; false: the cursor has a
 * fault instead. */
static bool leave_array(struct walk *walk, const char *object_end)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;

	if (cursor->fault != SL_FAULT_NONE)
		return false;
	walk->depth--;
	if (object_end != NULL && !walk->looking_ahead) {
		walk->depth--;
		cursor->at = object_end;
	}
	return true;
}

/* What is read now can be passed over as a whole. */
static void begin_part(struct walk *walk)
{
	walk->part = walk->tried = walk->decoder.cursor.at;
}

/* The same bytes as in the object before are the same resource. */
static bool repeat_resource(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	struct sl_slice text = walk->last_resource_text;
	struct sl_slice schema_url = walk->resource.schema_url;
	uint64_t serial = walk->resource.serial;

	if (text.len == 0 || !sl_cursor_left(cursor, text.len) ||
	    memcmp(cursor->at, text.data, text.len) != 0)
		return false;
	cursor->at += text.len;
	walk->resource = walk->last_resource;
	walk->resource.schema_url = schema_url;
	walk->resource.serial = serial;
	walk->resource_text = text;
	return true;
}

static bool decode_resource(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	const char *start = cursor->at;

	if (repeat_resource(walk))
		return true;
	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	begin_part(walk);
	walk->resource.present = true;
	cursor->noted = false;
	if (!decode_fields(&walk->decoder, &resource_message, &walk->resource)) {
		walk->resource = (struct sl_resource){ .serial = walk->resource.serial,
						       .schema_url = walk->resource.schema_url };
		return false;
	}
	walk->part = NULL;
	if (!cursor->noted)
		walk->resource_text = (struct sl_slice){ start, (size_t)(cursor->at - start) };
	return true;
}

/* All of it has been read. */
static void settle_resource(struct walk *walk)
{
	const struct sl_resource *last = &walk->last_resource;

	sl_resource_settle(&walk->resource);
	if (walk->resource_text.len != 0 &&
	    walk->resource_text.data == walk->last_resource_text.data &&
	    sl_slice_equal(walk->resource.schema_url, last->schema_url))
		walk->resource.serial = last->serial;
}

/* An element, or a resource or scope, stands at the cursor, where a fault was got over. */
static bool take_element(struct walk *walk)
{
	bool taken = walk->at_element;

	walk->at_element = false;
	return taken;
}

static bool step_in_resource(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	const struct field *field;

	if (!walk->levels[WALK_IN_RESOURCE].begun && sl_cursor_peek(cursor) == 'n') {
		if (!sl_cursor_skip_bad_element(cursor))
			return false;
		walk->depth--;
		return true;
	}
	walk_use_arena(walk, &walk->resource_arena);
	if (take_element(walk))
		return decode_resource(walk);
	field = next_field(cursor, &walk->levels[WALK_IN_RESOURCE]);
	if (field == NULL) {
		if (cursor->fault != SL_FAULT_NONE)
			return false;
		walk->depth--;
		return true;
	}
	if (field->type == FIELD_SCOPES)
		return enter_array(walk);
	if (field->type == FIELD_SCHEMA_URL)
		return read_schema_url(cursor, &walk->resource.schema_url);
	return decode_resource(walk);
}

static bool step_in_scopes(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	struct members *level = &walk->levels[WALK_IN_SCOPES];

	if (walk->looking_ahead && !pass_elements(cursor, level))
		return false;
	if (!walk->looking_ahead &&
	    (take_element(walk) || sl_cursor_next_object(cursor, &level->begun)))
		return begin_scope(walk);
	return leave_array(walk, walk->resource_end);
}

static bool decode_scope(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	struct sl_scope *scope = walk->scope;

	if (sl_cursor_peek(cursor) != '{')
		return sl_cursor_skip_bad_field(cursor);
	begin_part(walk);
	scope->present = true;
	if (!decode_fields(&walk->decoder, &scope_message, scope)) {
		*scope = (struct sl_scope){ .serial = scope->serial,
					    .schema_url = scope->schema_url };
		return false;
	}
	walk->part = NULL;
	return true;
}

static bool step_in_scope(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	const struct field *field;

	walk_use_arena(walk, &walk->scope_arena);
	if (take_element(walk))
		return decode_scope(walk);
	field = next_field(cursor, &walk->levels[WALK_IN_SCOPE]);
	if (field == NULL) {
		if (cursor->fault != SL_FAULT_NONE)
			return false;
		walk->depth--;
		return true;
	}
	if (field->type == FIELD_RECORDS)
		return enter_array(walk);
	if (field->type == FIELD_SCHEMA_URL)
		return read_schema_url(cursor, &walk->scope->schema_url);
	return decode_scope(walk);
}

static bool decode_record(struct walk *walk, union record *record)
{
	struct sl_log *log = &record->log;

	if (!walk->logs) {
		record->span = sl_span_empty;
		record->span.resource = &walk->resource;
		record->span.scope = walk->scope;
		return decode_span(&walk->decoder, &record->span);
	}
	memset(record, 0, sizeof(*record));
	log->resource = &walk->resource;
	if (!decode_fields(&walk->decoder, &log_message, record))
		return false;
	if (log->time_unix_nano == 0)
		log->time_unix_nano = record->observed_unix_nano;
	return true;
}

/* The next record at the end of the queue. */
static bool queue_record(struct walk *walk)
{
	void *queue = walk->queue;

	if (walk->count == walk->capacity &&
	    !sl_array_reserve(&queue, &walk->capacity, walk->count + 1, sizeof(*walk->queue)))
		return sl_cursor_memory(&walk->decoder.cursor);
	walk->queue = queue;
	begin_part(walk);
	if (!decode_record(walk, &walk->queue[walk->count]))
		return false;
	walk->part = NULL;
	walk->count++;
	return true;
}

static bool is_full(const struct walk *walk)
{
	return walk->count >= QUEUE_RECORDS || arena_used(&walk->record_arena) >= QUEUE_BYTES ||
	       arena_used(&walk->scope_arena) >= QUEUE_BYTES;
}

static bool step_in_records(struct walk *walk)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	struct members *level = &walk->levels[WALK_IN_RECORDS];

	if (walk->looking_ahead && !pass_elements(cursor, level))
		return false;
	walk_use_arena(walk, &walk->record_arena);
	if (take_element(walk) && !queue_record(walk))
		return false;
	while (!walk->looking_ahead && sl_cursor_next_element(cursor, &level->begun)) {
		if (SL_UNLIKELY(sl_cursor_peek(cursor) == 'n')) {
			if (!sl_cursor_skip_bad_element(cursor))
				return false;
			continue;
		}
		if (!queue_record(walk))
			return false;
		if (is_full(walk))
			return true;
	}
	return leave_array(walk, walk->scope_end);
}

static bool step(struct walk *walk)
{
	switch (walk->depth) {
	case WALK_IN_RESOURCE:
		return step_in_resource(walk);
	case WALK_IN_SCOPES:
		return step_in_scopes(walk);
	case WALK_IN_SCOPE:
		return step_in_scope(walk);
	default:
		return step_in_records(walk);
	}
}

/* Reads what is left of the level `outermost` and of those in it, but for their records. */
static bool look_ahead(struct walk *walk, enum walk_depth outermost)
{
	struct sl_cursor *cursor = &walk->decoder.cursor;
	enum walk_depth depth = walk->depth;
	const char *at = cursor->at;
	struct members levels[WALK_DEPTHS];
	struct sl_notes notes = *cursor->notes;
	const char *tried = walk->tried;

	memcpy(levels, walk->levels, sizeof(levels));
	walk->looking_ahead = true;
	while (walk->depth >= outermost && step(walk))
		if (walk->depth < WALK_IN_SCOPE && walk->scope_end == NULL)
			walk->scope_end = cursor->at;
	walk->looking_ahead = false;
	if (cursor->fault == SL_FAULT_MEMORY)
		return false;
	if (cursor->fault != SL_FAULT_NONE) {
		*cursor->notes = notes; /* all of it will be read again */
		walk->blind = cursor->fault_at;
		walk->resource_end = walk->scope_end = walk->part = NULL;
		cursor->fault = SL_FAULT_NONE;
	} else if (outermost == WALK_IN_RESOURCE) {
		walk->resource_end = cursor->at;
	}
	memcpy(walk->levels, levels, sizeof(levels));
	walk->depth = depth;
	walk->tried = tried;
	cursor->at = at;
	return true;
}

/* Looks ahead for what is not known of the records in the queue. */
static bool look_around(struct walk *walk)
{
	bool scope_known = walk->depth < WALK_IN_SCOPE || walk->scope_end != NULL;

	if (walk->resource_end == NULL)
		return look_ahead(walk, WALK_IN_RESOURCE);
	return scope_known || look_ahead(walk, WALK_IN_SCOPE);
}

/* What is queued may be handed out, once all is known that it belongs to, or can be. */
static bool let_go(struct walk *walk)
{
	bool resource_known = walk->resource_end != NULL;
	bool sees = walk->blind == NULL || walk->decoder.cursor.at >= walk->blind;

	if (walk->depth != WALK_OUTSIDE && sees && !look_around(walk))
		return false;
	if (!resource_known)
		settle_resource(walk);
	walk->ready = walk->count;
	return true;
}

/* More may become known of the resource and the scope than went with the records before. */
static void renew(struct walk *walk)
{
	walk->resource.serial = ++walk->last_serial;
	walk->resource_text.len = 0;
	if (walk->depth >= WALK_IN_SCOPE)
		walk->scope->serial = ++walk->last_serial;
}

bool walk_on(struct walk *walk)
{
	if (walk->ready != 0) {
		empty_queue(walk);
		if (SL_UNLIKELY(walk->blind != NULL))
			renew(walk);
	}
	while (walk->depth != WALK_OUTSIDE) {
		walk->step = walk->decoder.cursor.at;
		if (!step(walk))
			return false;
		if (walk->depth == WALK_IN_RECORDS && is_full(walk))
			break;
		/* once the resource is known, nothing waits for more than its scope */
		if (walk->depth == WALK_IN_SCOPES && (walk->resource_end != NULL || is_full(walk)))
			break;
	}
	if (walk->depth == WALK_OUTSIDE)
		walk->ended = walk->decoder.cursor.at;
	return let_go(walk);
}

bool walk_resume(struct walk *walk, enum walk_depth depth)
{
	walk->resource_end = walk->scope_end = walk->part = NULL;
	walk->at_element = true;
	if (depth >= WALK_IN_SCOPE && walk->depth < WALK_IN_SCOPE) {
		walk->levels[WALK_IN_SCOPES] = members_of(&no_fields);
		walk->depth = WALK_IN_SCOPES;
		if (!begin_scope(walk))
			return false;
	}
	if (walk->depth < depth)
		walk->levels[depth] = members_of(&no_fields);
	walk->depth = depth;
	for (; depth > WALK_OUTSIDE; depth--)
		walk->levels[depth].begun = true;
	return true;
}

void walk_reopen(struct walk *walk, enum walk_depth depth)
{
	renew(walk);
	walk->resource_end = walk->scope_end = walk->part = NULL;
	walk->depth = depth;
}

void walk_finish(struct walk *walk)
{
	settle_resource(walk);
	walk->ready = walk->count;
	walk->depth = WALK_OUTSIDE;
}
