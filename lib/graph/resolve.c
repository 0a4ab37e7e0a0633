/* Addresses that are those of services in the input: what nobody answered there was for them. */
#include "graph.h"
#include <stdlib.h>

/* What is known of an address. */
struct owner {
	uint64_t answered, stated; /* spans */
	uint64_t most;		   /* answers of one service */
	uint32_t by;		   /* which, or NO_NAME: several have as many */
	uint32_t stating;	   /* the one that says so, or NO_NAME: several do */
};

static void hear(struct owner *owner, const struct claim *claim)
{
	if (claim->answered > owner->most) {
		owner->most = claim->answered;
		owner->by = claim->service;
	} else if (claim->answered == owner->most) {
		owner->by = NO_NAME;
	}
	if (claim->stated != 0)
		owner->stating = owner->stated == 0 ? claim->service : NO_NAME;
	owner->answered += claim->answered;
	owner->stated += claim->stated;
}

/* Whose it is: of the service that mostly answers there, or the only one that says so. */
static uint32_t decide(const struct owner *owner, uint64_t unanswered)
{
	if (owner->most > (owner->answered + unanswered) / 2)
		return owner->by;
	if (owner->stated != 0 && owner->stating != NO_NAME &&
	    (owner->answered == 0 || owner->by == owner->stating))
		return owner->stating;
	return NO_NAME;
}

static void decide_all(struct counting *counting, struct owner *owners)
{
	struct names *names = &counting->names;

	for (size_t i = 0; i < counting->claims.count; i++)
		hear(&owners[counting->claims.items[i].peer], &counting->claims.items[i]);
	for (uint32_t i = 0; i < names->count; i++) {
		struct name *name = &names->items[i];
		struct name_key same = { SL_NODE_SERVICE, name->service, SL_SLICE("") };

		if (name->kind != SL_NODE_EXTERNAL)
			continue;
		name->resolved = decide(&owners[i], name->unanswered);
		/* peer.service has the name of a service */
		if (name->resolved == NO_NAME)
			name->resolved = names_find(names, &same);
	}
}

static uint32_t resolved(const struct names *names, uint32_t number)
{
	return names->items[number].resolved != NO_NAME ? names->items[number].resolved : number;
}

/*
 * The address is that of the service itself: what is missing between the two stands before it, as a
 * proxy does, and the client's call is counted as one of the service.
 */
static bool is_own(const struct names *names, const struct edge_key *key)
{
	return names->items[key->from].kind == SL_NODE_SERVICE &&
	       sl_slice_equal(names->items[key->from].service, names->items[key->to].service);
}

static enum sl_status move_edges(struct counting *counting, struct sl_error *err)
{
	struct edges *edges = &counting->edges;
	size_t count = edges->count;
	enum sl_status status = SL_OK;

	for (size_t i = 0; i < count && status == SL_OK; i++) {
		struct edge_key key = edges->items[i].key;

		key.from = resolved(&counting->names, key.from);
		key.to = resolved(&counting->names, key.to);
		key.inferred = false;
		if (edges->items[i].key.inferred && is_own(&counting->names, &key))
			edges_forget(edges, i);
		else if (key.from != edges->items[i].key.from || key.to != edges->items[i].key.to ||
			 edges->items[i].key.inferred)
			status = edges_move(edges, i, &key, err);
	}
	return status;
}

enum sl_status resolve_peers(struct counting *counting, struct sl_error *err)
{
	size_t count = counting->names.count;
	struct owner *owners = calloc(count + 1, sizeof(*owners));

	if (owners == NULL)
		return sl_fail_memory(err);
	decide_all(counting, owners);
	free(owners);
	return move_edges(counting, err);
}
