/* SHA-256 (FIPS 180-4), for sums that were taken elsewhere. */
#ifndef TEST_SHA256_H
#define TEST_SHA256_H

#include "spanline/base.h"
#include <math.h>
#include <stdio.h>

static inline uint32_t sha256_turn(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

/* The first 32 bits of the fraction of a root of the n-th prime. */
static inline uint32_t sha256_fraction(unsigned n, bool cube)
{
	unsigned prime = 2;
	long double root;

	for (unsigned found = 0;; prime++) {
		bool is_prime = true;

		for (unsigned part = 2; part * part <= prime; part++)
			is_prime = is_prime && prime % part != 0;
		if (is_prime && found++ == n)
			break;
	}
	root = cube ? cbrtl((long double)prime) : sqrtl((long double)prime);
	return (uint32_t)((root - floorl(root)) * 4294967296.0L);
}

static inline void sha256_block(uint32_t hash[8], const unsigned char *block,
				const uint32_t constants[64])
{
	uint32_t w[64], s[8];

	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (unsigned i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (sha256_turn(w[i - 15], 7) ^ sha256_turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (sha256_turn(w[i - 2], 17) ^ sha256_turn(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(s, hash, sizeof(s));
	for (unsigned i = 0; i < 64; i++) {
		uint32_t one = sha256_turn(s[4], 6) ^ sha256_turn(s[4], 11) ^ sha256_turn(s[4], 25);
		uint32_t two = sha256_turn(s[0], 2) ^ sha256_turn(s[0], 13) ^ sha256_turn(s[0], 22);
		uint32_t first =
			s[7] + one + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i];
		uint32_t second = two + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += first;
		s[0] = first + second;
	}
	for (unsigned i = 0; i < 8; i++)
		hash[i] += s[i];
}

/* As hex, with '\0'. */
static inline void sha256(struct sl_slice text, char hex[65])
{
	unsigned char last[128] = { 0 };
	uint32_t hash[8], constants[64];
	size_t rest = text.len % 64, blocks = rest < 56 ? 1 : 2;

	for (unsigned i = 0; i < 8; i++)
		hash[i] = sha256_fraction(i, false);
	for (unsigned i = 0; i < 64; i++)
		constants[i] = sha256_fraction(i, true);
	for (size_t at = 0; at + 64 <= text.len; at += 64)
		sha256_block(hash, (const unsigned char *)text.data + at, constants);
	if (rest > 0)
		memcpy(last, text.data + text.len - rest, rest);
	last[rest] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		last[64 * blocks - 1 - i] = (unsigned char)((uint64_t)text.len * 8 >> 8 * i);
	for (size_t i = 0; i < blocks; i++)
		sha256_block(hash, last + 64 * i, constants);
	for (unsigned i = 0; i < 8; i++)
		snprintf(hex + (size_t)8 * i, 9, "%08x", hash[i]);
}

#endif
