/* What several formats write alike, and what none of them can hold. */
#include "spanline/json.h"
#include "translate.h"

void add_string(struct translator *translator, struct sl_slice text)
{
	lose(translator, SL_NOTE_REPLACED_UTF8, !sl_json_write_string(translator->out, text));
}

struct sl_slice text_of(struct translator *translator, const struct sl_value *value)
{
	struct sl_buffer *text = &translator->text;

	if (value->type == SL_VALUE_STRING)
		return value->text;
	lose(translator, SL_NOTE_LOST_TYPE, true);
	text->len = 0;
	if (value->type != SL_VALUE_EMPTY)
		sl_json_write_value(text, value);
	translator->out->failed |= text->failed;
	/* bytes and what is no number are strings in JSON */
	if (text->len >= 2 && text->data[0] == '"')
		return (struct sl_slice){ text->data + 1, text->len - 2 };
	return sl_buffer_slice(text);
}

void begin_joined(struct translator *translator)
{
	translator->joined.len = 0;
	translator->out = &translator->joined;
}

void end_joined(struct translator *translator, struct sl_buffer *out)
{
	translator->out = out;
	out->failed |= translator->joined.failed;
	add_string(translator, sl_buffer_slice(&translator->joined));
}

/* In JSON these are strings. */
static bool loses_type(const struct sl_value *value)
{
	return value->type == SL_VALUE_BYTES ||
	       (value->type == SL_VALUE_DOUBLE && value->number - value->number != 0);
}

void add_attributes(struct translator *translator, struct sl_attributes attributes)
{
	struct sl_buffer *out = translator->out;

	tags_clear(&translator->inner);
	sl_buffer_add_byte(out, '{');
	for (size_t i = 0; i < attributes.count; i++) {
		const struct sl_attribute *item = &attributes.items[i];

		if (!tags_add(&translator->inner, item->key)) {
			lose(translator, SL_NOTE_LOST_REPEATED, true);
			continue;
		}
		add_comma(out);
		add_string(translator, item->key);
		sl_buffer_add_byte(out, ':');
		lose(translator, SL_NOTE_LOST_TYPE, loses_type(&item->value));
		if (item->value.type == SL_VALUE_STRING)
			add_string(translator, item->value.text);
		else
			sl_json_write_value(out, &item->value);
	}
	sl_buffer_add_byte(out, '}');
	out->failed |= translator->inner.failed;
}

void lose_rest(struct translator *translator, const struct sl_span *span)
{
	const struct sl_scope *scope = span->scope;
	const struct sl_resource *resource = span->resource;

	lose(translator, SL_NOTE_LOST_FLAGS, span->flags != 0);
	lose(translator, SL_NOTE_LOST_SCOPE, scope->attributes.count != 0);
	lose(translator, SL_NOTE_LOST_SCHEMA,
	     scope->schema_url.len != 0 || resource->schema_url.len != 0 ||
		     resource->entity_ref_count != 0);
	lose(translator, SL_NOTE_LOST_DROPPED,
	     scope->dropped_attributes_count != 0 || resource->dropped_attributes_count != 0);
	lose(translator, SL_NOTE_LOST_ENUM,
	     sl_kind_name(span->kind) == NULL || sl_status_name(span->status_code) == NULL);
	lose(translator, SL_NOTE_LOST_ID,
	     span->trace_id.len != 16 || span->span_id.len != 8 ||
		     (span->parent_span_id.len != 0 && span->parent_span_id.len != 8));
}
