/* OTLP as JSON: each object stands behind a comma, except the first of its array. */
#include "payload.h"
#include "spanline/json.h"

static size_t json_prefix(char *at, unsigned field, size_t len, bool first)
{
	(void)field, (void)len;
	at[0] = ',';
	return first ? 0 : 1;
}

static enum sl_status json_span(const struct encoders *encoders, const struct sl_span *span,
				struct sl_buffer *out, struct sl_error *err)
{
	sl_otlp_json_span(span, out, encoders->notes, encoders->bad_text);
	return out->failed ? sl_fail_memory(err) : SL_OK;
}

static enum sl_status json_resource_head(const struct encoders *encoders,
					 const struct sl_resource *resource, struct sl_buffer *out,
					 struct sl_error *err)
{
	sl_buffer_add_byte(out, '{');
	if (resource->present) {
		sl_buffer_add_literal(out, "\"resource\":");
		sl_otlp_json_resource(resource, out, encoders->notes, encoders->bad_text);
		sl_buffer_add_byte(out, ',');
	}
	sl_buffer_add_literal(out, "\"scopeSpans\":[");
	return out->failed ? sl_fail_memory(err) : SL_OK;
}

static enum sl_status json_scope_head(const struct encoders *encoders, const struct sl_scope *scope,
				      struct sl_buffer *out, struct sl_error *err)
{
	sl_buffer_add_byte(out, '{');
	if (scope->present) {
		sl_buffer_add_literal(out, "\"scope\":");
		sl_otlp_json_scope(scope, out, encoders->notes, encoders->bad_text);
		sl_buffer_add_byte(out, ',');
	}
	sl_buffer_add_literal(out, "\"spans\":[");
	return out->failed ? sl_fail_memory(err) : SL_OK;
}

static void json_tail(struct sl_slice schema_url, const struct encoders *encoders,
		      struct sl_buffer *out)
{
	sl_buffer_add_byte(out, ']');
	if (schema_url.len != 0) {
		sl_buffer_add_literal(out, ",\"schemaUrl\":");
		if (!(encoders->bad_text == SL_BAD_TEXT_KEPT
			      ? sl_json_write_kept(out, schema_url)
			      : sl_json_write_string(out, schema_url)))
			encoders->notes->count[SL_NOTE_REPLACED_UTF8]++;
	}
	sl_buffer_add_byte(out, '}');
}

const struct payload payload_json = {
	.span = json_span,
	.resource_head = json_resource_head,
	.scope_head = json_scope_head,
	.tail = json_tail,
	.prefix = json_prefix,
};
