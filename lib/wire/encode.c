/*
 * Spans, resources and scopes as protobuf.  A message is written from its end to its beginning: its
 * length is known when it is to be written, so that nothing is measured before or moved after.
 */
#include "fields.h"
#include "spanline/text.h"
#include <stdlib.h>

struct sl_wire_encoder {
	char *room; /* owned: what is written are its last `len` bytes */
	size_t capacity, len;
	bool failed;		   /* no memory */
	bool too_large;		   /* more than protobuf allows */
	struct sl_arena arena;	   /* text that is repaired */
	struct sl_notes *notes;	   /* or NULL: text is not looked at */
	enum sl_bad_text bad_text; /* otherwise */
	unsigned depth;		   /* of the value that is written */
};

enum { FIRST_ROOM = 4096, TAG_ROOM = 2, VARINT_ROOM = 10 };

enum sl_status sl_wire_encoder_open(struct sl_wire_encoder **encoder, struct sl_error *err)
{
	*encoder = calloc(1, sizeof(**encoder));
	return *encoder != NULL ? SL_OK : sl_fail_memory(err);
}

void sl_wire_encoder_close(struct sl_wire_encoder *encoder)
{
	if (encoder == NULL)
		return;
	sl_arena_free(&encoder->arena);
	free(encoder->room);
	free(encoder);
}

void sl_wire_encoder_judge(struct sl_wire_encoder *encoder, struct sl_notes *notes,
			   enum sl_bad_text bad_text)
{
	encoder->notes = notes;
	encoder->bad_text = bad_text;
}

struct sl_slice sl_wire_repair(struct sl_wire_encoder *encoder, struct sl_slice text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	struct sl_slice done = { NULL, 0 };
	char *at;

	if (encoder->notes == NULL || sl_utf8_valid(text))
		return text;
	encoder->notes->count[SL_NOTE_REPLACED_UTF8]++;
	if (encoder->bad_text == SL_BAD_TEXT_KEPT)
		return text;
	at = text.len <= SIZE_MAX / sizeof(replacement)
		     ? sl_arena_alloc(&encoder->arena, text.len * (sizeof(replacement) - 1))
		     : NULL;
	encoder->failed |= at == NULL;
	done.data = at;
	while (at != NULL && text.len != 0) {
		size_t good = sl_utf8_prefix(text), bad;

		memcpy(at + done.len, text.data, good);
		done.len += good;
		text.data += good;
		text.len -= good;
		if (text.len == 0)
			break;
		bad = sl_utf8_bad_length(text);
		memcpy(at + done.len, replacement, sizeof(replacement) - 1);
		done.len += sizeof(replacement) - 1;
		text.data += bad;
		text.len -= bad;
	}
	return done;
}

/* The room at least doubles, what is written stays at its end. */
static bool grow(struct sl_wire_encoder *encoder, size_t len)
{
	size_t capacity = encoder->capacity == 0 ? FIRST_ROOM : encoder->capacity;
	char *room;

	if (len > (size_t)INT32_MAX - encoder->len) {
		encoder->too_large = true;
		return false;
	}
	while (capacity < encoder->len + len)
		capacity *= 2;
	room = malloc(capacity);
	if (room == NULL) {
		encoder->failed = true;
		return false;
	}
	if (encoder->len != 0)
		memcpy(room + capacity - encoder->len,
		       encoder->room + encoder->capacity - encoder->len, encoder->len);
	free(encoder->room);
	encoder->room = room;
	encoder->capacity = capacity;
	return true;
}

/* `len` bytes before what is written: where to write them, or NULL. */
static inline char *before(struct sl_wire_encoder *encoder, size_t len)
{
	if (SL_UNLIKELY(encoder->capacity - encoder->len < len) && !grow(encoder, len))
		return NULL;
	encoder->len += len;
	return encoder->room + encoder->capacity - encoder->len;
}

static inline size_t varint_len(uint64_t number)
{
	/* seven bits in each byte, and one byte at least */
	return ((size_t)(63 - __builtin_clzll(number | 1)) * 9 + 73) / 64;
}

/* What stands before the payload of a field of bytes. */
static inline char *put_head(char *at, unsigned number, size_t len)
{
	*at++ = (char)(number << 3 | WIRE_BYTES);
	if (len >= 0x80)
		return at + sl_wire_write_varint(at, len);
	*at++ = (char)len;
	return at;
}

static void put_bytes(struct sl_wire_encoder *encoder, unsigned number, struct sl_slice bytes)
{
	char *at;

	if (SL_UNLIKELY(bytes.len >= INT32_MAX - TAG_ROOM - VARINT_ROOM)) {
		encoder->too_large = true;
		return;
	}
	at = before(encoder, 1 + varint_len(bytes.len) + bytes.len);
	if (at == NULL)
		return;
	at = put_head(at, number, bytes.len);
	if (bytes.len != 0)
		memcpy(at, bytes.data, bytes.len);
}

