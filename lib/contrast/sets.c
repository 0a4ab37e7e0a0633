/* Counting traces: sums of all, examples with the least hashes, samples. */
#include "sets.h"
#include <stdlib.h>

/* The order of traces: by hash, and by id for the equal ones. */
static int compare_labels(const struct sl_trace_label *a, const struct sl_trace_label *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return sl_slice_compare((struct sl_slice){ a->id, a->len },
				(struct sl_slice){ b->id, b->len });
}

static void keep_example(struct sl_trace_label *examples, uint64_t traces,
			 const struct sl_trace_label *label)
{
	size_t count = traces < SL_EXAMPLES ? (size_t)traces : SL_EXAMPLES, at = count;

	while (at > 0 && compare_labels(label, &examples[at - 1]) < 0)
		at--;
	if (at == SL_EXAMPLES)
		return;
	if (count == SL_EXAMPLES)
		count--;
	memmove(&examples[at + 1], &examples[at], (count - at) * sizeof(*examples));
	examples[at] = *label;
}

/* Puts the item at `at` down to where it belongs. */
static void sift_down(struct record **items, size_t count, size_t at)
{
	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		struct record *held = items[at];

		if (child + 1 < count &&
		    compare_labels(&items[child + 1]->label, &items[child]->label) > 0)
			child++;
		if (compare_labels(&items[child]->label, &held->label) <= 0)
			return;
		items[at] = items[child];
		items[child] = held;
	}
}

static void sift_up(struct record **items, size_t at)
{
	while (at > 0) {
		size_t parent = (at - 1) / 2;
		struct record *held = items[at];

		if (compare_labels(&held->label, &items[parent]->label) <= 0)
			return;
		items[at] = items[parent];
		items[parent] = held;
		at = parent;
	}
}

static void sample_drop(struct sample *sample)
{
	struct record *dropped = sample->items[0];

	sample->bytes -= dropped->size;
	free(dropped);
	sample->items[0] = sample->items[--sample->count];
	sift_down(sample->items, sample->count, 0);
}

static bool sample_add(struct sample *sample, const struct record *record, uint64_t limit)
{
	struct record *copy;

	if (sample->limit == 0)
		sample->limit = limit;
	if (sample->count >= sample->limit &&
	    compare_labels(&record->label, &sample->items[0]->label) >= 0)
		return true;
	copy = malloc(record->size);
	if (copy == NULL || !sl_array_reserve((void **)&sample->items, &sample->capacity,
					      sample->count + 1, sizeof(struct record *))) {
		free(copy);
		return false;
	}
	memcpy(copy, record, record->size);
	sample->bytes += record->size;
	sample->items[sample->count++] = copy;
	sift_up(sample->items, sample->count - 1);
	if (sample->count > sample->limit)
		sample_drop(sample);
	while (sample->bytes > SAMPLE_BYTES && sample->count > 1) {
		sample_drop(sample);
		sample->limit = sample->count;
	}
	return true;
}

static int compare_records(const void *a, const void *b)
{
	return compare_labels(&(*(struct record *const *)a)->label,
			      &(*(struct record *const *)b)->label);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int compare_measured(const void *a, const void *b)
{
	const struct measured *x = a, *y = b;

	return compare_numbers(&x->operation, &y->operation);
}

bool record_has(const struct record *record, uint32_t trait)
{
	return bsearch(&trait, record_traits(record), record->trait_count, sizeof(trait),
		       compare_numbers) != NULL;
}

const struct measured *record_find(const struct record *record, uint32_t operation)
{
	struct measured wanted = { .operation = operation };

	return bsearch(&wanted, record_operations(record), record->operation_count, sizeof(wanted),
		       compare_measured);
}

void sample_sort(struct sample *sample)
{
	for (size_t i = 0; i < sample->count; i++) {
		struct record *record = sample->items[i];
		struct measured *operations = (struct measured *)(void *)(record + 1);
		uint32_t *traits = (uint32_t *)(void *)(operations + record->operation_count);

		qsort(operations, record->operation_count, sizeof(*operations), compare_measured);
		qsort(traits, record->trait_count, sizeof(*traits), compare_numbers);
	}
	if (sample->count != 0)
		qsort(sample->items, sample->count, sizeof(struct record *), compare_records);
}

bool set_add(struct set *sets, enum sl_set index, struct traits *traits,
	     const struct record *record, uint64_t limit)
{
	struct set *set = &sets[index];
	const struct measured *measured = record_operations(record);
	const uint32_t *found = record_traits(record);
	/* the same trace on the other side is another one */
	uint64_t mark = sl_hash64(&record->label.hash, sizeof(record->label.hash), index);

	set->figures.traces++;
	set->figures.spans += record->spans;
	set->figures.errors += record->errors;
	sum_add_u64(&set->root_ns, record->root_ns);
	for (uint32_t i = 0; i < record->operation_count; i++) {
		struct operation *operation = &traits->operations[measured[i].operation];
		struct operation_sums *sums = &operation->sums[index];

		sums->calls += measured[i].calls;
		sums->errors += measured[i].errors;
		sl_sum_add(&sums->self, measured[i].self_ns);
		sum_add_u64(&sums->critical, measured[i].critical_ns);
		operation->repeats |= measured[i].calls > 1;
	}
	for (uint32_t i = 0; i < record->trait_count; i++) {
		struct trait *trait = &traits->items[found[i]];

		keep_example(trait->examples[index], trait->traces[index]++, &record->label);
		trait->signature += mark;
	}
	return sl_samples_add(&set->durations, (int64_t)record->root_ns, record->label.hash) &&
	       sample_add(&set->sample, record, limit);
}

void set_free(struct set *set)
{
	for (size_t i = 0; i < set->sample.count; i++)
		free(set->sample.items[i]);
	free(set->sample.items);
	sl_samples_free(&set->durations);
	*set = (struct set){ 0 };
}
