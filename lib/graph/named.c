/* What a span's texts are called in the graph: looked for once each, as most spans say the same. */
#include "graph.h"

/* A text by itself, which has that number among the texts. */
static enum sl_status name_alone(struct counting *counting, const struct name_key *key,
				 uint32_t text, uint32_t *number, struct sl_error *err)
{
	uint32_t *known = text != NO_TEXT ? &counting->texts.items[text].names[key->kind] : NULL;
	enum sl_status status;

	if (SL_LIKELY(known != NULL && *known != NO_NAME)) {
		*number = *known;
		return SL_OK;
	}
	status = names_intern(&counting->names, key, number, err);
	if (status == SL_OK && known != NULL)
		*known = *number;
	return status;
}

enum sl_status service_name(struct counting *counting, const struct fact *fact, uint32_t *number,
			    struct sl_error *err)
{
	struct name_key key = { SL_NODE_SERVICE, fact->service, SL_SLICE("") };

	return name_alone(counting, &key, fact->service_text, number, err);
}

static struct operation *find_operation(struct counting *counting, const struct fact *fact)
{
	uint64_t hash = number_hash((uint64_t)fact->service_text << 32 | fact->name_text);

	return &counting->operations[hash & ((1 << OPERATIONS_BITS) - 1)];
}

enum sl_status operation_name(struct counting *counting, const struct fact *fact, uint32_t *number,
			      struct sl_error *err)
{
	struct name_key key = { SL_NODE_SERVICE, fact->service, fact->name };
	bool numbered = fact->service_text != NO_TEXT && fact->name_text != NO_TEXT;
	struct operation *operation;
	enum sl_status status;

	if (fact->name.len == 0)
		return service_name(counting, fact, number, err);
	operation = find_operation(counting, fact);
	if (SL_LIKELY(numbered && operation->number != 0 &&
		      operation->service == fact->service_text &&
		      operation->name == fact->name_text)) {
		*number = operation->number - 1;
		return SL_OK;
	}
	status = names_intern(&counting->names, &key, number, err);
	/* of too many each is counted */
	if (status == SL_OK && numbered && *number != NO_NAME &&
	    counting->names.items[*number].name.len != 0)
		*operation = (struct operation){ fact->service_text, fact->name_text, *number + 1 };
	return status;
}

enum sl_status peer_name(struct counting *counting, const struct fact *fact, uint32_t *number,
			 struct sl_error *err)
{
	struct name_key key = { (enum sl_node_kind)fact->peer_kind, fact->peer, SL_SLICE("") };

	*number = NO_NAME;
	if (fact->peer.len == 0)
		return SL_OK;
	if (names_caller(fact))
		key.kind = SL_NODE_EXTERNAL;
	return name_alone(counting, &key, fact->peer_text, number, err);
}
