/* Whom a span calls, as its attributes have it: old names of the conventions included. */
#include "spanline/graph.h"
#include "spanline/text.h"

/* The shortest first. */
enum key {
	DB_NAME,
	URL_FULL,
	HTTP_URL,
	DB_SYSTEM,
	HTTP_HOST,
	SERVER_PORT,
	PEER_SERVICE,
	DB_NAMESPACE,
	NET_PEER_NAME,
	NET_PEER_PORT,
	NET_HOST_NAME,
	NET_HOST_PORT,
	DB_SYSTEM_NAME,
	SERVER_ADDRESS,
	MESSAGING_SYSTEM,
	MESSAGING_DESTINATION,
	DB_REDIS_INDEX,
	MESSAGING_DESTINATION_NAME,
	KEY_COUNT,
	NO_KEY = KEY_COUNT
};

static const struct sl_slice keys[KEY_COUNT] = {
	[DB_NAME] = { "db.name", 7 },
	[URL_FULL] = { "url.full", 8 },
	[HTTP_URL] = { "http.url", 8 },
	[DB_SYSTEM] = { "db.system", 9 },
	[HTTP_HOST] = { "http.host", 9 },
	[SERVER_PORT] = { "server.port", 11 },
	[PEER_SERVICE] = { "peer.service", 12 },
	[DB_NAMESPACE] = { "db.namespace", 12 },
	[NET_PEER_NAME] = { "net.peer.name", 13 },
	[NET_PEER_PORT] = { "net.peer.port", 13 },
	[NET_HOST_NAME] = { "net.host.name", 13 },
	[NET_HOST_PORT] = { "net.host.port", 13 },
	[DB_SYSTEM_NAME] = { "db.system.name", 14 },
	[SERVER_ADDRESS] = { "server.address", 14 },
	[MESSAGING_SYSTEM] = { "messaging.system", 16 },
	[MESSAGING_DESTINATION] = { "messaging.destination", 21 },
	[DB_REDIS_INDEX] = { "db.redis.database_index", 23 },
	[MESSAGING_DESTINATION_NAME] = { "messaging.destination.name", 26 },
};

static const unsigned char first_of_length[] = {
	[7] = DB_NAME,
	[8] = URL_FULL,
	[9] = DB_SYSTEM,
	[11] = SERVER_PORT,
	[12] = PEER_SERVICE,
	[13] = NET_PEER_NAME,
	[14] = DB_SYSTEM_NAME,
	[16] = MESSAGING_SYSTEM,
	[21] = MESSAGING_DESTINATION,
	[23] = DB_REDIS_INDEX,
	[26] = MESSAGING_DESTINATION_NAME,
};

#define KEY(key) (UINT32_C(1) << (key))
enum {
	DATABASES = KEY(DB_SYSTEM_NAME) | KEY(DB_SYSTEM),
	NAMESPACES = KEY(DB_NAMESPACE) | KEY(DB_NAME) | KEY(DB_REDIS_INDEX),
	DESTINATIONS = KEY(MESSAGING_DESTINATION_NAME) | KEY(MESSAGING_DESTINATION),
	PORTS = KEY(SERVER_PORT) | KEY(NET_PEER_PORT) | KEY(NET_HOST_PORT),
};

/* What is mostly enough: that which goes before the others, and what is written behind it. */
static uint32_t likely(uint32_t met)
{
	if ((met & KEY(PEER_SERVICE)) != 0)
		return KEY(PEER_SERVICE);
	if ((met & DATABASES) != 0)
		return met & (DATABASES | NAMESPACES);
	if ((met & KEY(MESSAGING_SYSTEM)) != 0)
		return met & (KEY(MESSAGING_SYSTEM) | DESTINATIONS);
	if ((met & KEY(SERVER_ADDRESS)) != 0)
		return met & (KEY(SERVER_ADDRESS) | PORTS);
	return met;
}

#define LENGTH(len) (UINT64_C(1) << (len))
#define SET                                                                                        \
	.keys = keys, .count = KEY_COUNT,                                                          \
	.lengths = LENGTH(7) | LENGTH(8) | LENGTH(9) | LENGTH(11) | LENGTH(12) | LENGTH(13) |      \
		   LENGTH(14) | LENGTH(16) | LENGTH(21) | LENGTH(23) | LENGTH(26),                 \
	.signs = SL_KEY_SIGN(7, 'd') | SL_KEY_SIGN(8, 'u') | SL_KEY_SIGN(8, 'h') |                 \
		 SL_KEY_SIGN(9, 'd') | SL_KEY_SIGN(9, 'h') | SL_KEY_SIGN(11, 's') |                \
		 SL_KEY_SIGN(12, 'p') | SL_KEY_SIGN(12, 'd') | SL_KEY_SIGN(13, 'n') |              \
		 SL_KEY_SIGN(14, 'd') | SL_KEY_SIGN(14, 's') | SL_KEY_SIGN(16, 'm') |              \
		 SL_KEY_SIGN(21, 'm') | SL_KEY_SIGN(23, 'd') | SL_KEY_SIGN(26, 'm'),               \
	.first = first_of_length
static const struct sl_key_set all_keys = { SET }, likely_keys = { SET, .needed = likely };

