/* Text without what stands around it. */
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
