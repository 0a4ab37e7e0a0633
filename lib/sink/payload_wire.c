/* OTLP as protobuf: each message stands behind its tag and length. */
#include "payload.h"
#include "spanline/wire.h"

/* Of ResourceSpans and of ScopeSpans. */
enum { FIELD_HEADER = 1, FIELD_SCHEMA_URL = 3 };

static size_t wire_prefix(char *at, unsigned field, size_t len, bool first)
{
	(void)first;
	at[0] = (char)(field << 3 | 2);
	return 1 + sl_wire_write_varint(at + 1, len);
}

static struct sl_wire_encoder *encoder_of(const struct encoders *encoders)
{
	sl_wire_encoder_judge(encoders->wire, encoders->judge ? encoders->notes : NULL,
			      encoders->bad_text);
	return encoders->wire;
}

static enum sl_status wire_span(const struct encoders *encoders, const struct sl_span *span,
				struct sl_buffer *out, struct sl_error *err)
{
	return sl_wire_encode_span(encoder_of(encoders), span, out, err);
}

/* Before the message that is all of `out` from `at` on. */
static void add_prefix(struct sl_buffer *out, size_t at, unsigned field)
{
	char prefix[PREFIX_ROOM];
	size_t len = wire_prefix(prefix, field, out->len - at, false);

	if (sl_buffer_reserve(out, len) == NULL)
		return;
	memmove(out->data + at + len, out->data + at, out->len - at);
	memcpy(out->data + at, prefix, len);
	out->len += len;
}

static enum sl_status wire_resource_head(const struct encoders *encoders,
					 const struct sl_resource *resource, struct sl_buffer *out,
					 struct sl_error *err)
{
	size_t at = out->len;
	enum sl_status status;

	if (!resource->present)
		return SL_OK;
	status = sl_wire_encode_resource(encoder_of(encoders), resource, out, err);
	if (status == SL_OK)
		add_prefix(out, at, FIELD_HEADER);
	return status;
}

static enum sl_status wire_scope_head(const struct encoders *encoders, const struct sl_scope *scope,
				      struct sl_buffer *out, struct sl_error *err)
{
	size_t at = out->len;
	enum sl_status status;

	if (!scope->present)
		return SL_OK;
	status = sl_wire_encode_scope(encoder_of(encoders), scope, out, err);
	if (status == SL_OK)
		add_prefix(out, at, FIELD_HEADER);
	return status;
}

static void wire_tail(struct sl_slice schema_url, const struct encoders *encoders,
		      struct sl_buffer *out)
{
	size_t at = out->len;

	if (schema_url.len == 0)
		return;
	sl_buffer_add_slice(out, sl_wire_repair(encoder_of(encoders), schema_url));
	if (!out->failed)
		add_prefix(out, at, FIELD_SCHEMA_URL);
}

const struct payload payload_wire = {
	.span = wire_span,
	.resource_head = wire_resource_head,
	.scope_head = wire_scope_head,
	.tail = wire_tail,
	.prefix = wire_prefix,
};
