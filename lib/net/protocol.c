/* The protocols by name. */
#include "spanline/net.h"
#include <strings.h>

const char *const sl_protocol_names[] = {
	[SL_PROTOCOL_HTTP_PROTOBUF] = "http/protobuf",
	[SL_PROTOCOL_HTTP_JSON] = "http/json",
	[SL_PROTOCOL_GRPC] = "grpc",
	[SL_PROTOCOL_COUNT] = NULL,
};

enum sl_protocol sl_protocol_find(struct sl_slice name)
{
	enum sl_protocol protocol = 0;

	while (protocol != SL_PROTOCOL_COUNT &&
	       (strlen(sl_protocol_names[protocol]) != name.len ||
		strncasecmp(sl_protocol_names[protocol], name.data, name.len) != 0))
		protocol++;
	return protocol;
}
