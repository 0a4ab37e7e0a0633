/* Tags that are fields of a span here: as OpenTelemetry's exporters for Jaeger and Zipkin write
 * what those have no field for, and as tracers wrote kinds and errors before there was
 * OpenTelemetry. */
#include "foreign.h"

static bool is_word(struct sl_slice text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

/* Each takes a value that means a field, and says no to others, which stay attributes. */
static bool take_kind(struct foreign_tags *tags, const struct sl_value *value)
{
	int32_t kind = value->type == SL_VALUE_STRING ? sl_kind_parse(value->text) : -1;

	if (kind < 0)
		return false;
	tags->kind = kind;
	return true;
}

/* Jaeger's is a boolean; that of Zipkin says that there was one, and perhaps which. */
static bool take_error(struct foreign_tags *tags, const struct sl_value *value)
{
	bool text = value->type == SL_VALUE_STRING;

	bool plain = (value->type == SL_VALUE_BOOL && value->boolean) ||
		     (text && is_word(value->text, "true"));

	if (!plain && !(text && tags->error_tells && !is_word(value->text, "false")))
		return false;
	tags->error = true;
	if (!plain)
		tags->error_message = value->text;
	return true;
}

static bool take_status(struct foreign_tags *tags, const struct sl_value *value)
{
	static const struct {
		const char *text;
		int32_t code;
	} codes[] = {
		{ "OK", SL_STATUS_OK },
		{ "ERROR", SL_STATUS_ERROR },
		{ "UNSET", SL_STATUS_UNSET },
		{ "STATUS_CODE_OK", SL_STATUS_OK },
		{ "STATUS_CODE_ERROR", SL_STATUS_ERROR },
		{ "STATUS_CODE_UNSET", SL_STATUS_UNSET },
	};

	for (size_t i = 0; value->type == SL_VALUE_STRING && i < SL_COUNT(codes); i++)
		if (is_word(value->text, codes[i].text)) {
			tags->status = codes[i].code;
			return true;
		}
	return false;
}

/* The first text of a kind; a second one stays an attribute. */
static bool take_text(struct sl_slice *text, const struct sl_value *value)
{
	if (value->type != SL_VALUE_STRING || text->len != 0)
		return false;
	*text = value->text;
	return true;
}

static bool take_count(uint32_t *count, const struct sl_value *value)
{
	uint64_t number = UINT64_MAX;

	if (value->type == SL_VALUE_INT && value->integer >= 0)
		number = (uint64_t)value->integer;
	else if (value->type != SL_VALUE_STRING || !sl_parse_u64(value->text, &number))
		return false;
	if (number > UINT32_MAX || *count != 0)
		return false;
	*count = (uint32_t)number;
	return true;
}

enum takes { TEXT, COUNT, FUNCTION };

static const struct meaning {
	struct sl_slice key;
	enum takes takes;
	size_t offset; /* where a text or a count goes */
	bool (*take)(struct foreign_tags *tags, const struct sl_value *value);
} meanings[] = {
	{ FOREIGN_KEY("span.kind"), FUNCTION, 0, take_kind },
	{ FOREIGN_KEY("error"), FUNCTION, 0, take_error },
	{ FOREIGN_KEY("otel.status_code"), FUNCTION, 0, take_status },
	{ FOREIGN_KEY("otel.status_description"), TEXT, offsetof(struct foreign_tags, message),
	  NULL },
	{ FOREIGN_KEY("otel.scope.name"), TEXT, offsetof(struct foreign_tags, scope_name), NULL },
	{ FOREIGN_KEY("otel.scope.version"), TEXT, offsetof(struct foreign_tags, scope_version),
	  NULL },
	{ FOREIGN_KEY("otel.library.name"), TEXT, offsetof(struct foreign_tags, scope_name), NULL },
	{ FOREIGN_KEY("otel.library.version"), TEXT, offsetof(struct foreign_tags, scope_version),
	  NULL },
	{ FOREIGN_KEY("w3c.tracestate"), TEXT, offsetof(struct foreign_tags, trace_state), NULL },
	{ FOREIGN_KEY("otel.dropped_attributes_count"), COUNT,
	  offsetof(struct foreign_tags, dropped_attributes), NULL },
	{ FOREIGN_KEY("otel.dropped_events_count"), COUNT,
	  offsetof(struct foreign_tags, dropped_events), NULL },
	{ FOREIGN_KEY("otel.dropped_links_count"), COUNT,
	  offsetof(struct foreign_tags, dropped_links), NULL },
};

/* All of them begin with one of these. */
static bool may_be_field(struct sl_slice key)
{
	return key.len >= 5 && (key.data[0] == 'o' || key.data[0] == 's' || key.data[0] == 'e' ||
				key.data[0] == 'w');
}

bool foreign_take_tag(struct foreign_tags *tags, struct sl_slice key, const struct sl_value *value)
{
	for (size_t i = 0; may_be_field(key) && i < SL_COUNT(meanings); i++) {
		const struct meaning *meaning = &meanings[i];
		char *field = (char *)tags + meaning->offset;

		if (!sl_slice_equal(meaning->key, key))
			continue;
		switch (meaning->takes) {
		case TEXT:
			return take_text((struct sl_slice *)(void *)field, value);
		case COUNT:
			return take_count((uint32_t *)(void *)field, value);
		case FUNCTION:
			return meaning->take(tags, value);
		}
	}
	return false;
}

bool foreign_settle_tags(struct sl_foreign_reader *reader, const struct foreign_tags *tags,
			 struct sl_span *span)
{
	if (tags->kind != SL_KIND_UNSPECIFIED)
		span->kind = tags->kind;
	span->status_code = tags->error ? SL_STATUS_ERROR : tags->status;
	span->status_message = tags->message.len != 0 ? tags->message : tags->error_message;
	span->trace_state = tags->trace_state;
	span->dropped_attributes_count = tags->dropped_attributes;
	span->dropped_events_count = tags->dropped_events;
	span->dropped_links_count = tags->dropped_links;
	span->scope = foreign_scope(reader, tags->scope_name, tags->scope_version);
	return span->scope != NULL;
}
