/* SHA-256 (FIPS 180-4), for the content security policy of pages. */
#ifndef RENDER_SHA256_H
#define RENDER_SHA256_H

#include "spanline/base.h"

void sha256(struct sl_slice text, unsigned char digest[32]);

#endif
