/* One line through the lazy readers, with the general one as the judge of all that they say. */
#ifndef FUZZ_LAZY_ORACLE_H
#define FUZZ_LAZY_ORACLE_H

#include "../../lib/json/line_lazy.h"
#include "lazy_visit.h"
#include "same_span.h"

enum { ORACLE_ALL = (SL_NEED_ATTRIBUTES << 1) - 1, ORACLE_ROOM = 1 << 17 };

typedef enum line_lazy_outcome lazy_function(struct line_lazy *lazy, const char *at);

struct lazy_oracle {
	struct lines judge;
	unsigned needs;
	struct line_reader *lines;
	struct line_lazy *lazy;
	struct sl_notes notes;
	char *memory;
	char *room; /* the line, its newline, and nothing but the padding behind it */
	const char *problem;
	lazy_function *read;
	uint64_t lazy_count; /* lines that were read so */
	uint64_t any_count;  /* or as those in any order are */
	uint64_t visited;    /* of which all attributes were given where they stand */
};

/* With tests of the head and of an attribute, or NULL. */
static inline void oracle_open(struct lazy_oracle *oracle, unsigned needs,
			       const struct sl_head_tests *tests,
			       const struct sl_attribute_test *attribute)
{
	struct sl_decode_options options = {
		.signal = SL_SIGNAL_SPANS, .lazy = true, .needs = needs, .tests = tests
	};

	if (attribute != NULL)
		options.attribute = *attribute;
	*oracle = (struct lazy_oracle){ .needs = needs };
	lines_open(&oracle->judge, false, 0);
	oracle->lines = line_reader_open(&options, &oracle->notes);
	oracle->lazy = line_lazy_open(&options, oracle->lines, &oracle->notes);
	oracle->memory = calloc(1, ORACLE_ROOM);
	if (oracle->lines == NULL || oracle->lazy == NULL || oracle->memory == NULL)
		abort();
}

static inline void oracle_close(struct lazy_oracle *oracle)
{
	line_lazy_close(oracle->lazy);
	line_reader_close(oracle->lines);
	lines_close(&oracle->judge);
	free(oracle->memory);
}

static inline bool oracle_fails(struct lazy_oracle *oracle, const char *problem)
{
	oracle->problem = problem;
	return false;
}

static inline bool same_service(const struct sl_span *a, const struct sl_span *b)
{
	const struct sl_slice key = SL_SLICE("service.name");
	const struct sl_value *x = sl_attributes_find(a->resource->attributes, key);
	const struct sl_value *y = sl_attributes_find(b->resource->attributes, key);

	return x != NULL && y != NULL && sl_value_equal(x, y) &&
	       (a->resource->service != NULL) == (b->resource->service != NULL);
}

/* In all that is needed. */
static inline bool oracle_same_head(struct lazy_oracle *oracle, const struct sl_span *span,
				    const struct sl_span *right)
{
	unsigned needs = oracle->needs;

	if ((needs & SL_NEED_TRACE_ID) != 0 && !sl_slice_equal(span->trace_id, right->trace_id))
		return oracle_fails(oracle, "trace_id");
	if ((needs & SL_NEED_SPAN_ID) != 0 && !sl_slice_equal(span->span_id, right->span_id))
		return oracle_fails(oracle, "span_id");
	if ((needs & SL_NEED_PARENT_SPAN_ID) != 0 &&
	    !sl_slice_equal(span->parent_span_id, right->parent_span_id))
		return oracle_fails(oracle, "parent_span_id");
	if ((needs & SL_NEED_NAME) != 0 && !sl_slice_equal(span->name, right->name))
		return oracle_fails(oracle, "name");
	if ((needs & SL_NEED_SERVICE) != 0 && !same_service(span, right))
		return oracle_fails(oracle, "service");
	if ((needs & SL_NEED_KIND) != 0 && span->kind != right->kind)
		return oracle_fails(oracle, "kind");
	if ((needs & SL_NEED_STATUS) != 0 && span->status_code != right->status_code)
		return oracle_fails(oracle, "status");
	if ((needs & SL_NEED_STATUS_MESSAGE) != 0 &&
	    !sl_slice_equal(span->status_message, right->status_message))
		return oracle_fails(oracle, "status_message");
	if ((needs & SL_NEED_TIMES) != 0 && (span->start_unix_nano != right->start_unix_nano ||
					     span->end_unix_nano != right->end_unix_nano))
		return oracle_fails(oracle, "times");
	return true;
}

