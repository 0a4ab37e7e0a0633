/* The ends of a span line that many spans share: service, scope and resource, rendered once. */
#include "write_line.h"
#include "write_string.h"
#include "write_value.h"

static bool write_schema_url(struct sl_buffer *out, struct sl_slice url)
{
	return write_text_member(out, SL_SLICE(",\"schema_url\":"), url);
}

static bool write_keys(struct sl_buffer *out, struct sl_slice member, const struct sl_slice *keys,
		       size_t count)
{
	bool plain = true;

	if (count == 0)
		return true;
	sl_buffer_add_slice(out, member);
	for (size_t i = 0; i < count; i++) {
		sl_buffer_add_byte(out, i == 0 ? '[' : ',');
		plain &= write_string(out, keys[i]);
	}
	sl_buffer_add_byte(out, ']');
	return plain;
}

static bool write_entity_ref(struct sl_buffer *out, const struct sl_entity_ref *ref)
{
	size_t start = out->len;
	bool plain = write_schema_url(out, ref->schema_url);

	plain &= write_text_member(out, SL_SLICE(",\"type\":"), ref->type);
	plain &= write_keys(out, SL_SLICE(",\"id_keys\":"), ref->id_keys, ref->id_key_count);
	plain &= write_keys(out, SL_SLICE(",\"description_keys\":"), ref->description_keys,
			    ref->description_key_count);
	close_object(out, start);
	return plain;
}

static bool write_entity_refs(struct sl_buffer *out, const struct sl_resource *resource)
{
	bool plain = true;

	if (resource->entity_ref_count == 0)
		return true;
	sl_buffer_add_literal(out, ",\"entity_refs\":");
	for (size_t i = 0; i < resource->entity_ref_count; i++) {
		sl_buffer_add_byte(out, i == 0 ? '[' : ',');
		plain &= write_entity_ref(out, &resource->entity_refs[i]);
	}
	sl_buffer_add_byte(out, ']');
	return plain;
}

static void exact_keys(struct exact_writer *exact, struct sl_slice member,
		       const struct sl_slice *keys, size_t count)
{
	size_t list, len = exact->path.len;

	exact_step(exact, member);
	list = exact->path.len;
	for (size_t i = 0; i < count; i++) {
		exact_step_index(exact, i);
		exact_text_here(exact, keys[i]);
		exact_back(exact, list);
	}
	exact_back(exact, len);
}

static void exact_entity_refs(struct exact_writer *exact, const struct sl_resource *resource)
{
	size_t list, len = exact->path.len;

	exact_step(exact, SL_SLICE("entity_refs"));
	list = exact->path.len;
	for (size_t i = 0; i < resource->entity_ref_count; i++) {
		const struct sl_entity_ref *ref = &resource->entity_refs[i];

		exact_step_index(exact, i);
		exact_text(exact, SL_SLICE("schema_url"), ref->schema_url);
		exact_text(exact, SL_SLICE("type"), ref->type);
		exact_keys(exact, SL_SLICE("id_keys"), ref->id_keys, ref->id_key_count);
		exact_keys(exact, SL_SLICE("description_keys"), ref->description_keys,
			   ref->description_key_count);
		exact_back(exact, list);
	}
	exact_back(exact, len);
}

/*
 * A message that is there but empty has to differ from one that is not: with nothing else in it, an
 * object with a schema_url alone means that there is none.
 */
static void write_presence(struct sl_buffer *out, bool present)
{
	if (present)
		sl_buffer_add_literal(out, ",\"attributes\":{}");
}

static void write_resource(struct exact_writer *exact, const struct sl_resource *resource,
			   struct sl_buffer *out)
{
	size_t start = out->len, with_url;
	bool plain = write_schema_url(out, resource->schema_url);

	with_url = out->len;
	plain &= write_attributes_members(out, resource->attributes, resource->service,
					  resource->dropped_attributes_count);
	plain &= write_entity_refs(out, resource);
	if (out->len == with_url && with_url > start)
		write_presence(out, resource->present && resource->service == NULL);
	if (!plain) {
		exact_begin(exact, out);
		exact_text(exact, SL_SLICE("schema_url"), resource->schema_url);
		exact_attributes(exact, resource->attributes, resource->service);
		exact_entity_refs(exact, resource);
		exact_end(exact);
	}
	close_object(out, start);
}

static bool resource_is_service_only(const struct sl_resource *resource)
{
	return resource->service != NULL && resource->attributes.count == 1 &&
	       resource->schema_url.len == 0 && resource->dropped_attributes_count == 0 &&
	       resource->entity_ref_count == 0;
}

static void render_resource(struct sl_line_writer *writer, const struct sl_resource *resource)
{
	writer->service.len = 0;
	writer->resource.len = 0;
	if (resource->service != NULL) {
		sl_buffer_add_literal(&writer->service, ",\"service\":");
		write_string(&writer->service, resource->service->value.text);
	}
	if ((!resource->present && resource->schema_url.len == 0) ||
	    resource_is_service_only(resource))
		return;
	sl_buffer_add_literal(&writer->resource, ",\"resource\":");
	write_resource(&writer->exact, resource, &writer->resource);
}

static void write_scope(struct exact_writer *exact, const struct sl_scope *scope,
			struct sl_buffer *out)
{
	size_t start = out->len, len;
	bool plain = write_text_member(out, SL_SLICE(",\"name\":"), scope->name);

	plain &= write_text_member(out, SL_SLICE(",\"version\":"), scope->version);
	len = out->len;
	plain &= write_schema_url(out, scope->schema_url);
	if (len == start && out->len > len && scope->attributes.count == 0 &&
	    scope->dropped_attributes_count == 0)
		write_presence(out, scope->present);
	plain &= write_attributes_members(out, scope->attributes, NULL,
					  scope->dropped_attributes_count);
	if (!plain) {
		exact_begin(exact, out);
		exact_text(exact, SL_SLICE("name"), scope->name);
		exact_text(exact, SL_SLICE("version"), scope->version);
		exact_text(exact, SL_SLICE("schema_url"), scope->schema_url);
		exact_attributes(exact, scope->attributes, NULL);
		exact_end(exact);
	}
	close_object(out, start);
}

static void render_scope(struct sl_line_writer *writer, const struct sl_scope *scope)
{
	writer->scope.len = 0;
	if (!scope->present && scope->schema_url.len == 0)
		return;
	sl_buffer_add_literal(&writer->scope, ",\"scope\":");
	write_scope(&writer->exact, scope, &writer->scope);
}

/* What `kept` was rendered of; the serial 0 is nobody's. */
static bool is_rendered(uint64_t *kept, uint64_t serial)
{
	bool same = *kept == serial && serial != 0;

	*kept = serial;
	return same;
}

void render_origin(struct sl_line_writer *writer, const struct sl_span *span)
{
	struct sl_buffer *tail = &writer->tail;

	if (!is_rendered(&writer->resource_serial, span->resource->serial))
		render_resource(writer, span->resource);
	if (!is_rendered(&writer->scope_serial, span->scope->serial))
		render_scope(writer, span->scope);
	tail->len = 0;
	sl_buffer_add_slice(tail, sl_buffer_slice(&writer->scope));
	sl_buffer_add_slice(tail, sl_buffer_slice(&writer->resource));
	sl_buffer_add_literal(tail, "}\n");
	tail->failed |= writer->service.failed || writer->scope.failed || writer->resource.failed;
}
