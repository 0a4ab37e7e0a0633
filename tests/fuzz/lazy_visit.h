/* All attributes of a lazy span where they stand, against those of the same line read whole. */
#ifndef FUZZ_LAZY_VISIT_H
#define FUZZ_LAZY_VISIT_H

#include "../unit/lines.h"

struct visit_oracle {
	const struct sl_span *right;
	size_t attribute, event, event_attribute; /* the next of each; events from 1 */
	bool differs;
	struct sl_slice scope, resource; /* as the visit before had them */
};

static inline void visit_expect(struct visit_oracle *oracle, const struct sl_attribute *right,
				struct sl_slice key, const struct sl_value *value)
{
	oracle->differs |=
		!sl_slice_equal(right->key, key) || !sl_value_equal(&right->value, value);
}

static inline void visit_attribute(void *context, bool of_event, struct sl_slice key,
				   const struct sl_value *value)
{
	struct visit_oracle *oracle = context;
	const struct sl_span *right = oracle->right;
	struct sl_attributes wanted = !of_event ? right->attributes
				      : oracle->event != 0
					      ? right->events[oracle->event - 1].attributes
					      : (struct sl_attributes){ NULL, 0 };
	size_t *at = of_event ? &oracle->event_attribute : &oracle->attribute;

	oracle->differs |= *at >= wanted.count;
	if (!oracle->differs)
		visit_expect(oracle, &wanted.items[(*at)++], key, value);
}

static inline void visit_event_name(void *context, struct sl_slice name)
{
	struct visit_oracle *oracle = context;

	oracle->event_attribute = 0;
	oracle->differs |= oracle->event >= oracle->right->event_count ||
			   !sl_slice_equal(oracle->right->events[oracle->event].name, name);
	oracle->event++;
}

static inline size_t visit_known(void *context, enum sl_owner owner, struct sl_slice rest)
{
	const struct visit_oracle *oracle = context;
	struct sl_slice text = owner == SL_OWNER_SCOPE ? oracle->scope : oracle->resource;

	return text.len <= rest.len && text.len != 0 && memcmp(text.data, rest.data, text.len) == 0
		       ? text.len
		       : 0;
}

/* True where the whole span has to be asked, or the visit gives what it has; *visited: it does. */
static inline bool visit_agrees(struct visit_oracle *oracle, const struct sl_span *lazy,
				bool *visited)
{
	const struct sl_span *right = oracle->right;
	struct sl_visit visit = { visit_attribute, visit_event_name, visit_known,
				  oracle,	   { NULL, 0 },	     { NULL, 0 } };
	bool events_without_names = false;

	for (size_t i = 0; i < right->event_count; i++)
		events_without_names |= right->events[i].name.len == 0;
	oracle->attribute = oracle->event = oracle->event_attribute = 0;
	oracle->differs = false;
	*visited = lazy->lazy->visit(lazy, &visit);
	if (!*visited)
		return true;
	oracle->scope = visit.scope;
	oracle->resource = visit.resource;
	if (right->link_count != 0 || (right->scope->present && visit.scope.len == 0))
		return false;
	/* an event whose name is not there cannot be told from the one before it */
	if (events_without_names)
		return true;
	return !oracle->differs && oracle->attribute == right->attributes.count &&
	       oracle->event == right->event_count;
}

#endif
