/* Parcels of units, and the lists of what was lost that go with them. */
#include "spanline/source.h"
#include <stdlib.h>

bool sl_complaints_add(struct sl_complaints *list, const struct sl_error *err, uint64_t offset,
		       uint64_t line)
{
	size_t len = strlen(err->text) + 1;
	void *items = list->items;
	char *text;

	if (!sl_array_reserve(&items, &list->capacity, list->count + 1, sizeof(*list->items)))
		return false;
	list->items = items;
	text = malloc(len);
	if (text == NULL)
		return false;
	memcpy(text, err->text, len);
	list->items[list->count++] = (struct sl_complaint){
		.reason = err->reason, .offset = offset, .line = line, .text = text
	};
	return true;
}

void sl_complaints_clear(struct sl_complaints *list)
{
	while (list->count > 0)
		free(list->items[--list->count].text);
}

void sl_complaints_free(struct sl_complaints *list)
{
	sl_complaints_clear(list);
	free(list->items);
	*list = (struct sl_complaints){ 0 };
}

void sl_parcel_free(struct sl_parcel *parcel)
{
	sl_buffer_free(&parcel->bytes);
	sl_buffer_free(&parcel->contexts);
	free(parcel->units);
	sl_complaints_free(&parcel->complaints);
	*parcel = (struct sl_parcel){ 0 };
}
