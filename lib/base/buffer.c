/* Buffers and arrays that grow by doubling, up to a ceiling. */
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

bool sl_array_reserve(void **items, size_t *capacity, size_t need, size_t item_size)
{
	size_t larger = *capacity < 8 ? 16 : *capacity;
	void *moved;

	if (need <= *capacity)
		return true;
	while (larger < need) {
		if (larger > SIZE_MAX / 2)
			return false;
		larger *= 2;
	}
	if (larger > SIZE_MAX / item_size)
		return false;
	moved = realloc(*items, larger * item_size);
	if (moved == NULL)
		return false;
	*items = moved;
	*capacity = larger;
	return true;
}

static uint64_t key_at(const char *items, size_t item_size, size_t number)
{
	return sl_load_8(items + item_size * number);
}

size_t sl_array_find(const void *items, size_t count, size_t item_size, uint64_t key, size_t *found)
{
	size_t low = 0, high = count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (key_at(items, item_size, middle) < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < count && key_at(items, item_size, end) == key; end++)
		;
	*found = end - low;
	return low;
}
