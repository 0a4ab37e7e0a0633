/* Whether keys of attributes repeat, in short lists and in long ones. */
#include "../../lib/json/met_keys.h"
#include "tap.h"
#include <stdio.h>

static struct sl_attribute item(const char *key)
{
	return (struct sl_attribute){ { key, strlen(key) }, { .type = SL_VALUE_EMPTY } };
}

static void test_repeats(void)
{
	enum { MANY = 5000 };
	static char names[MANY][16];
	static struct sl_attribute items[MANY];

	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "key.%zu", i);
		items[i] = item(names[i]);
	}
	for (size_t count = 0; count <= MANY; count += count < 40 ? 1 : 620) {
		struct sl_attributes list = { items, count };

		ok(!keys_repeat(list), "%zu different keys", count);
		if (count < 2)
			continue;
		struct sl_attribute last = items[count - 1];
		items[count - 1] = items[count / 2 - 1];
		ok(keys_repeat(list), "%zu keys, one twice", count);
		items[count - 1] = last;
	}
	struct sl_attribute ends[] = { item("aaaaaaaa.b.cccccccc"), item("aaaaaaaa.d.cccccccc"),
				       item(""), item("\0") };
	ends[3].key.len = 1;
	ok(!keys_repeat((struct sl_attributes){ ends, 4 }),
	   "keys that share their ends, and an empty one");
}

int main(void)
{
	test_repeats();
	return done_testing();
}
