/* Parts of requests in bytes that are damaged, for those who cut them. */
#include "otlp_anchor.h"

static enum sl_json_part part_of(enum anchor_kind kind)
{
	switch (kind) {
	case ANCHOR_DOCUMENT:
		return SL_JSON_REQUEST;
	case ANCHOR_RESOURCE_SPANS:
		return SL_JSON_RESOURCES;
	case ANCHOR_SCOPE_SPANS:
		return SL_JSON_SCOPES;
	case ANCHOR_RECORD:
		return SL_JSON_RECORD;
	case ANCHOR_END:
	case ANCHOR_RESOURCE:
	case ANCHOR_SCOPE:
		break;
	}
	return SL_JSON_NO_PART;
}

/* A request begins at the text's first byte, of which nobody knows what stands before it. */
static bool begins_request(struct sl_slice text)
{
	struct sl_slice key = { "", 0 };
	enum sl_note departure;
	enum sl_json_key kind;

	if (!first_key(text.data, text.data + text.len, &key))
		return false;
	kind = sl_json_key(key, &departure);
	return kind >= SL_KEY_RESOURCE_SPANS && kind <= SL_KEY_RESOURCE_PROFILES;
}

enum sl_json_part sl_json_find_part(struct sl_slice text, size_t *at, enum sl_signal signal,
				    enum sl_json_part least, size_t *may_read)
{
	struct sl_scope scope = { .present = true };
	struct walk walk = { .scope = &scope,
			     .resource = { .present = true },
			     .logs = signal == SL_SIGNAL_LOGS,
			     .depth = WALK_IN_RECORDS };
	struct anchor_search search = { .may_read = *may_read };
	struct sl_cursor *cursor = &walk.decoder.cursor;

	cursor->begin = cursor->at = text.data;
	cursor->end = text.data + text.len;
	for (; *at < text.len; (*at)++) {
		struct anchor anchor = find_anchor(&search, &walk, text.data + *at);
		enum sl_json_part part = part_of(anchor.kind);

		*at = (size_t)(anchor.at - text.data);
		*may_read = search.may_read;
		if (part >= least && (*at > 0 || part != SL_JSON_REQUEST || begins_request(text)))
			return part;
	}
	*at = text.len;
	return SL_JSON_NO_PART;
}
