/* Buffers that grow by doubling, up to a ceiling. */
#include "spanline/base.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool sl_buffer_grow(struct sl_buffer *buffer, size_t room)
{
	size_t limit = buffer->limit != 0 ? buffer->limit : SIZE_MAX / 2;
	size_t capacity;
	char *data;

	if (buffer->failed)
		return false;
	if (buffer->len > limit || room > limit - buffer->len) {
		buffer->failed = true;
		return false;
	}
	if (buffer->capacity - buffer->len >= room && buffer->data != NULL)
		return true;
	capacity = buffer->capacity < 128 ? 256 : buffer->capacity * 2;
	if (capacity < buffer->len + room)
		capacity = buffer->len + room;
	if (capacity > limit)
		capacity = limit;
	data = realloc(buffer->data, capacity);
	if (data == NULL) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void sl_buffer_printf(struct sl_buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	int len;

	va_start(arguments, format);
	va_copy(again, arguments);
	len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len < 0) {
		buffer->failed = true;
	} else {
		char *at = sl_buffer_reserve(buffer, (size_t)len + 1);

		if (at != NULL) {
			vsnprintf(at, (size_t)len + 1, format, again);
			buffer->len += (size_t)len;
		}
	}
	va_end(again);
}

void sl_buffer_free(struct sl_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct sl_buffer){ .limit = buffer->limit };
}
