/* The orders of entries. */
#include "entry.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_ids(const void *a, const void *b)
{
	const struct entry *one = *(const struct entry *const *)a;
	const struct entry *two = *(const struct entry *const *)b;
	int order = sl_slice_compare((struct sl_slice){ one->id, one->id_len },
				     (struct sl_slice){ two->id, two->id_len });

	return order != 0 ? order : compare_numbers(one->first, two->first);
}

static int compare_traces(const void *a, const void *b)
{
	const struct entry *one = *(const struct entry *const *)a;
	const struct entry *two = *(const struct entry *const *)b;
	int order = compare_numbers(one->trace, two->trace);

	return order != 0 ? order : compare_numbers(one->first, two->first);
}

static size_t entry_len(const void *head)
{
	return entry_size(((const struct entry *)head)->id_len);
}

enum sl_status entry_sorter_open(struct sl_sorter **sorter, const char *directory,
				 size_t limit_bytes, enum entry_order order, struct sl_error *err)
{
	const struct sl_sorter_options options = {
		.directory = directory,
		.limit_bytes = limit_bytes,
		.head_bytes = sizeof(struct entry),
		.len = entry_len,
		.compare = order == ENTRIES_BY_ID ? compare_ids : compare_traces,
	};

	return sl_sorter_open(sorter, &options, err);
}

enum sl_status entry_next(struct sl_sorter *sorter, struct entry **entry, struct sl_error *err)
{
	void *next;
	enum sl_status status = sl_sorter_next(sorter, &next, err);

	if (status == SL_OK)
		*entry = next;
	return status;
}
