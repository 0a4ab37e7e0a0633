/*
 * New ids by a hash of the old ones: equal ones stay equal, so that traces, parents and links still
 * hold together, whoever sends which part of them.
 *
 * The last 7 bytes of a trace id stay: W3C Trace Context, level 2, says that they are random, and
 * samplers that are to agree with each other go by them.
 */
#include "ids.h"

enum { RANDOM_BYTES = 7, BLOCK_BYTES = 8 };

uint64_t ids_key(struct sl_slice seed, uint64_t copy)
{
	return sl_hash64(seed.data, seed.len, sl_hash64(&copy, sizeof(copy), 0));
}

static bool is_zero(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != 0)
			return false;
	return true;
}

/* All but the last `kept` bytes anew. */
static bool renew(struct sl_arena *arena, struct sl_slice *id, size_t kept, uint64_t key)
{
	size_t len = id->len > kept ? id->len - kept : 0;
	char *bytes;

	if (len == 0 || is_zero(id->data, id->len))
		return true;
	bytes = sl_arena_alloc(arena, id->len);
	if (bytes == NULL)
		return false;
	memcpy(bytes, id->data, id->len);
	for (size_t at = 0; at < len; at += BLOCK_BYTES) {
		uint64_t hash = sl_hash64(id->data, id->len, key + at);
		size_t part = len - at < sizeof(hash) ? len - at : sizeof(hash);

		memcpy(bytes + at, &hash, part);
	}
	/* a valid id stays valid */
	if (is_zero(bytes, len))
		bytes[0] = 1;
	id->data = bytes;
	return true;
}

bool renew_ids(struct sl_arena *arena, struct sl_span *span, uint64_t key)
{
	struct sl_link *links;
	bool done = renew(arena, &span->trace_id, RANDOM_BYTES, key) &&
		    renew(arena, &span->span_id, 0, key) &&
		    renew(arena, &span->parent_span_id, 0, key);

	if (!done || span->link_count == 0)
		return done;
	links = sl_arena_alloc(arena, span->link_count * sizeof(*links));
	if (links == NULL)
		return false;
	memcpy(links, span->links, span->link_count * sizeof(*links));
	for (size_t i = 0; i < span->link_count && done; i++)
		done = renew(arena, &links[i].trace_id, RANDOM_BYTES, key) &&
		       renew(arena, &links[i].span_id, 0, key);
	span->links = links;
	return done;
}
