/* Text without what stands around it, and the items of lists. */
#include "spanline/text.h"

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

struct sl_slice sl_trim(struct sl_slice text)
{
	while (text.len != 0 && is_blank(text.data[0])) {
		text.data++;
		text.len--;
	}
	while (text.len != 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

bool sl_next_item(struct sl_slice *list, struct sl_slice *item)
{
	const char *comma;

	if (list->data == NULL)
		return false;
	*item = *list;
	comma = list->len != 0 ? memchr(list->data, ',', list->len) : NULL;
	*list = (struct sl_slice){ NULL, 0 };
	if (comma != NULL) {
		size_t len = (size_t)(comma - item->data);

		*list = (struct sl_slice){ comma + 1, item->len - len - 1 };
		item->len = len;
	}
	*item = sl_trim(*item);
	return true;
}
