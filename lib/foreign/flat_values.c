/* Values of flat records that are names, texts or flags, however they are written. */
#include "flat.h"

/* Its letters, in lower case, behind what some put before it. */
static struct sl_slice enum_word(struct sl_slice text, const char *prefix, char *room, size_t size)
{
	size_t len = strlen(prefix);

	if (text.len > size)
		text.len = 0;
	for (size_t i = 0; i < text.len; i++)
		room[i] = (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] | 0x20
									    : text.data[i]);
	text.data = room;
	if (text.len > len && memcmp(room, prefix, len) == 0)
		text = (struct sl_slice){ room + len, text.len - len };
	return text;
}

static bool set_kind(struct flat_record *record, const struct sl_value *value)
{
	char room[32];
	int32_t kind;

	if (value->type == SL_VALUE_INT && value->integer >= 0 && value->integer <= INT32_MAX) {
		record->tags.kind = (int32_t)value->integer;
		return true;
	}
	if (value->type != SL_VALUE_STRING)
		return false;
	kind = sl_kind_parse(enum_word(value->text, "span_kind_", room, sizeof(room)));
	if (kind < 0)
		kind = sl_kind_parse(enum_word(value->text, "spankind.", room, sizeof(room)));
	record->tags.kind = kind >= 0 ? kind : 0;
	return kind >= 0 || value->text.len == 0;
}

static bool set_status(struct flat_record *record, const struct sl_value *value)
{
	char room[32];
	int32_t status;

	if (value->type == SL_VALUE_INT && value->integer >= 0 && value->integer <= INT32_MAX) {
		record->tags.status = (int32_t)value->integer;
		return true;
	}
	if (value->type != SL_VALUE_STRING)
		return false;
	status = sl_status_parse(enum_word(value->text, "status_code_", room, sizeof(room)));
	record->tags.status = status >= 0 ? status : 0;
	return status >= 0 || value->text.len == 0;
}

/* {"code":..,"message":..} */
static bool set_status_of(struct flat_record *record, const struct sl_value *value)
{
	bool good = true;

	if (value->type != SL_VALUE_KVLIST)
		return set_status(record, value);
	for (size_t i = 0; i < value->list.count; i++) {
		const struct sl_attribute *item = &value->list.items[i];
		bool is_code = sl_slice_equal(item->key, SL_SLICE("code")) ||
			       sl_slice_equal(item->key, SL_SLICE("status_code"));

		if (item->value.type == SL_VALUE_EMPTY)
			continue;
		if (is_code)
			good &= set_status(record, &item->value);
		else if (item->value.type == SL_VALUE_STRING)
			record->tags.message = item->value.text;
	}
	return good;
}

/* A message says it, too. */
static bool set_error(struct flat_record *record, const struct sl_value *value)
{
	bool text = value->type == SL_VALUE_STRING;

	if (value->type == SL_VALUE_BOOL)
		record->tags.error = value->boolean;
	else if (text && value->text.len != 0 && !sl_slice_equal(value->text, SL_SLICE("false")))
		record->tags.error = true;
	else if (value->type == SL_VALUE_INT)
		record->tags.error = value->integer != 0;
	else
		return text;
	if (record->tags.error && text && !sl_slice_equal(value->text, SL_SLICE("true")))
		record->tags.error_message = value->text;
	return true;
}

static bool set_text(struct sl_slice *text, const struct sl_value *value)
{
	if (value->type != SL_VALUE_STRING)
		return false;
	*text = value->text;
	return true;
}

static bool set_flags(struct flat_record *record, const struct sl_value *value)
{
	if (value->type != SL_VALUE_INT || value->integer < 0 || value->integer > UINT32_MAX)
		return false;
	record->span.flags = (uint32_t)value->integer;
	return true;
}

bool flat_set(struct flat_record *record, enum flat_field field, const struct sl_value *value)
{
	switch (field) {
	case FLAT_NAME:
		return set_text(&record->span.name, value);
	case FLAT_KIND:
		return set_kind(record, value);
	case FLAT_STATUS:
		return set_status_of(record, value);
	case FLAT_STATUS_MESSAGE:
		return set_text(&record->tags.message, value);
	case FLAT_ERROR:
		return set_error(record, value);
	case FLAT_TRACE_STATE:
		return set_text(&record->tags.trace_state, value);
	case FLAT_SCOPE_NAME:
		return set_text(&record->tags.scope_name, value);
	case FLAT_SCOPE_VERSION:
		return set_text(&record->tags.scope_version, value);
	case FLAT_FLAGS:
		return set_flags(record, value);
	case FLAT_ANNOTATION:
		record->is_annotation = value->type == SL_VALUE_STRING && value->text.len != 0;
		return true;
	default:
		return false;
	}
}
