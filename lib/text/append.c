/* Numbers, times and ids at the end of a buffer. */
#include "spanline/text.h"

void sl_buffer_add_u64(struct sl_buffer *out, uint64_t number)
{
	char *at = sl_buffer_reserve(out, SL_U64_TEXT);

	if (at != NULL)
		out->len += sl_write_u64(at, number);
}

void sl_buffer_add_i64(struct sl_buffer *out, int64_t number)
{
	char *at = sl_buffer_reserve(out, SL_I64_TEXT);

	if (at != NULL)
		out->len += sl_write_i64(at, number);
}

void sl_buffer_add_double(struct sl_buffer *out, double number)
{
	char *at = sl_buffer_reserve(out, SL_DOUBLE_TEXT);

	if (at != NULL)
		out->len += sl_write_double(at, number);
}

void sl_buffer_add_ms(struct sl_buffer *out, uint64_t end_ns, uint64_t start_ns)
{
	char *at = sl_buffer_reserve(out, SL_MS_TEXT);

	if (at != NULL)
		out->len += sl_write_ms(at, end_ns, start_ns);
}

void sl_buffer_add_signed_ms(struct sl_buffer *out, int64_t ns)
{
	if (ns < 0)
		sl_buffer_add_ms(out, 0, 0 - (uint64_t)ns);
	else
		sl_buffer_add_ms(out, (uint64_t)ns, 0);
}

void sl_buffer_add_time(struct sl_buffer *out, uint64_t unix_ns)
{
	char *at = sl_buffer_reserve(out, SL_TIME_TEXT);

	if (at != NULL)
		out->len += sl_write_time(at, unix_ns);
}

void sl_buffer_add_hex(struct sl_buffer *out, struct sl_slice bytes)
{
	char *at = sl_buffer_reserve(out, 2 * bytes.len);

	if (at == NULL)
		return;
	sl_write_hex(at, bytes.data, bytes.len);
	out->len += 2 * bytes.len;
}

void sl_buffer_add_id(struct sl_buffer *out, struct sl_slice id)
{
	char *at = sl_buffer_reserve(out, 2 * id.len + 2);

	if (at == NULL)
		return;
	at[0] = '"';
	sl_write_hex(at + 1, id.data, id.len);
	at[2 * id.len + 1] = '"';
	out->len += 2 * id.len + 2;
}
