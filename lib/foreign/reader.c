/* Records into spans: one is read whole, and its spans are handed out one after another. */
#include "foreign.h"
#include <stdlib.h>

enum {
	REREAD_FACTOR = 16, /* so many times are bytes behind damage looked at */
	FREE_BYTES = 4096,
	LARGE_LIST = 4 * 1024 * 1024, /* what has grown for one large trace is not kept */
};

enum sl_status sl_foreign_open(struct sl_foreign_reader **opened,
			       const struct sl_decode_options *options, struct sl_notes *notes,
			       struct sl_error *err)
{
	struct sl_foreign_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return sl_fail_memory(err);
	reader->options = *options;
	reader->max_depth = options->max_depth != 0 ? options->max_depth : SL_MAX_DEPTH;
	reader->builder.arena = &reader->arena;
	reader->cursor = (struct sl_cursor){ .arena = &reader->arena,
					     .notes = notes,
					     .strict = options->strict };
	reader->no_scope.serial = foreign_serial(reader);
	reader->no_resource.serial = foreign_serial(reader);
	*opened = reader;
	return SL_OK;
}

static void free_list(struct foreign_list *list)
{
	free(list->items);
	*list = (struct foreign_list){ 0 };
}

static struct foreign_list *list_of(struct sl_foreign_reader *reader, size_t index)
{
	struct foreign_list *lists[] = { &reader->spans, &reader->losses, &reader->pending,
					 &reader->parts, &reader->links,  &reader->events };

	return index < SL_COUNT(lists) ? lists[index] : NULL;
}

void sl_foreign_close(struct sl_foreign_reader *reader)
{
	struct foreign_list *list;

	if (reader == NULL)
		return;
	for (size_t i = 0; (list = list_of(reader, i)) != NULL; i++)
		free_list(list);
	sl_builder_free(&reader->builder);
	sl_arena_free(&reader->arena);
	origins_free(&reader->origins);
	free(reader);
}

void sl_foreign_start(struct sl_foreign_reader *reader, enum sl_foreign format,
		      struct sl_slice records)
{
	struct sl_cursor *cursor = &reader->cursor;

	reader->format = &foreign_formats[format];
	cursor->begin = cursor->at = records.data;
	cursor->end = records.data + records.len;
	cursor->fault = SL_FAULT_NONE;
	reader->records = records.data;
	reader->spans.count = reader->handed = 0;
	reader->losses.count = reader->told = 0;
	reader->first_other = NULL;
}

const char *sl_foreign_first_other(const struct sl_foreign_reader *reader)
{
	return reader->first_other;
}

struct sl_span *foreign_add_span(struct sl_foreign_reader *reader)
{
	struct sl_span *span = foreign_push(reader, &reader->spans, sizeof(*span));

	if (span == NULL)
		return NULL;
	span->scope = &reader->no_scope;
	span->resource = &reader->no_resource;
	return span;
}

bool foreign_no_span(struct sl_foreign_reader *reader, const char *start)
{
	if (reader->first_other == NULL)
		reader->first_other = start;
	return sl_cursor_note(&reader->cursor, SL_NOTE_NOT_OTLP, start);
}

bool foreign_other(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	const char *start = cursor->at;
	bool strict = cursor->strict, skipped;

	/* what is no JSON may have something in it */
	cursor->strict = true;
	skipped = sl_cursor_skip_value(cursor);
	cursor->strict = strict;
	if (!skipped)
		reader->broken_at = start;
	return skipped && foreign_no_span(reader, start);
}

static bool keep_loss(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	struct foreign_loss loss = { (size_t)(cursor->fault_at - cursor->begin), cursor->fault,
				     cursor->departure, cursor->problem };
	struct foreign_loss *kept = foreign_push(reader, &reader->losses, sizeof(*kept));

	if (kept == NULL)
		return false;
	*kept = loss;
	return true;
}

/* Whether so many bytes may be read once more: all of a record some times, however often it breaks.
 * `at` was reached. */
static bool may_reread(struct sl_foreign_reader *reader, const char *at, size_t bytes)
{
	if (at > reader->furthest)
		reader->furthest = at;
	if (reader->reread + bytes >
	    REREAD_FACTOR * (size_t)(reader->furthest - reader->record) + FREE_BYTES)
		return false;
	reader->reread += bytes;
	return true;
}