static inline bool oracle_same_attribute(struct lazy_oracle *oracle, const struct sl_span *span,
					 const struct sl_span *right, enum sl_owner owner,
					 struct sl_slice key)
{
	struct sl_value a, b;
	bool has = sl_span_attribute(span, owner, key, &a);

	if (sl_span_damaged(span))
		return oracle_fails(oracle, "a good line is damaged");
	if (has != sl_span_attribute(right, owner, key, &b) || (has && !sl_value_equal(&a, &b)))
		return oracle_fails(oracle, "attribute");
	return true;
}

static inline enum line_lazy_outcome oracle_read(struct lazy_oracle *oracle, lazy_function *read,
						 size_t len)
{
	line_lazy_start(oracle->lazy, (struct sl_slice){ oracle->room, len + 1 });
	return read(oracle->lazy, oracle->room);
}

/* Each from the start, as the general reader answers everything once it was asked. */
static inline bool oracle_same_attributes(struct lazy_oracle *oracle, const struct sl_span *right,
					  enum sl_owner owner, struct sl_attributes attributes,
					  size_t len)
{
	static const struct sl_slice others[] = {
		{ "absent", 6 }, { "service.name", 12 }, { "", 0 }, { "\xef\xbf\xbd", 3 }
	};

	for (size_t i = 0; i < attributes.count + SL_COUNT(others); i++) {
		struct sl_slice key = i < attributes.count ? attributes.items[i].key
							   : others[i - attributes.count];

		if (oracle_read(oracle, oracle->read, len) != LAZY_SPAN)
			return oracle_fails(oracle, "not lazy the second time");
		if (!oracle_same_attribute(oracle, &oracle->lazy->span, right, owner, key))
			return false;
	}
	return true;
}

static inline bool oracle_is_plain(struct sl_slice key)
{
	for (size_t i = 0; i < key.len; i++)
		if (!sl_is_plain(key.data[i]))
			return false;
	return key.len != 0 && key.len < 64;
}

