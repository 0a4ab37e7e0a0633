/* Spans with other ids and attributes, made in an arena of which each is given in its turn. */
#include "ids.h"
#include "spanline/replay.h"
#include <stdlib.h>

struct sl_changer {
	const struct sl_changes *changes;
	struct sl_arena arena;
	/* the last change */
	struct sl_span span;
	struct sl_resource resource;
};

enum sl_status sl_changer_open(struct sl_changer **changer, const struct sl_changes *changes,
			       struct sl_error *err)
{
	struct sl_changer *opened = calloc(1, sizeof(*opened));

	if (opened == NULL)
		return sl_fail_memory(err);
	opened->changes = changes;
	*changer = opened;
	return SL_OK;
}

void sl_changer_close(struct sl_changer *changer)
{
	if (changer == NULL)
		return;
	sl_arena_free(&changer->arena);
	free(changer);
}

/* The list with the edit's attribute in place of the first of that key, or as the last. */
static bool set_attribute(struct sl_arena *arena, struct sl_attributes *list,
			  const struct sl_edit *edit)
{
	struct sl_attribute new = { edit->key, edit->value };
	struct sl_attribute *items = sl_arena_alloc(arena, (list->count + 1) * sizeof(*items));
	size_t count = 0;
	bool is_set = false;

	if (items == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		bool is_other = !sl_slice_equal(list->items[i].key, edit->key);

		if (is_other)
			items[count++] = list->items[i];
		else if (!is_set)
			items[count++] = new;
		is_set |= !is_other;
	}
	if (!is_set)
		items[count++] = new;
	*list = (struct sl_attributes){ items, count };
	return true;
}

/* What is made of a resource depends on nothing but its content, so that its serial still names
 * what it is now. */
static bool make_edits(struct sl_changer *changer)
{
	struct sl_span *span = &changer->span;
	bool of_resource = false, done = true;

	changer->resource = *span->resource;
	for (size_t i = 0; i < changer->changes->edit_count && done; i++) {
		const struct sl_edit *edit = &changer->changes->edits[i];

		if (edit->target == SL_EDIT_NAME)
			span->name = edit->value.text;
		else if (edit->target == SL_EDIT_SPAN)
			done = set_attribute(&changer->arena, &span->attributes, edit);
		else
			done = set_attribute(&changer->arena, &changer->resource.attributes, edit);
		of_resource |= edit->target == SL_EDIT_RESOURCE;
	}
	if (!of_resource)
		return done;
	changer->resource.present = true;
	sl_resource_settle(&changer->resource);
	span->resource = &changer->resource;
	return done;
}

enum sl_status sl_change_span(struct sl_changer *changer, const struct sl_span *span,
			      const struct sl_change *change, const struct sl_span **changed,
			      struct sl_error *err)
{
	const struct sl_changes *changes = changer->changes;

	*changed = span;
	if (!changes->new_ids && changes->edit_count == 0 && change->move.ns == 0)
		return SL_OK;
	sl_arena_reset(&changer->arena);
	changer->span = *span;
	changer->span.line = (struct sl_slice){ NULL, 0 };
	*changed = &changer->span;
	if (changes->new_ids &&
	    !renew_ids(&changer->arena, &changer->span, ids_key(changes->seed, change->copy)))
		return sl_fail_memory(err);
	if (!make_edits(changer))
		return sl_fail_memory(err);
	return change->move.ns == 0
		       ? SL_OK
		       : sl_move_span(&changer->arena, &changer->span, change->move, err);
}