/* Where to look for what is whole: behind the fault, or where the value began that it is in. */
static const char *resume_from(struct sl_foreign_reader *reader)
{
	const char *from = reader->broken_at, *fault_at = reader->cursor.fault_at;

	reader->broken_at = NULL;
	if (from == NULL || from > fault_at ||
	    !may_reread(reader, fault_at, (size_t)(fault_at - from)))
		from = fault_at;
	/* never to the same object again */
	return from > reader->tried ? from : reader->tried + 1;
}

bool foreign_resume(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;
	size_t looked = 0;

	if (cursor->fault == SL_FAULT_MEMORY || !keep_loss(reader))
		return false;
	cursor->at = resume_from(reader);
	cursor->fault = SL_FAULT_NONE;
	while (cursor->at < cursor->end) {
		const char *brace = memchr(cursor->at, '{', (size_t)(cursor->end - cursor->at));

		cursor->at = brace != NULL ? brace : cursor->end;
		if (brace != NULL && may_reread(reader, brace, looked)) {
			if (reader->format->resumes(foreign_keys_of(cursor, 0, &looked))) {
				reader->tried = brace;
				return true;
			}
		}
		cursor->at += brace != NULL;
	}
	return false;
}

bool foreign_leave(struct sl_foreign_reader *reader)
{
	reader->resume_at = reader->cursor.at;
	return sl_cursor_syntax(&reader->cursor, "");
}

static void go_on(struct sl_foreign_reader *reader)
{
	reader->cursor.fault = SL_FAULT_NONE;
	reader->cursor.at = reader->resume_at;
	reader->resume_at = NULL;
}

/* Over what may stand between records. */
static void skip_between(struct sl_cursor *cursor)
{
	static const char between[] = " \t\r\n,]}\x1e";

	while (cursor->at < cursor->end && *cursor->at != '\0' &&
	       strchr(between, *cursor->at) != NULL)
		cursor->at++;
}

static void forget_record(struct sl_foreign_reader *reader)
{
	struct foreign_list *list;

	for (size_t i = 0; (list = list_of(reader, i)) != NULL; i++) {
		list->count = 0;
		if (list->capacity > LARGE_LIST)
			free_list(list);
	}
	reader->handed = reader->told = 0;
	reader->broken_at = NULL;
	reader->builder.height = 0;
	sl_arena_reset(&reader->arena);
	origins_start(&reader->origins);
}

/* The next record; false: there is none. */
static bool read_record(struct sl_foreign_reader *reader)
{
	struct sl_cursor *cursor = &reader->cursor;

	forget_record(reader);
	skip_between(cursor);
	if (cursor->at == cursor->end)
		return false;
	cursor->notes->messages[SL_SIGNAL_SPANS]++;
	reader->record = reader->furthest = cursor->at;
	reader->tried = cursor->at;
	reader->reread = 0;
	while (!reader->format->read(reader))
		if (reader->resume_at != NULL)
			go_on(reader);
		else if (reader->cursor.fault == SL_FAULT_NONE || !foreign_resume(reader))
			break; /* what was lost is told, and nothing stands behind it */
	return true;
}

static enum sl_status tell_loss(struct sl_foreign_reader *reader, struct sl_error *err)
{
	struct foreign_loss *loss =
		(struct foreign_loss *)(void *)reader->losses.items + reader->told++;
	bool cut = loss->fault == SL_FAULT_CUT;

	return sl_reject(err, cut ? SL_TRUNCATED : SL_MALFORMED, loss->offset,
			 loss->departure ? "not allowed with --strict: %s" : "%s", loss->problem);
}

enum sl_status sl_foreign_next(struct sl_foreign_reader *reader, const struct sl_span **span,
			       struct sl_error *err)
{
	for (;;) {
		if (SL_LIKELY(reader->handed < reader->spans.count)) {
			*span = (struct sl_span *)(void *)reader->spans.items + reader->handed++;
			return SL_OK;
		}
		if (reader->told < reader->losses.count)
			return tell_loss(reader, err);
		if (reader->cursor.fault == SL_FAULT_MEMORY)
			return sl_fail_memory(err);
		if (!read_record(reader))
			return SL_END;
	}
}
