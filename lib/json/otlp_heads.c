/* Heads of attributes that are not where they are expected, or new. */
#include "otlp_heads.h"
#include "met_keys.h"

#define BEFORE_KEY "{\"key\":\""
#define BEHIND_KEY "\",\"value\":{\""

enum { BEHIND = sizeof(BEHIND_KEY) - 1 };

_Static_assert(HEAD_KEY == sizeof(BEFORE_KEY) - 1, "the key is behind what is before it");
_Static_assert(HEAD_AROUND == HEAD_KEY + BEHIND, "all but the key is around it");
_Static_assert(HEAD_PLACES == 1 << PLACE_BITS, "the places are those of met_keys.h");

/* Into the room behind the heads that are kept, of which there is some: false: it is none. */
static bool take_head(struct head *head, const char *at)
{
	const char *key = at + HEAD_KEY, *end = at + HEAD_ROOM - BEHIND, *stop;
	char *line = head->line;
	size_t key_len;

	if (memcmp(at, BEFORE_KEY, HEAD_KEY) != 0)
		return false;
	stop = sl_copy_plain(head->text + HEAD_KEY, key, end);
	key_len = (size_t)(stop - key);
	if (memcmp(stop, BEHIND_KEY, BEHIND) != 0)
		return false;
	head->len = HEAD_KEY + key_len + BEHIND;
	memcpy(head->text, at, head->len);
	*line++ = ',';
	memcpy(line, key - 1, key_len + 2);
	line[key_len + 2] = ':';
	return true;
}

static unsigned char *place_of(struct heads *heads, const struct head *head)
{
	size_t at =
		first_place((struct sl_slice){ head->text + HEAD_KEY, head->len - HEAD_AROUND });

	for (; heads->places[at] != 0; at = (at + 1) % HEAD_PLACES) {
		const struct head *there = &heads->items[heads->places[at] - 1];

		if (there->len == head->len && memcmp(there->text, head->text, head->len) == 0)
			break;
	}
	return &heads->places[at];
}

/* Keeps the head behind the others, unless it was there before. */
static struct head *keep(struct heads *heads)
{
	struct head *head = &heads->items[heads->count];
	unsigned char *place = place_of(heads, head);

	if (*place != 0)
		return &heads->items[*place - 1];
	head->next = head;
	head->list = 0;
	*place = (unsigned char)++heads->count;
	return head;
}

void heads_make_first(struct heads *heads)
{
	char empty[HEAD_ROOM] = BEFORE_KEY BEHIND_KEY;

	(void)take_head(&heads->items[0], empty);
	(void)keep(heads);
}

struct head *heads_find(struct heads *heads, const char *at)
{
	if (heads->count == HEADS) {
		memset(heads->places, 0, sizeof(heads->places));
		memset(heads->guesses, 0, sizeof(heads->guesses));
		heads->count = 0;
		return NULL;
	}
	return take_head(&heads->items[heads->count], at) ? keep(heads) : NULL;
}
