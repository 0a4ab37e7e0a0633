/*
 * Requests into spans or log records, one by one: a request holds ResourceSpans (1), these hold
 * ScopeSpans (2, or 1000 until 2022), and these hold spans (2).  Logs have the same form.
 *
 * A level that claims more bytes than there are is read as far as they go, and told of once.
 */
#include "group.h"
#include <stdio.h>
#include <stdlib.h>

/* The walk recurses, and so does the encoder of what was read. */
enum { DEEPEST = 1024 };

enum depth { REQUEST, RESOURCE, SCOPE, DEPTH_COUNT };

/* What is left of the request, of the ResourceSpans or of the ScopeSpans that is being read. */
struct level {
	const char *at, *end;
	const char *field; /* where it stands in the level above */
	bool cut;	   /* it, or what it stands in, claims bytes behind `end` */
	bool overran;	   /* it is the one that claims them, which is still to be told */
};

/* A resource or scope that is kept for as long as the same comes again. */
struct kept {
	struct wire_group group;
	struct sl_arena arena;
	bool known;
};

struct sl_wire_reader {
	struct wire_walk walk;
	enum sl_signal signal;
	const char *start; /* of the bytes */
	enum depth depth;
	struct level levels[DEPTH_COUNT];

	struct wire_group found; /* of the level that was entered last */
	struct kept kept_resource, kept_scope;
	struct sl_resource resource;
	struct sl_scope scope;
	uint64_t last_serial;

	struct sl_arena arena; /* of the span or log record */
	struct sl_span span;
	struct sl_log log;
};

enum sl_status sl_wire_open(struct sl_wire_reader **reader, const struct sl_decode_options *options,
			    struct sl_notes *notes, struct sl_error *err)
{
	struct sl_wire_reader *opened = calloc(1, sizeof(*opened));
	unsigned max_depth = options->max_depth != 0 ? options->max_depth : SL_MAX_DEPTH;

	*reader = opened;
	if (opened == NULL)
		return sl_fail_memory(err);
	opened->walk.notes = notes;
	opened->walk.strict = options->strict;
	opened->walk.max_depth = max_depth < DEEPEST ? max_depth : DEEPEST;
	opened->signal = options->signal;
	return SL_OK;
}

static void free_kept(struct kept *kept)
{
	sl_buffer_free(&kept->group.bytes);
	sl_arena_free(&kept->arena);
}

void sl_wire_close(struct sl_wire_reader *reader)
{
	if (reader == NULL)
		return;
	sl_builder_free(&reader->walk.builder);
	sl_buffer_free(&reader->found.bytes);
	free_kept(&reader->kept_resource);
	free_kept(&reader->kept_scope);
	sl_arena_free(&reader->arena);
	free(reader);
}

void sl_wire_start(struct sl_wire_reader *reader, struct sl_slice bytes, bool truncated)
{
	reader->start = bytes.len != 0 ? bytes.data : "";
	reader->depth = REQUEST;
	reader->levels[REQUEST] = (struct level){ .at = reader->start,
						  .end = reader->start + bytes.len,
						  .field = reader->start,
						  .cut = truncated,
						  .overran = truncated };
}

static size_t offset_of(const struct sl_wire_reader *reader, const char *at)
{
	return (size_t)(at - reader->start);
}

static const char *level_name(const struct sl_wire_reader *reader)
{
	static const char *const of_spans[] = { "message", "ResourceSpans", "ScopeSpans" };
	static const char *const of_logs[] = { "message", "ResourceLogs", "ScopeLogs" };

	return (reader->signal == SL_SIGNAL_LOGS ? of_logs : of_spans)[reader->depth];
}

/* SL_OK: the group of `level` is in *kept, and new.  SL_END: it is what was there before. */
static enum sl_status renew(struct sl_wire_reader *reader, struct kept *kept,
			    const struct level *level, struct sl_error *err)
{
	struct wire_group before = kept->group;

	if (!wire_group_gather(&reader->found, level->at, level->end))
		return sl_fail_memory(err);
	if (kept->known && wire_group_equal(&reader->found, &before))
		return SL_END;
	kept->group = reader->found;
	reader->found = before;
	sl_arena_reset(&kept->arena);
	wire_begin(&reader->walk, &kept->arena);
	return SL_OK;
}