/* The attributes that were found, and where what they say is written. */
struct reading {
	struct sl_value values[KEY_COUNT];
	uint32_t found;
	struct sl_buffer *out;
};

static bool has(const struct reading *reading, enum key key)
{
	return (reading->found >> key & 1) != 0;
}

/* Appends the attribute's text or number; false: it has neither. */
static bool add(struct reading *reading, enum key key)
{
	const struct sl_value *value = &reading->values[key];
	char digits[SL_I64_TEXT];

	if (!has(reading, key))
		return false;
	if (value->type == SL_VALUE_STRING && value->text.len != 0)
		sl_buffer_add_slice(reading->out, value->text);
	else if (value->type == SL_VALUE_INT)
		sl_buffer_add(reading->out, digits, sl_write_i64(digits, value->integer));
	else
		return false;
	return true;
}

/* The first of them that says something. */
static bool add_first(struct reading *reading, enum key one, enum key two, enum key three)
{
	return add(reading, one) || (two != NO_KEY && add(reading, two)) ||
	       (three != NO_KEY && add(reading, three));
}

/* "NAME" behind what stands there already, or nothing. */
static void add_behind(struct reading *reading, char separator, const enum key names[3])
{
	size_t end = reading->out->len;

	sl_buffer_add_byte(reading->out, separator);
	if (!add_first(reading, names[0], names[1], names[2]) && !reading->out->failed)
		reading->out->len = end;
}

/* What stands between "//" and the path, without a user's name and password. */
static void keep_authority(struct sl_buffer *out)
{
	size_t from = 0, to;

	for (size_t i = 0; i + 1 < out->len && from == 0; i++)
		if (out->data[i] == '/' && out->data[i + 1] == '/')
			from = i + 2;
	/* a path alone says nothing of whom it is of */
	if (from == 0) {
		out->len = 0;
		return;
	}
	for (to = from; to < out->len && strchr("/?#", out->data[to]) == NULL; to++)
		if (out->data[to] == '@')
			from = to + 1;
	memmove(out->data, out->data + from, to - from);
	out->len = to - from;
}

static void add_address(struct reading *reading)
{
	static const enum key ports[3] = { SERVER_PORT, NET_PEER_PORT, NO_KEY };

	if (add_first(reading, SERVER_ADDRESS, NET_PEER_NAME, NO_KEY))
		add_behind(reading, ':', ports);
	else if (!add(reading, HTTP_HOST) && add_first(reading, URL_FULL, HTTP_URL, NO_KEY) &&
		 !reading->out->failed)
		keep_authority(reading->out);
}

/* Who called a server, or else what it says of itself. */
static enum sl_node_kind add_caller(struct reading *reading)
{
	static const enum key ports[3] = { SERVER_PORT, NET_HOST_PORT, NO_KEY };

	if (add(reading, PEER_SERVICE))
		return SL_NODE_SERVICE;
	if (add_first(reading, SERVER_ADDRESS, NET_HOST_NAME, NO_KEY))
		add_behind(reading, ':', ports);
	return SL_NODE_EXTERNAL;
}

static enum sl_node_kind add_peer(struct reading *reading, bool may_be_database)
{
	static const enum key namespaces[3] = { DB_NAMESPACE, DB_NAME, DB_REDIS_INDEX };
	static const enum key destinations[3] = { MESSAGING_DESTINATION_NAME, MESSAGING_DESTINATION,
						  NO_KEY };

	if (add(reading, PEER_SERVICE)) {
		if (has(reading, DB_SYSTEM_NAME) || has(reading, DB_SYSTEM))
			return SL_NODE_DATABASE;
		return has(reading, MESSAGING_SYSTEM) ? SL_NODE_MESSAGING : SL_NODE_EXTERNAL;
	}
	if (may_be_database && add_first(reading, DB_SYSTEM_NAME, DB_SYSTEM, NO_KEY)) {
		add_behind(reading, ' ', namespaces);
		return SL_NODE_DATABASE;
	}
	if (add(reading, MESSAGING_SYSTEM)) {
		add_behind(reading, ' ', destinations);
		return SL_NODE_MESSAGING;
	}
	add_address(reading);
	return SL_NODE_EXTERNAL;
}

/* The keys that were met. */
static uint32_t read_peer(const struct sl_span *span, const struct sl_key_set *set,
			  struct sl_buffer *buffer, struct sl_peer *peer)
{
	struct reading reading;

	buffer->len = 0;
	peer->kind = SL_NODE_EXTERNAL;
	reading.out = buffer;
	reading.found = sl_span_find_keys(span, set, reading.values);
	if (reading.found != 0 && span->kind == SL_KIND_SERVER)
		peer->kind = add_caller(&reading);
	else if (reading.found != 0)
		peer->kind = add_peer(&reading, span->kind == SL_KIND_CLIENT ||
							span->kind == SL_KIND_UNSPECIFIED);
	peer->text = sl_buffer_slice(buffer);
	return reading.found;
}

void sl_peer_of(const struct sl_span *span, struct sl_buffer *buffer, struct sl_peer *peer)
{
	uint32_t met = read_peer(span, &likely_keys, buffer, peer);

	/* what goes before the others may be empty */
	if (buffer->len == 0 && likely(met) != met)
		(void)read_peer(span, &all_keys, buffer, peer);
}
