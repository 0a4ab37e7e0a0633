/* Lists of trace ids, of which a user may have given only the start. */
#include "spanline/select.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { ID_DIGITS = 32 };

enum sl_status sl_id_list_add(struct sl_id_list *list, struct sl_slice prefix, struct sl_error *err)
{
	char *copy;

	if (prefix.len == 0 || prefix.len > ID_DIGITS)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE,
				 "'%.*s' is no trace id: up to 32 hex digits were expected",
				 (int)(prefix.len < 64 ? prefix.len : 64), prefix.data);
	copy = sl_arena_alloc(&list->arena, prefix.len);
	if (copy == NULL || !sl_array_reserve((void **)&list->prefixes, &list->capacity,
					      list->count + 1, sizeof(*list->prefixes)))
		return sl_fail_memory(err);
	for (size_t i = 0; i < prefix.len; i++) {
		char byte = prefix.data[i];

		copy[i] = byte;
		if (byte >= 'A' && byte <= 'F')
			copy[i] = (char)(byte | 0x20);
		if ((copy[i] < '0' || copy[i] > '9') && (copy[i] < 'a' || copy[i] > 'f'))
			return sl_reject(err, SL_MALFORMED, SL_NOWHERE,
					 "'%.*s' is no trace id: hex digits were expected",
					 (int)prefix.len, prefix.data);
	}
	list->prefixes[list->count++] = (struct sl_slice){ copy, prefix.len };
	list->sorted = false;
	return SL_OK;
}

static int compare(const void *a, const void *b)
{
	return sl_slice_compare(*(const struct sl_slice *)a, *(const struct sl_slice *)b);
}

static bool begins(struct sl_slice prefix, struct sl_slice id)
{
	return prefix.len <= id.len && memcmp(prefix.data, id.data, prefix.len) == 0;
}

void sl_id_list_sort(struct sl_id_list *list)
{
	size_t kept = 0;

	if (list->count != 0)
		qsort(list->prefixes, list->count, sizeof(*list->prefixes), compare);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || !begins(list->prefixes[kept - 1], list->prefixes[i]))
			list->prefixes[kept++] = list->prefixes[i];
	list->count = kept;
	list->sorted = true;
}

/* None begins another, so that the only one in question is the last that is not behind the id. */
static bool has_start_of(const struct sl_id_list *list, struct sl_slice id)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sl_slice_compare(list->prefixes[middle], id) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && begins(list->prefixes[low - 1], id);
}

bool sl_id_list_has(const struct sl_id_list *list, struct sl_slice trace_id)
{
	char hex[ID_DIGITS];
	struct sl_slice id = { hex, 2 * trace_id.len };

	if (id.len > sizeof(hex))
		return false;
	sl_write_hex(hex, trace_id.data, trace_id.len);
	if (has_start_of(list, id))
		return true;
	if (id.len != ID_DIGITS || memcmp(hex, "0000000000000000", ID_DIGITS / 2) != 0)
		return false;
	/* an id of 64 bits, which others write with all its zeros, to 16 digits, or with none */
	id = (struct sl_slice){ hex + ID_DIGITS / 2, ID_DIGITS / 2 };
	while (!has_start_of(list, id)) {
		if (id.len == 1 || id.data[0] != '0')
			return false;
		id = (struct sl_slice){ id.data + 1, id.len - 1 };
	}
	return true;
}

void sl_id_list_free(struct sl_id_list *list)
{
	free(list->prefixes);
	sl_arena_free(&list->arena);
	*list = (struct sl_id_list){ 0 };
}