/* Fields that have their default are not written, unless the case of a oneof is to be seen. */
static inline void put_optional_bytes(struct sl_wire_encoder *encoder, unsigned number,
				      struct sl_slice bytes)
{
	if (bytes.len != 0)
		put_bytes(encoder, number, bytes);
}

static inline void put_text(struct sl_wire_encoder *encoder, unsigned number, struct sl_slice text)
{
	if (text.len != 0)
		put_bytes(encoder, number, sl_wire_repair(encoder, text));
}

static void put_varint(struct sl_wire_encoder *encoder, unsigned number, uint64_t value)
{
	char *at = before(encoder, 1 + varint_len(value));

	if (at == NULL)
		return;
	at[0] = (char)(number << 3 | WIRE_VARINT);
	(void)sl_wire_write_varint(at + 1, value);
}

static inline void put_optional_varint(struct sl_wire_encoder *encoder, unsigned number,
				       uint64_t value)
{
	if (value != 0)
		put_varint(encoder, number, value);
}

static void put_fixed64(struct sl_wire_encoder *encoder, unsigned number, uint64_t value)
{
	char *at = before(encoder, 1 + sizeof(value));

	if (at == NULL)
		return;
	at[0] = (char)(number << 3 | WIRE_FIXED64);
	for (size_t i = 0; i < sizeof(value); i++)
		at[1 + i] = (char)(value >> (8 * i));
}

static inline void put_optional_fixed64(struct sl_wire_encoder *encoder, unsigned number,
					uint64_t value)
{
	if (value != 0)
		put_fixed64(encoder, number, value);
}

static void put_flags(struct sl_wire_encoder *encoder, unsigned number, uint32_t value)
{
	unsigned tag = number << 3 | WIRE_FIXED32;
	size_t tag_len = varint_len(tag);
	char *at = value != 0 ? before(encoder, tag_len + sizeof(value)) : NULL;

	if (at == NULL)
		return;
	(void)sl_wire_write_varint(at, tag);
	for (size_t i = 0; i < sizeof(value); i++)
		at[tag_len + i] = (char)(value >> (8 * i));
}

/* All since there were `behind` bytes is the message of that field. */
static inline void end_message(struct sl_wire_encoder *encoder, unsigned number, size_t behind)
{
	size_t len = encoder->len - behind;
	char *at = before(encoder, 1 + varint_len(len));

	if (at != NULL)
		(void)put_head(at, number, len);
}

static void put_value(struct sl_wire_encoder *encoder, unsigned number,
		      const struct sl_value *value);

/* A list is begun; `depth` is one less again behind it. */
static void deepen(struct sl_wire_encoder *encoder)
{
	if (++encoder->depth == SL_PARSED_DEPTH + 1 && encoder->notes != NULL)
		encoder->notes->count[SL_NOTE_DEEP_VALUE]++;
}

static void put_attributes(struct sl_wire_encoder *encoder, unsigned number,
			   struct sl_attributes list)
{
	for (size_t i = list.count; i-- > 0;) {
		size_t behind = encoder->len;

		put_value(encoder, 2, &list.items[i].value);
		put_text(encoder, 1, list.items[i].key);
		end_message(encoder, number, behind);
	}
}

static void put_list(struct sl_wire_encoder *encoder, const struct sl_value *value)
{
	bool is_array = value->type == SL_VALUE_ARRAY;
	size_t behind = encoder->len;

	deepen(encoder);
	for (size_t i = value->list.count; is_array && i-- > 0;)
		put_value(encoder, 1, &value->list.items[i].value);
	if (!is_array)
		put_attributes(encoder, 1, value->list);
	encoder->depth--;
	end_message(encoder, is_array ? 5 : 6, behind);
}

/* The case of the oneof is always written, also of "", 0 and false; without one the value is a
 * message without content. */
static void put_value(struct sl_wire_encoder *encoder, unsigned number,
		      const struct sl_value *value)
{
	size_t behind = encoder->len;
	uint64_t bits;

	switch (value->type) {
	case SL_VALUE_EMPTY:
		break;
	case SL_VALUE_STRING:
		put_bytes(encoder, 1, sl_wire_repair(encoder, value->text));
		break;
	case SL_VALUE_BOOL:
		put_varint(encoder, 2, value->boolean);
		break;
	case SL_VALUE_INT:
		put_varint(encoder, 3, (uint64_t)value->integer);
		break;
	case SL_VALUE_DOUBLE:
		memcpy(&bits, &value->number, sizeof(bits));
		put_fixed64(encoder, 4, bits);
		break;
	case SL_VALUE_ARRAY:
	case SL_VALUE_KVLIST:
		put_list(encoder, value);
		break;
	case SL_VALUE_BYTES:
		put_bytes(encoder, 7, value->text);
		break;
	}
	end_message(encoder, number, behind);
}