/* The plain keys of the span and one that it has not, the shortest first and each once. */
static inline size_t oracle_keys(struct sl_attributes attributes, struct sl_slice keys[32])
{
	size_t count = 1, at;

	keys[0] = SL_SLICE("absent");
	for (size_t i = 0; i < attributes.count && count < 32; i++) {
		struct sl_slice key = attributes.items[i].key;
		bool known = key.len == 0 || !oracle_is_plain(key);

		for (size_t k = 0; k < count; k++)
			known |= sl_slice_equal(keys[k], key);
		if (known)
			continue;
		for (at = count++; at > 0 && keys[at - 1].len > key.len; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
	return count;
}

/* All of them at once, and whether there are links. */
static inline bool oracle_same_keys(struct lazy_oracle *oracle, const struct sl_span *right,
				    size_t len)
{
	const struct sl_span *span = &oracle->lazy->span;
	struct sl_slice keys[32];
	struct sl_value values[32];
	unsigned char first[64] = { 0 };
	struct sl_key_set set = { .keys = keys, .first = first };
	uint32_t found;

	set.count = oracle_keys(right->attributes, keys);
	for (size_t i = set.count; i-- > 0;) {
		first[keys[i].len] = (unsigned char)i;
		set.lengths |= UINT64_C(1) << keys[i].len;
		set.signs |= SL_KEY_SIGN(keys[i].len, (unsigned char)*keys[i].data);
	}
	if (oracle_read(oracle, oracle->read, len) != LAZY_SPAN)
		return oracle_fails(oracle, "not lazy for its keys");
	found = sl_span_find_keys(span, &set, values);
	for (size_t i = 0; i < set.count; i++) {
		const struct sl_value *value = sl_attributes_find(right->attributes, keys[i]);

		if ((found >> i & 1) != (value != NULL) ||
		    (value != NULL && !sl_value_equal(value, &values[i])))
			return oracle_fails(oracle, "keys");
	}
	if (right->link_count != 0 && !sl_span_has_links(span))
		return oracle_fails(oracle, "links");
	return found == sl_span_find_keys(right, &set, values) ||
	       oracle_fails(oracle, "keys of the whole span");
}

/* Twice: at first scope and resource are not known. */
static inline bool oracle_same_visits(struct lazy_oracle *oracle, const struct sl_span *right,
				      size_t len)
{
	struct visit_oracle visit = { .right = right };
	bool first, second;

	if (oracle_read(oracle, oracle->read, len) != LAZY_SPAN)
		return oracle_fails(oracle, "not lazy for a visit");
	if (!visit_agrees(&visit, &oracle->lazy->span, &first) ||
	    !visit_agrees(&visit, &oracle->lazy->span, &second) || first != second)
		return oracle_fails(oracle, "visit");
	oracle->visited += first;
	return true;
}

static inline bool oracle_same(struct lazy_oracle *oracle, const struct sl_span *right, size_t len)
{
	const struct sl_span *span = &oracle->lazy->span, *whole;

	if (span->line.len != len || span->line.data != oracle->room)
		return oracle_fails(oracle, "line");
	if (!oracle_same_head(oracle, span, right) ||
	    !oracle_same_attributes(oracle, right, SL_OWNER_SPAN, right->attributes, len) ||
	    !oracle_same_attributes(oracle, right, SL_OWNER_RESOURCE, right->resource->attributes,
				    len) ||
	    !oracle_same_attributes(oracle, right, SL_OWNER_SCOPE, right->scope->attributes, len) ||
	    !oracle_same_keys(oracle, right, len) || !oracle_same_visits(oracle, right, len))
		return false;
	whole = sl_span_whole(span);
	if (whole == NULL || sl_span_damaged(span) || !same_span(whole, right))
		return oracle_fails(oracle, "whole");
	return true;
}

static inline bool oracle_agrees_by(struct lazy_oracle *oracle, struct sl_slice line,
				    lazy_function *read, uint64_t *count)
{
	struct line_lazy *lazy = oracle->lazy;
	const struct sl_span *right;
	bool good;

	oracle->read = read;
	if (oracle_read(oracle, read, line.len) != LAZY_SPAN)
		return true;
	++*count;
	good = lines_read(&oracle->judge, line, &right) == SL_OK;
	if (good)
		return oracle_same(oracle, right, line.len);
	if (sl_span_whole(&lazy->span) != NULL || !sl_span_damaged(&lazy->span))
		return oracle_fails(oracle, "damage is not found");
	lazy->status = SL_OK;
	return true;
}

/* At the end of all the room there is, so that nothing but the padding is behind it. */
static inline bool oracle_take(struct lazy_oracle *oracle, struct sl_slice line)
{
	size_t size = line.len + 1 + SL_PADDING;

	if (size > ORACLE_ROOM)
		return false;
	oracle->room = oracle->memory + ORACLE_ROOM - size;
	memcpy(oracle->room, line.data, line.len);
	oracle->room[line.len] = '\n';
	return true;
}

/* True: the lazy readers leave the line to the general one, or say the same.  Where that finds
 * damage, so do the lazy ones when they are asked for the whole. */
static inline bool oracle_agrees(struct lazy_oracle *oracle, struct sl_slice line)
{
	struct sl_slice begins = SL_SLICE(LINE_LAZY_START);

	if (line.data == NULL || line.len == 0 || *line.data != '{' || !oracle_take(oracle, line))
		return true;
	if (line.len >= begins.len && memcmp(line.data, begins.data, begins.len) == 0 &&
	    !oracle_agrees_by(oracle, line, line_lazy_read, &oracle->lazy_count))
		return false;
	return oracle_agrees_by(oracle, line, line_lazy_read_any, &oracle->any_count);
}

#endif
