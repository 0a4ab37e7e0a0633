/* The scans of text.h byte by byte: where there is no SIMD, and what it is tested against. */
#include "spanline/text.h"

const char *sl_scan_string_portable(const char *at, const char *end, unsigned *high)
{
	unsigned passed = 0;

	for (; at < end; at++) {
		unsigned char byte = (unsigned char)*at;

		if (byte == '"' || byte == '\\' || byte < 0x20)
			break;
		passed |= byte;
	}
	*high |= passed & 0x80;
	return at;
}

const char *sl_copy_plain_portable(char *to, const char *at, const char *end)
{
	while (at < end && sl_is_plain(*at))
		*to++ = *at++;
	return at;
}

const char *sl_scan_structure_portable(const char *at, const char *end)
{
	for (; at < end; at++)
		if (*at == '"' || *at == '{' || *at == '}' || *at == '[' || *at == ']')
			break;
	return at;
}