static void put_events(struct sl_wire_encoder *encoder, unsigned number, const struct sl_span *span)
{
	for (size_t i = span->event_count; i-- > 0;) {
		const struct sl_event *event = &span->events[i];
		size_t behind = encoder->len;

		put_optional_varint(encoder, 4, event->dropped_attributes_count);
		put_attributes(encoder, 3, event->attributes);
		put_text(encoder, 2, event->name);
		put_optional_fixed64(encoder, 1, event->time_unix_nano);
		end_message(encoder, number, behind);
	}
}

static void put_links(struct sl_wire_encoder *encoder, unsigned number, const struct sl_span *span)
{
	for (size_t i = span->link_count; i-- > 0;) {
		const struct sl_link *link = &span->links[i];
		size_t behind = encoder->len;

		put_flags(encoder, 6, link->flags);
		put_optional_varint(encoder, 5, link->dropped_attributes_count);
		put_attributes(encoder, 4, link->attributes);
		put_text(encoder, 3, link->trace_state);
		put_optional_bytes(encoder, 2, link->span_id);
		put_optional_bytes(encoder, 1, link->trace_id);
		end_message(encoder, number, behind);
	}
}

static void put_keys(struct sl_wire_encoder *encoder, unsigned number, const struct sl_slice *keys,
		     size_t count)
{
	for (size_t i = count; i-- > 0;)
		put_bytes(encoder, number, sl_wire_repair(encoder, keys[i]));
}

static void put_entity_refs(struct sl_wire_encoder *encoder, unsigned number,
			    const struct sl_resource *resource)
{
	for (size_t i = resource->entity_ref_count; i-- > 0;) {
		const struct sl_entity_ref *ref = &resource->entity_refs[i];
		size_t behind = encoder->len;

		put_keys(encoder, 4, ref->description_keys, ref->description_key_count);
		put_keys(encoder, 3, ref->id_keys, ref->id_key_count);
		put_text(encoder, 2, ref->type);
		put_text(encoder, 1, ref->schema_url);
		end_message(encoder, number, behind);
	}
}

static void put_status(struct sl_wire_encoder *encoder, unsigned number, const struct sl_span *span)
{
	size_t behind = encoder->len;

	if (span->status_code == SL_STATUS_UNSET && span->status_message.len == 0)
		return;
	put_optional_varint(encoder, 3, (uint64_t)span->status_code);
	put_text(encoder, 2, span->status_message);
	end_message(encoder, number, behind);
}

static void begin(struct sl_wire_encoder *encoder)
{
	sl_arena_reset(&encoder->arena);
	encoder->len = 0;
	encoder->failed = encoder->too_large = false;
}

static enum sl_status finish(const struct sl_wire_encoder *encoder, const char *what,
			     struct sl_buffer *out, struct sl_error *err)
{
	if (encoder->too_large)
		return sl_fail(err, "%s: over 2 GiB are more than protobuf allows", what);
	if (encoder->failed)
		return sl_fail_memory(err);
	if (encoder->len != 0)
		sl_buffer_add(out, encoder->room + encoder->capacity - encoder->len, encoder->len);
	return out->failed ? sl_fail_memory(err) : SL_OK;
}

enum sl_status sl_wire_encode_span(struct sl_wire_encoder *encoder, const struct sl_span *span,
				   struct sl_buffer *out, struct sl_error *err)
{
	begin(encoder);
	put_flags(encoder, 16, span->flags);
	put_status(encoder, 15, span);
	put_optional_varint(encoder, 14, span->dropped_links_count);
	put_links(encoder, 13, span);
	put_optional_varint(encoder, 12, span->dropped_events_count);
	put_events(encoder, 11, span);
	put_optional_varint(encoder, 10, span->dropped_attributes_count);
	put_attributes(encoder, 9, span->attributes);
	put_optional_fixed64(encoder, 8, span->end_unix_nano);
	put_optional_fixed64(encoder, 7, span->start_unix_nano);
	put_optional_varint(encoder, 6, (uint64_t)span->kind);
	put_text(encoder, 5, span->name);
	put_optional_bytes(encoder, 4, span->parent_span_id);
	put_text(encoder, 3, span->trace_state);
	put_optional_bytes(encoder, 2, span->span_id);
	put_optional_bytes(encoder, 1, span->trace_id);
	return finish(encoder, "span", out, err);
}

enum sl_status sl_wire_encode_resource(struct sl_wire_encoder *encoder,
				       const struct sl_resource *resource, struct sl_buffer *out,
				       struct sl_error *err)
{
	begin(encoder);
	put_entity_refs(encoder, 3, resource);
	put_optional_varint(encoder, 2, resource->dropped_attributes_count);
	put_attributes(encoder, 1, resource->attributes);
	return finish(encoder, "resource", out, err);
}

enum sl_status sl_wire_encode_scope(struct sl_wire_encoder *encoder, const struct sl_scope *scope,
				    struct sl_buffer *out, struct sl_error *err)
{
	begin(encoder);
	put_optional_varint(encoder, 4, scope->dropped_attributes_count);
	put_attributes(encoder, 3, scope->attributes);
	put_text(encoder, 2, scope->version);
	put_text(encoder, 1, scope->name);
	return finish(encoder, "scope", out, err);
}
