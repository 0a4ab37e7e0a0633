/* Spans into records: encoded, and their resources and scopes named and rendered once a block. */
#include "forms.h"
#include "identity.h"
#include "known.h"
#include "packed.h"
#include "spanline/sink.h"
#include "spanline/wire.h"
#include <stdlib.h>

/* Where a span cannot be told from its neighbours by its serial. */
enum { NO_SERIAL = 0 };

struct sl_packer {
	const struct payload *payload;
	struct encoders encoders; /* of spans */
	struct encoders of_groups;
	struct sl_notes group_notes; /* a sink counts them, once for what it writes once */
	struct identity identity;
	struct known known;			/* groups of the block, as they are spelled */
	uint64_t resource_serial, scope_serial; /* of the last span */
	size_t resource, scope;			/* and its groups */
};

enum sl_status sl_packer_open(struct sl_packer **packer, const char *to, struct sl_notes *notes,
			      struct sl_error *err)
{
	const struct form *form = form_find(to);
	struct sl_packer *made;
	enum sl_status status;

	*packer = NULL;
	if (form == NULL)
		return sl_fail(err, "no form of output is called '%s'", to);
	made = calloc(1, sizeof(*made));
	if (made == NULL)
		return sl_fail_memory(err);
	made->payload = form->payload;
	status = sl_wire_encoder_open(&made->encoders.wire, err);
	if (status != SL_OK) {
		sl_packer_close(made);
		return status;
	}
	made->encoders.notes = notes;
	made->of_groups =
		(struct encoders){ .wire = made->encoders.wire, .notes = &made->group_notes };
	*packer = made;
	return SL_OK;
}

void sl_packer_judge(struct sl_packer *packer, enum sl_bad_text bad_text)
{
	packer->encoders.judge = packer->of_groups.judge = true;
	packer->encoders.bad_text = packer->of_groups.bad_text = bad_text;
}

void sl_packer_close(struct sl_packer *packer)
{
	if (packer == NULL)
		return;
	sl_wire_encoder_close(packer->encoders.wire);
	identity_free(&packer->identity);
	known_free(&packer->known);
	free(packer);
}

/* Leaves room for a struct that is known later; where it stands. */
static size_t leave_room(struct sl_buffer *out, size_t size)
{
	size_t at = out->len;

	if (sl_buffer_reserve(out, size) != NULL)
		out->len += size;
	return at;
}

/* The record that began at `at` ends here. */
static enum sl_status end_record(struct sl_buffer *out, size_t at, struct packed record,
				 struct sl_error *err)
{
	if (out->failed)
		return sl_fail_memory(err);
	record.len = out->len - at - sizeof(record);
	memcpy(out->data + at, &record, sizeof(record));
	return SL_OK;
}

/* A group of the block that its spelling was met in for the first time. */
struct fresh {
	const struct sl_resource *resource; /* NULL: it is a scope */
	const struct sl_scope *scope;
	size_t parent;
};

static enum sl_status define(struct sl_packer *packer, const struct fresh *fresh,
			     struct sl_buffer *out, struct sl_error *err)
{
	const struct payload *payload = packer->payload;
	bool is_resource = fresh->resource != NULL;
	size_t at = leave_room(out, sizeof(struct packed));
	size_t lengths_at = leave_room(out, sizeof(struct packed_group)), from = out->len;
	struct packed_group lengths;
	enum sl_status status;

	packer->group_notes = (struct sl_notes){ 0 };
	if (is_resource)
		identity_of_resource(&packer->identity, fresh->resource, IDENTITY_OF_CONTENT);
	else
		identity_of_scope(&packer->identity, fresh->scope, IDENTITY_OF_CONTENT);
	if (packer->identity.bytes.failed)
		return sl_fail_memory(err);
	sl_buffer_add_slice(out, sl_buffer_slice(&packer->identity.bytes));
	lengths.identity = out->len - from;
	from = out->len;
	status = is_resource ? payload->resource_head(&packer->of_groups, fresh->resource, out, err)
			     : payload->scope_head(&packer->of_groups, fresh->scope, out, err);
	if (status != SL_OK)
		return status;
	lengths.head = out->len - from;
	payload->tail(is_resource ? fresh->resource->schema_url : fresh->scope->schema_url,
		      &packer->of_groups, out);
	lengths.bad_texts = packer->group_notes.count[SL_NOTE_REPLACED_UTF8];
	lengths.deep_values = packer->group_notes.count[SL_NOTE_DEEP_VALUE];
	status = end_record(out, at, (struct packed){ PACKED_GROUP, (uint32_t)fresh->parent, 0 },
			    err);
	if (status == SL_OK)
		memcpy(out->data + lengths_at, &lengths, sizeof(lengths));
	return status;
}

/* The number of the group that packer->identity spells. */
static enum sl_status enter(struct sl_packer *packer, const struct fresh *fresh, size_t *group,
			    struct sl_buffer *out, struct sl_error *err)
{
	bool is_new = false;

	*group = packer->identity.bytes.failed
			 ? 0
			 : known_find(&packer->known, fresh->parent,
				      sl_buffer_slice(&packer->identity.bytes), &is_new);
	if (*group == 0)
		return sl_fail_memory(err);
	return is_new ? define(packer, fresh, out, err) : SL_OK;
}

/* Sets packer->resource and scope to those of the span, mostly those of the span before. */
static enum sl_status enter_groups(struct sl_packer *packer, const struct sl_span *span,
				   struct sl_buffer *out, struct sl_error *err)
{
	struct fresh resource = { .resource = span->resource }, scope = { .scope = span->scope };
	enum sl_status status = SL_OK;
	bool same = span->resource->serial != NO_SERIAL &&
		    span->resource->serial == packer->resource_serial;

	if (same && span->scope->serial != NO_SERIAL && span->scope->serial == packer->scope_serial)
		return SL_OK;
	packer->resource_serial = packer->scope_serial = NO_SERIAL;
	if (!same) {
		identity_of_resource(&packer->identity, span->resource, IDENTITY_OF_SPELLING);
		status = enter(packer, &resource, &packer->resource, out, err);
	}
	if (status != SL_OK)
		return status;
	scope.parent = packer->resource;
	identity_of_scope(&packer->identity, span->scope, IDENTITY_OF_SPELLING);
	status = enter(packer, &scope, &packer->scope, out, err);
	if (status != SL_OK)
		return status;
	packer->resource_serial = span->resource->serial;
	packer->scope_serial = span->scope->serial;
	return SL_OK;
}

enum sl_status sl_packer_add(struct sl_packer *packer, const struct sl_span *span,
			     struct sl_buffer *out, struct sl_error *err)
{
	const uint64_t *bad_texts = &packer->encoders.notes->count[SL_NOTE_REPLACED_UTF8];
	struct packed record = { PACKED_SPAN, 0, 0 };
	uint64_t before = *bad_texts;
	enum sl_status status;
	size_t at;

	if (out->len == 0) {
		known_forget(&packer->known);
		packer->resource_serial = packer->scope_serial = NO_SERIAL;
	}
	status = enter_groups(packer, span, out, err);
	if (status != SL_OK)
		return status;
	at = leave_room(out, sizeof(struct packed));
	status = packer->payload->span(&packer->encoders, span, out, err);
	if (status != SL_OK)
		return status;
	record.kind = *bad_texts != before ? PACKED_BAD_SPAN : PACKED_SPAN;
	record.group = (uint32_t)packer->scope;
	return end_record(out, at, record, err);
}
