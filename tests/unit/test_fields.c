/* The field table: one row a key of the span line, with what its getter says of one span. */
#include "spanline/span.h"
#include "tap.h"
#include <stdio.h>
#include <stdlib.h>

static struct sl_attribute service = { { "service.name", 12 },
				       { .type = SL_VALUE_STRING, .text = { "cart", 4 } } };
static struct sl_attribute route = { { "http.route", 10 },
				     { .type = SL_VALUE_STRING, .text = { "/a", 2 } } };

static const struct sl_resource resource = { .present = true, .attributes = { &service, 1 } };

static const struct sl_span span = {
	.trace_id = { "0123456789abcdef", 16 },
	.span_id = { "01234567", 8 },
	.parent_span_id = { "89abcdef", 8 },
	.name = { "GET", 3 },
	.trace_state = { "a=b", 3 },
	.status_message = { "no", 2 },
	.kind = SL_KIND_SERVER,
	.status_code = SL_STATUS_ERROR,
	.start_unix_nano = 1000,
	.end_unix_nano = 3500,
	.flags = 257,
	.dropped_attributes_count = 1,
	.dropped_events_count = 2,
	.dropped_links_count = 3,
	.attributes = { &route, 1 },
	.scope = &(const struct sl_scope){ .present = true },
	.resource = &resource,
};

static const struct {
	const char *name, *full, *empty; /* as shown by `show`, of `span` and of sl_span_empty */
} rows[] = {
	{ "trace_id", "id 0123456789abcdef", "empty" },
	{ "span_id", "id 01234567", "empty" },
	{ "parent_span_id", "id 89abcdef", "empty" },
	{ "name", "text GET", "text " },
	{ "service", "text cart", "empty" },
	{ "kind", "text server", "text unspecified" },
	{ "status", "text error", "text unset" },
	{ "status_message", "text no", "empty" },
	{ "start", "int 1000", "int 0" },
	{ "duration_ms", "int 2500", "int 0" },
	{ "start_unix_nano", "int 1000", "int 0" },
	{ "end_unix_nano", "int 3500", "int 0" },
	{ "trace_state", "text a=b", "empty" },
	{ "flags", "int 257", "empty" },
	{ "attributes", "list 1", "list 0" },
	{ "dropped_attributes_count", "int 1", "empty" },
	{ "events", "none", "none" },
	{ "dropped_events_count", "int 2", "empty" },
	{ "links", "none", "none" },
	{ "dropped_links_count", "int 3", "empty" },
	{ "exact", "none", "none" },
	{ "scope", "none", "none" },
	{ "resource", "none", "none" },
};

static void show(const struct sl_field *field, const struct sl_span *of, char *out, size_t room)
{
	struct sl_value value;

	if (field->get == NULL) {
		snprintf(out, room, "none");
		return;
	}
	field->get(of, &value);
	switch (value.type) {
	case SL_VALUE_EMPTY:
		snprintf(out, room, "empty");
		break;
	case SL_VALUE_STRING:
	case SL_VALUE_BYTES:
		snprintf(out, room, "%s %.*s", value.type == SL_VALUE_BYTES ? "id" : "text",
			 (int)value.text.len, value.text.data);
		break;
	case SL_VALUE_INT:
		snprintf(out, room, "int %lld", (long long)value.integer);
		break;
	default:
		snprintf(out, room, "list %zu", value.list.count);
		break;
	}
}

static void check_row(size_t i, const struct sl_field *field)
{
	char shown[64];

	ok(strcmp(field->name, rows[i].name) == 0, "%s is field %zu", rows[i].name, i);
	ok(sl_field_find((struct sl_slice){ field->name, strlen(field->name) }) == field,
	   "%s is found by its name", field->name);
	show(field, &span, shown, sizeof(shown));
	ok(strcmp(shown, rows[i].full) == 0, "%s of a span: %s", field->name, shown);
	show(field, &sl_span_empty, shown, sizeof(shown));
	ok(strcmp(shown, rows[i].empty) == 0, "%s of nothing: %s", field->name, shown);
}

int main(void)
{
	size_t count;
	const struct sl_field *fields = sl_fields(&count);

	ok(count == SL_COUNT(rows), "there are %zu fields", SL_COUNT(rows));
	for (size_t i = 0; i < SL_COUNT(rows) && i < count; i++)
		check_row(i, &fields[i]);
	ok(sl_field_find(SL_SLICE("nam")) == NULL, "a prefix of a name is no field");
	return done_testing();
}