/* What was noted or refused in a group is so again when it comes again: it is not kept then. */
static enum sl_status keep(const struct sl_wire_reader *reader, struct kept *kept, bool whole,
			   const struct level *level, struct sl_error *err)
{
	kept->known = whole && !reader->walk.departed;
	if (whole || (kept->group.cut && !reader->walk.out_of_memory))
		return SL_OK;
	return wire_reject(&reader->walk,
			   kept == &reader->kept_scope ? "part of a scope" : "part of a resource",
			   offset_of(reader, level->at) + kept->group.offset, err);
}

static enum sl_status read_resource(struct sl_wire_reader *reader, const struct level *level,
				    struct sl_error *err)
{
	struct kept *kept = &reader->kept_resource;
	enum sl_status status = renew(reader, kept, level, err);
	bool whole;

	if (status != SL_OK)
		return status == SL_END ? SL_OK : status;
	reader->resource =
		(struct sl_resource){ .serial = ++reader->last_serial | SL_SERIAL_OF_WIRE,
				      .present = kept->group.present,
				      .schema_url = wire_group_schema_url(&kept->group) };
	whole = wire_walk_resource(&reader->walk, wire_group_message(&kept->group),
				   &reader->resource);
	sl_resource_settle(&reader->resource);
	return keep(reader, kept, whole, level, err);
}

static enum sl_status read_scope(struct sl_wire_reader *reader, const struct level *level,
				 struct sl_error *err)
{
	struct kept *kept = &reader->kept_scope;
	enum sl_status status = renew(reader, kept, level, err);
	bool whole;

	if (status != SL_OK)
		return status == SL_END ? SL_OK : status;
	reader->scope = (struct sl_scope){ .serial = ++reader->last_serial | SL_SERIAL_OF_WIRE,
					   .present = kept->group.present,
					   .schema_url = wire_group_schema_url(&kept->group) };
	whole = wire_walk_scope(&reader->walk, wire_group_message(&kept->group), &reader->scope);
	return keep(reader, kept, whole, level, err);
}

/* The level cannot be read on from `field`; unless that is where it is cut, this is told. */
static enum sl_status stop(struct sl_wire_reader *reader, const char *field, struct sl_error *err)
{
	struct level *level = &reader->levels[reader->depth];
	struct sl_slice payload;
	uint32_t number;
	unsigned wire_type;
	char what[32];

	level->at = level->end;
	if (level->cut && sl_wire_field(field, level->end, &number, &wire_type, &payload) == 0)
		return SL_OK;
	snprintf(what, sizeof(what), "rest of %s", level_name(reader));
	wire_begin(&reader->walk, &reader->arena);
	wire_fault(&reader->walk, field, level->end);
	return wire_reject(&reader->walk, what, offset_of(reader, field), err);
}

/* Into the level below, whose length stands at `at`. */
static enum sl_status descend(struct sl_wire_reader *reader, const char *field, const char *at,
			      struct sl_error *err)
{
	struct level *outer = &reader->levels[reader->depth];
	struct level *inner = outer + 1;
	uint64_t len;
	bool overran;

	at = read_varint(at, outer->end, &len);
	if (at == NULL)
		return stop(reader, field, err);
	overran = len > (size_t)(outer->end - at);
	*inner = (struct level){ .at = at,
				 .end = overran ? outer->end : at + len,
				 .field = field,
				 .cut = overran,
				 .overran = overran && !outer->cut };
	outer->at = inner->end;
	reader->depth++;
	return reader->depth == RESOURCE ? read_resource(reader, inner, err)
					 : read_scope(reader, inner, err);
}

/* The same for the field that instrumentation libraries had until 2022. */
static enum sl_status descend_old(struct sl_wire_reader *reader, const char *field, const char *at,
				  struct sl_error *err)
{
	struct level *level = &reader->levels[reader->depth];

