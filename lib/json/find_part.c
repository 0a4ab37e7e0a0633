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

enum sl_json_part sl_json_find_part(struct sl_slice text, size_t *at, enum sl_signal signal,
				    enum sl_json_part least, size_t *may_read)
{
	struct sl_scope scope = { .present = true };
	struct walk walk = { .scope = &scope,
			     .resource = { .present = true },
			     .logs = signal == SL_SIGNAL_LOGS,
			     .depth = WALK_IN_RECORDS };
	struct anchor_search search = { .may_read = *may_read, .within_line = true };
	struct sl_cursor *cursor = &walk.decoder.cursor;

	cursor->begin = cursor->at = text.data;
	cursor->end = text.data + text.len;
	for (; *at < text.len; (*at)++) {
		struct anchor anchor = find_anchor(&search, &walk, text.data + *at);
		enum sl_json_part part = part_of(anchor.kind);

		*at = (size_t)(anchor.at - text.data);
		*may_read = search.may_read;
		if (part >= least)
			return part;
	}
	*at = text.len;
	return SL_JSON_NO_PART;
}

/* Behind the key is a string, and behind that `second`, as far as the text goes: Zipkin's spans
 * have the same first key. */
static bool goes_on_with(struct sl_slice text, struct sl_slice key, struct sl_slice second)
{
	const char *end = text.data + text.len, *at = key.data + key.len + 1;
	struct sl_slice found;

	at = memchr(at, '"', (size_t)(end - at));
	if (at != NULL)
		at = memchr(at + 1, '"', (size_t)(end - at - 1));
	if (at != NULL)
		at = memchr(at, ',', (size_t)(end - at));
	return at == NULL || !first_key(at, end, &found) || sl_slice_equal(found, second);
}

bool sl_json_begins_part(struct sl_slice object)
{
	struct sl_slice key = { "", 0 };

	return first_key(object.data, object.data + object.len, &key) && is_part_key(key) &&
	       (!sl_slice_equal(key, SL_SLICE("traceId")) ||
		goes_on_with(object, key, SL_SLICE("spanId")));
}
