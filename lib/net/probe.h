/* What clients and probes share. */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include "spanline/net.h"

/* Whom the handle (libcurl's) trusts, and what it shows of itself. */
void client_secure(void *curl, const struct sl_client_options *options);

#endif
