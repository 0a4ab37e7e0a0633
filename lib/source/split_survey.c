/* Large JSON documents: what stands around the lists of large elements, and goes with each piece.
 */
#include "source.h"

/* That of the list on top; NULL: its elements are units by themselves. */
static struct context *context_on_top(struct sl_source *source)
{
	switch (split_top(split_of(source))) {
	case SPLIT_SCOPE_LIST:
		return &source->contexts[CONTEXT_OF_SCOPES];
	case SPLIT_RECORD_LIST:
		return &source->contexts[CONTEXT_OF_RECORDS];
	default:
		return NULL;
	}
}

/* Into the parcel, unless it is there. */
static void add_context(struct sl_source *source, struct context *context, struct sl_context *added)
{
	struct sl_parcel *parcel = source->parcel;
	const struct sl_buffer *all = &parcel->contexts;
	size_t count = parcel->unit_count, len = context->text.len;

	*added = (struct sl_context){
		.at = all->len, .len = len, .before = context->before, .told = context->told
	};
	context->told = true;
	if (context->text.data == NULL)
		return; /* there was no memory for it */
	if (count > 0 && parcel->units[count - 1].context.len != 0) {
		size_t at = parcel->units[count - 1].context.at;

		if (all->len - at == len && memcmp(all->data + at, context->text.data, len) == 0) {
			added->at = at;
			return;
		}
	}
	sl_buffer_add_slice(&parcel->contexts, sl_buffer_slice(&context->text));
	source->no_memory = source->no_memory || parcel->contexts.failed;
}

void split_forget_lists(struct sl_source *source)
{
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		source->contexts[i].text.len = 0;
}

static void emit(struct sl_source *source, struct context *context, size_t len,
		 enum unit_state state)
{
	struct split *split = split_of(source);
	struct sl_unit unit = { .kind = split->kind,
				.truncated = state == UNIT_CUT,
				.broken = state == UNIT_BROKEN,
				.len = len };

	if (context == NULL)
		split_forget_lists(source);
	else if (context == &source->contexts[CONTEXT_OF_SCOPES])
		source->contexts[CONTEXT_OF_RECORDS].text.len = 0;
	if (context != NULL)
		add_context(source, context, &unit.context);
	if (context != NULL && state != UNIT_WHOLE) { /* the rest is hidden behind the damage */
		unit.context.len = context->before;
		split_charge(source, 2 * context->before); /* with what came before the damage */
	}
	window_emit(source, unit);
	window_consume(source, len);
	split->ended = split->whole = 0;
	split->misled = split->coarse = false;
}

void split_emit(struct sl_source *source, size_t len, enum unit_state state)
{
	emit(source, context_on_top(source), len, state);
}

enum split_progress split_begin_survey(struct sl_source *source)
{
	struct sl_buffer text = source->survey.text;

	text.len = 0;
	source->survey =
		(struct survey){ .in_scope = split_top(split_of(source)) == SPLIT_SCOPE_LIST,
				 .alone = split_top(split_of(source)) == SPLIT_OBJECT,
				 .limit = source->options.max_message,
				 .text = text };
	replay_mark(source);
	return split_go_to(source, SPLIT_IN_SURVEY);
}

/* What was found stands around the pieces from now on, within what stands around the object. */
static struct context *make_context(struct sl_source *source, enum survey_outcome outcome)
{
	const struct survey *survey = &source->survey;
	const struct context *outer = context_on_top(source);
	struct context *inner =
		&source->contexts[survey->in_scope ? CONTEXT_OF_RECORDS : CONTEXT_OF_SCOPES];
	struct sl_slice text = sl_buffer_slice(&survey->text);

	inner->text.len = 0;
	if (outer != NULL && outer->text.data != NULL)
		sl_buffer_add(&inner->text, outer->text.data, outer->before);
	inner->before = inner->text.len + survey->before;
	sl_buffer_add_slice(&inner->text, text);
	if (outer != NULL && outer->text.data != NULL)
		sl_buffer_add(&inner->text, outer->text.data + outer->before,
			      outer->text.len - outer->before);
	inner->list_end = source->replay.mark + survey->list_end;
	inner->end = outcome == SURVEY_WHOLE ? source->replay.mark + survey->end_at : 0;
	inner->told = false;
	inner->misled = outcome != SURVEY_BROKEN;
	inner->cut = outcome == SURVEY_CUT;
	source->no_memory = source->no_memory || inner->text.failed;
	return inner;
}

void split_push_list(struct sl_source *source, enum split_level list)
{
	struct split *split = split_of(source);

	source->survey.in_scope = list == SPLIT_RECORD_LIST;
	survey_assume(&source->survey, split->kind == SL_UNIT_RESOURCE_LOGS);
	make_context(source, SURVEY_MISLED);
	split->levels[split->depth++].kind = list;
}

void split_reenter(struct sl_source *source, enum split_level list)
{
	struct split *split = split_of(source);

	while (split_top(split) < list) {
		enum split_level next = split_top(split) + 1;
		struct context *context =
			&source->contexts[next == SPLIT_RECORD_LIST ? CONTEXT_OF_RECORDS
								    : CONTEXT_OF_SCOPES];

		if (context->text.len == 0) {
			split_push_list(source, next);
			continue;
		}
		context->misled = true;
		context->list_end = context->end = 0;
		split->levels[split->depth++].kind = next;
	}
}

static enum split_progress pass_to(struct sl_source *source, uint64_t target,
				   enum split_place behind)
{
	struct split *split = split_of(source);

	split->target = target;
	split->behind = behind;
	return split_go_to(source, SPLIT_PASSING);
}