	wire_begin(&reader->walk, &reader->arena);
	wire_depart(&reader->walk, SL_NOTE_OLD_SCOPE_KEY, field);
	if (wire_is_whole(&reader->walk))
		return descend(reader, field, at, err);
	level->at = wire_skip(at, level->end, BYTES(1000));
	if (level->at == NULL)
		return stop(reader, field, err);
	return wire_reject(&reader->walk, "ScopeSpans", offset_of(reader, field), err);
}

/* Out of a level that is used up.  SL_END: it was the request. */
static enum sl_status ascend(struct sl_wire_reader *reader, struct sl_error *err)
{
	struct level *level = &reader->levels[reader->depth];
	const char *name = level_name(reader);
	bool overran = level->overran;

	level->overran = false;
	if (reader->depth == REQUEST) {
		if (!overran)
			return SL_END;
		return sl_reject(err, SL_TRUNCATED, offset_of(reader, level->end),
				 "%s is cut, what is whole in it was read", name);
	}
	reader->depth--;
	if (!overran)
		return SL_OK;
	return sl_reject(err, SL_MALFORMED, offset_of(reader, level->field),
			 "%s runs past the end of its message, what is whole in it was read", name);
}

/* One field of the current level: a way down, or nothing that is looked for. */
static enum sl_status pass(struct sl_wire_reader *reader, const char *field, const char *at,
			   uint32_t tag, struct sl_error *err)
{
	struct level *level = &reader->levels[reader->depth];

	if ((reader->depth == REQUEST && tag == BYTES(1)) ||
	    (reader->depth == RESOURCE && tag == BYTES(2)))
		return descend(reader, field, at, err);
	if (tag == BYTES(1000) && reader->depth == RESOURCE)
		return descend_old(reader, field, at, err);
	at = wire_skip(at, level->end, tag);
	if (at == NULL)
		return stop(reader, field, err);
	level->at = at;
	return SL_OK;
}

/* The bytes of the next span or log record, for which the walk is ready then. */
static enum sl_status next_member(struct sl_wire_reader *reader, struct sl_slice *member,
				  struct sl_error *err)
{
	enum sl_status status = SL_OK;

	while (status == SL_OK) {
		struct level *level = &reader->levels[reader->depth];
		const char *field = level->at, *at, *behind;
		uint32_t tag;

		if (field >= level->end) {
			status = ascend(reader, err);
			continue;
		}
		at = read_tag(field, level->end, &tag);
		if (tag != BYTES(2) || reader->depth != SCOPE) {
			status = pass(reader, field, at, tag, err);
			continue;
		}
		behind = read_bytes(at, level->end, member);
		if (behind != NULL) {
			level->at = behind;
			sl_arena_reset(&reader->arena);
			wire_begin(&reader->walk, &reader->arena);
			return SL_OK;
		}
		status = stop(reader, field, err);
	}
	return status;
}

enum sl_status sl_wire_next(struct sl_wire_reader *reader, const struct sl_span **span,
			    struct sl_error *err)
{
	struct sl_slice message;
	enum sl_status status = next_member(reader, &message, err);

	if (status != SL_OK)
		return status;
	reader->span = sl_span_empty;
	reader->span.scope = &reader->scope;
	reader->span.resource = &reader->resource;
	if (!wire_walk_span(&reader->walk, message, &reader->span))
		return wire_reject(&reader->walk, "span", offset_of(reader, reader->walk.fault_at),
				   err);
	*span = &reader->span;
	return SL_OK;
}

enum sl_status sl_wire_next_log(struct sl_wire_reader *reader, const struct sl_log **log,
				struct sl_error *err)
{
	struct sl_slice message;
	enum sl_status status = next_member(reader, &message, err);

	if (status != SL_OK)
		return status;
	reader->log = (struct sl_log){ .resource = &reader->resource };
	if (!wire_walk_log(&reader->walk, message, &reader->log))
		return wire_reject(&reader->walk, "log record",
				   offset_of(reader, reader->walk.fault_at), err);
	*log = &reader->log;
	return SL_OK;
}
