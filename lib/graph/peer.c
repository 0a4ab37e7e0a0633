/* Whom a span calls, as its attributes have it: old names of the conventions included. */
#include "spanline/graph.h"
#include "spanline/text.h"

static bool find(const struct sl_span *span, struct sl_slice key, struct sl_value *value)
{
	return sl_span_attribute(span, SL_OWNER_SPAN, key, value);
}

/* Appends the text or number of the first key that has one; false: none has. */
static bool add_first(const struct sl_span *span, const struct sl_slice *keys, size_t count,
		      struct sl_buffer *out)
{
	struct sl_value value;
	char digits[SL_I64_TEXT];

	for (size_t i = 0; i < count; i++) {
		if (!find(span, keys[i], &value))
			continue;
		if (value.type == SL_VALUE_STRING && value.text.len != 0) {
			sl_buffer_add_slice(out, value.text);
			return true;
		}
		if (value.type == SL_VALUE_INT) {
			sl_buffer_add(out, digits, sl_write_i64(digits, value.integer));
			return true;
		}
	}
	return false;
}

#define ADD_FIRST(span, keys, out) add_first((span), (keys), SL_COUNT(keys), (out))

static const struct sl_slice peer_names[] = { { "peer.service", 12 } };
static const struct sl_slice systems[] = { { "db.system.name", 14 }, { "db.system", 9 } };
static const struct sl_slice namespaces[] = { { "db.namespace", 12 },
					      { "db.name", 7 },
					      { "db.redis.database_index", 23 } };
static const struct sl_slice brokers[] = { { "messaging.system", 16 } };
static const struct sl_slice destinations[] = { { "messaging.destination.name", 26 },
						{ "messaging.destination", 21 } };
static const struct sl_slice hosts[] = { { "server.address", 14 }, { "net.peer.name", 13 } };
static const struct sl_slice ports[] = { { "server.port", 11 }, { "net.peer.port", 13 } };
static const struct sl_slice whole_hosts[] = { { "http.host", 9 } };
static const struct sl_slice urls[] = { { "url.full", 8 }, { "http.url", 8 } };
static const struct sl_slice own_hosts[] = { { "server.address", 14 }, { "net.host.name", 13 } };
static const struct sl_slice own_ports[] = { { "server.port", 11 }, { "net.host.port", 13 } };

/* "SYSTEM NAME" where there is a name, too; false: there is no system. */
static bool add_pair(const struct sl_span *span, const struct sl_slice systems_of[2],
		     const struct sl_slice names_of[3], struct sl_buffer *out)
{
	size_t begin = out->len, system_end;

	if (!add_first(span, systems_of, systems_of[1].data != NULL ? 2 : 1, out))
		return false;
	system_end = out->len;
	sl_buffer_add_byte(out, ' ');
	if (!add_first(span, names_of, names_of[2].data != NULL ? 3 : 2, out) && !out->failed)
		out->len = system_end;
	return out->len > begin;
}

/* What stands between "//" and the path, without a user's name and password. */
static void keep_authority(struct sl_buffer *out)
{
	const char *at, *end;
	size_t from = 0, to;

	if (out->failed || out->len == 0)
		return;
	end = out->data + out->len;
	for (at = out->data; end - at > 1; at++)
		if (at[0] == '/' && at[1] == '/') {
			from = (size_t)(at - out->data) + 2;
			break;
		}
	for (to = from; to < out->len && strchr("/?#", out->data[to]) == NULL; to++)
		if (out->data[to] == '@')
			from = to + 1;
	if (from == 0) {
		out->len = 0; /* a path alone says nothing of whom it is of */
		return;
	}
	memmove(out->data, out->data + from, to - from);
	out->len = to - from;
}

static void add_address(const struct sl_span *span, bool own, struct sl_buffer *out)
{
	if (own ? ADD_FIRST(span, own_hosts, out) : ADD_FIRST(span, hosts, out)) {
		size_t end = out->len;

		sl_buffer_add_byte(out, ':');
		if (!(own ? ADD_FIRST(span, own_ports, out) : ADD_FIRST(span, ports, out)) &&
		    !out->failed)
			out->len = end;
		return;
	}
	if (own || ADD_FIRST(span, whole_hosts, out))
		return;
	if (ADD_FIRST(span, urls, out))
		keep_authority(out);
}

/* Which of the two systems is spoken with, by whatever name. */
static enum sl_node_kind kind_of(const struct sl_span *span)
{
	struct sl_value ignored;

	for (size_t i = 0; i < SL_COUNT(systems); i++)
		if (find(span, systems[i], &ignored))
			return SL_NODE_DATABASE;
	return find(span, brokers[0], &ignored) ? SL_NODE_MESSAGING : SL_NODE_EXTERNAL;
}

void sl_peer_of(const struct sl_span *span, struct sl_buffer *buffer, struct sl_peer *peer)
{
	static const struct sl_slice broker_pair[2] = { { "messaging.system", 16 }, { NULL, 0 } };
	const struct sl_slice destination_list[3] = { destinations[0], destinations[1],
						      { NULL, 0 } };

	buffer->len = 0;
	peer->kind = SL_NODE_EXTERNAL;
	if (span->kind == SL_KIND_SERVER)
		add_address(span, true, buffer);
	else if (ADD_FIRST(span, peer_names, buffer))
		peer->kind = kind_of(span);
	else if (span->kind != SL_KIND_CONSUMER && add_pair(span, systems, namespaces, buffer))
		peer->kind = SL_NODE_DATABASE;
	else if (add_pair(span, broker_pair, destination_list, buffer))
		peer->kind = SL_NODE_MESSAGING;
	else
		add_address(span, false, buffer);
	peer->text = sl_buffer_slice(buffer);
}