/* Where the object on top, or the element of the list on top, has ended. */
static enum split_place place_behind(const struct split *split)
{
	return split_top(split) == SPLIT_OBJECT ? SPLIT_AT_END : SPLIT_AT_NEXT;
}

/* The document turns out to be a ResourceSpans. */
static void take_bare(struct sl_source *source)
{
	struct split *split = split_of(source);
	bool logs = source->survey.list_key == SL_KEY_BARE_LOGS;

	split->kind = logs ? SL_UNIT_RESOURCE_LOGS : SL_UNIT_RESOURCE_SPANS;
	split_count(source, logs ? SL_SIGNAL_LOGS : SL_SIGNAL_SPANS);
	split_note(source, SL_NOTE_BARE_RESOURCE_SPANS);
}

/* There is a list to be cut. */
static enum split_progress enter_list(struct sl_source *source, enum survey_outcome outcome)
{
	struct split *split = split_of(source);
	const struct survey *survey = &source->survey;

	if (split_top(split) == SPLIT_OBJECT)
		take_bare(source);
	make_context(source, outcome);
	split->levels[split->depth++].kind =
		survey->in_scope ? SPLIT_RECORD_LIST : SPLIT_SCOPE_LIST;
	return pass_to(source, source->replay.mark + survey->list_at, SPLIT_AT_FIRST);
}

/* There is none: what is worth a note may be in it all the same. */
static enum split_progress pass_object(struct sl_source *source)
{
	struct context *context;

	source->survey.before = source->survey.text.len;
	context = make_context(source, SURVEY_WHOLE);
	context->before = context->text.len; /* a piece of nothing may stand anywhere */
	emit(source, context, 0, UNIT_WHOLE);
	return pass_to(source, context->end, place_behind(split_of(source)));
}

/* Damage hides the list, if there is one: to where it stands, and on from there. */
static enum split_progress pass_damage(struct sl_source *source, enum survey_outcome outcome)
{
	struct split *split = split_of(source);
	uint64_t damage = survey_damage(&source->survey);
	bool in_scope = source->survey.in_scope;

	make_context(source, SURVEY_MISLED);
	split->levels[split->depth++].kind = in_scope ? SPLIT_RECORD_LIST : SPLIT_SCOPE_LIST;
	split->searched = 0;
	return pass_to(source, source->replay.mark + damage,
		       outcome == SURVEY_CUT ? SPLIT_ADRIFT : SPLIT_AT_DAMAGE);
}

/* At the object's start again. */
static enum split_progress settle(struct sl_source *source, enum survey_outcome outcome)
{
	struct split *split = split_of(source);
	struct survey *survey = &source->survey;
	bool listed = survey->before != 0;

	if (survey->strange != 0 && (outcome == SURVEY_WHOLE || outcome == SURVEY_MISLED))
		window_complain(source, SL_MALFORMED, (size_t)survey->strange - 1,
				"expected a member of an object in a JSON document");
	if (outcome != SURVEY_WHOLE)
		survey_close(survey, split->kind == SL_UNIT_RESOURCE_LOGS);
	if (survey->oversize)
		window_complain(source, SL_OVERSIZE, 0,
				"what stands around the spans is over %zu bytes (--max-message)",
				survey->limit);
	if (listed)
		return enter_list(source, outcome);
	if (split_top(split) == SPLIT_OBJECT) {
		split->skip = (struct sl_json_skip){ .begun = false };
		split->scanned = split->ended = 0;
		split->indivisible = true;
		return split_go_to(source, SPLIT_IN_WHOLE);
	}
	return outcome == SURVEY_WHOLE ? pass_object(source) : pass_damage(source, outcome);
}

enum split_progress split_in_survey(struct sl_source *source)
{
	struct survey *survey = &source->survey;
	size_t taken;
	enum survey_outcome outcome = survey_read(survey, window(source), &taken);

	window_consume(source, taken);
	split_charge(source, taken);
	source->no_memory = source->no_memory || survey->text.failed;
	if (outcome == SURVEY_GOES_ON && !source->ended)
		return SPLIT_MORE;
	if (outcome == SURVEY_GOES_ON)
		outcome = survey_end(survey);
	split_charge(source, survey->end_at + window_len(source)); /* is read again */
	replay_rewind(source);
	return settle(source, outcome);
}

enum split_progress split_end_list(struct sl_source *source)
{
	struct split *split = split_of(source);
	struct context *context = context_on_top(source);
	uint64_t here = source->base + source->at;

	if (context == NULL) {
		window_consume(source, 1);
		return split_pop(source);
	}
	if (!context->told)
		emit(source, context, 0, UNIT_WHOLE);
	if (context->end != 0 && context->list_end == here + 1) {
		split->depth--;
		return pass_to(source, context->end, place_behind(split));
	}
	window_consume(source, 1);
	return split_go_to(source, SPLIT_BEHIND_LIST);
}

enum split_progress split_behind_list(struct sl_source *source)
{
	struct split *split = split_of(source);
	const struct context *context = context_on_top(source);
	char byte = *window_bytes(source);

	if (byte == '}' || byte == ',') {
		split->depth--;
		if (split_top(split) == SPLIT_OBJECT)
			return split_go_to(source, SPLIT_AT_NEXT);
		if (byte == ',')
			return split_begin_survey(source);
		window_consume(source, 1);
		return split_go_to(source, SPLIT_AT_NEXT);
	}
	if (context == NULL || !context->misled)
		return split_malformed(source, "what stands behind a list of spans");
	split->told = !context->cut;
	split->searched = 0;
	return split_go_to(source, SPLIT_ADRIFT);
}
