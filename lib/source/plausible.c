/* Whether bytes look like the beginning of something that carries telemetry. */
#include "plausible.h"
#include "spanline/text.h"
#include "spanline/wire.h"

enum {
	KEY_ENOUGH = 512, /* a key without an end that is as long is one */
	ARRAY_ENOUGH = 8, /* arrays within each other */
	MAGIC_BYTES = 4,  /* of compressed data */
};

size_t blank_prefix(struct sl_slice text)
{
	size_t len = 0;

	while (len < text.len && is_blank(text.data[len]))
		len++;
	return len;
}

static struct sl_slice behind(struct sl_slice text, size_t count)
{
	return (struct sl_slice){ text.data + count, text.len - count };
}

static struct sl_slice behind_blanks(struct sl_slice text)
{
	return behind(text, blank_prefix(text));
}

/* Behind the quote of a key. */
static enum verdict key_begins(struct sl_slice text)
{
	for (size_t i = 0; i < text.len && i < KEY_ENOUGH; i++) {
		if ((unsigned char)text.data[i] < 0x20)
			return VERDICT_NO;
		if (text.data[i] == '"') {
			text = behind_blanks(behind(text, i + 1));
			if (text.len == 0)
				return VERDICT_OPEN;
			return text.data[0] == ':' ? VERDICT_YES : VERDICT_NO;
		}
		if (text.data[i] == '\\')
			i++;
	}
	return text.len < KEY_ENOUGH ? VERDICT_OPEN : VERDICT_YES;
}

enum verdict json_begins(struct sl_slice text)
{
	for (unsigned depth = 0; depth < ARRAY_ENOUGH; depth++) {
		text = behind_blanks(text);
		if (text.len == 0)
			return VERDICT_OPEN;
		if (depth > 0 && text.data[0] == ']')
			return VERDICT_YES;
		if (text.data[0] == '{')
			break;
		if (text.data[0] != '[')
			return VERDICT_NO;
		text = behind(text, 1);
	}
	text = behind_blanks(behind(text, 1));
	if (text.len == 0)
		return VERDICT_OPEN;
	if (text.data[0] == '}')
		return VERDICT_YES;
	return text.data[0] == '"' ? key_begins(behind(text, 1)) : VERDICT_NO;
}

bool json_probably(struct sl_slice text)
{
	enum verdict begins = json_begins(text);

	return begins == VERDICT_YES || (begins == VERDICT_OPEN && blank_prefix(text) < text.len);
}

/* The first tags of a request, and of the two levels of messages inside. */
static const char *const tags_of_level[] = {
	"\x0a",		    /* resource_spans and its like */
	"\x0a\x12\x1a\xc2", /* resource, scope_spans, schema_url; 1000: old scope_spans, two bytes
			     */
	"\x0a\x10\x12\x1a", /* attributes, dropped_attributes_count; scope, spans */
};

/* The tag and length at *at; they are stepped over, and *room becomes the field's length. */
static enum verdict field_begins(const char *tags, const char **at, const char *end, uint64_t *room)
{
	char tag = **at;
	size_t tag_len = (unsigned char)tag == 0xc2 ? 2 : 1, length_len;
	uint64_t len;

	if (tag == '\0' || strchr(tags, tag) == NULL)
		return VERDICT_NO;
	if (tag_len == 2 && end - *at >= 2 && (*at)[1] != 0x3e)
		return VERDICT_NO;
	if ((size_t)(end - *at) <= tag_len)
		return *room <= tag_len ? VERDICT_NO : VERDICT_OPEN;
	length_len = sl_wire_read_varint(*at + tag_len, end, &len);
	if (length_len == 0) {
		uint64_t most = *room - tag_len < 10 ? *room - tag_len : 10;

		return (uint64_t)(end - *at) - tag_len < most ? VERDICT_OPEN : VERDICT_NO;
	}
	if (tag != 0x10 && len > *room - tag_len - length_len)
		return VERDICT_NO;
	*at += tag_len + length_len;
	*room = len;
	return VERDICT_YES;
}

enum verdict request_begins(struct sl_slice have, uint64_t len)
{
	const char *at = have.data;
	const char *end = at + (have.len < len ? have.len : (size_t)len);
	uint64_t room = len;

	for (size_t i = 0; i < SL_COUNT(tags_of_level) && room > 0; i++) {
		enum verdict begins;

		if (at >= end)
			return VERDICT_OPEN;
		bool text = i == 1 && *at == 0x1a;
		begins = field_begins(tags_of_level[i], &at, end, &room);
		if (begins != VERDICT_YES || text)
			return begins;
	}
	return VERDICT_YES;
}

enum verdict message_begins(struct sl_slice have, uint64_t len)
{
	enum verdict request = request_begins(have, len);

	if (have.len > len)
		have.len = (size_t)len;
	if (request != VERDICT_NO)
		return request;
	if (have.len < MAGIC_BYTES && have.len < len)
		return VERDICT_OPEN;
	if (sl_codec_sniff(have) != SL_CODEC_NONE)
		return VERDICT_YES;
	if (have.len < len)
		return json_begins(have);
	return json_probably(have) ? VERDICT_YES : VERDICT_NO;
}
