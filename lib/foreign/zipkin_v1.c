/*
 * Spans of Zipkin v1.  What kind they are, and when, is said by annotations: "cs" and "cr" (client
 * sent, received), "sr" and "ss" (server received, sent), "ms" and "mr" (message sent, received).
 * Both sides of a call may stand in one span: then it becomes two, as shared spans do.  Tags are
 * binary annotations, of which "sa", "ca" and "ma" are addresses of the other side.
 */
#include "zipkin.h"

enum side_kind { CLIENT, SERVER, PRODUCER, CONSUMER, SIDES };

static const struct side {
	const char *kind, *begins, *ends;
	const char *peer; /* the binary annotation with the address of the other side */
} sides[SIDES] = {
	[CLIENT] = { "CLIENT", "cs", "cr", "sa" },
	[SERVER] = { "SERVER", "sr", "ss", "ca" },
	[PRODUCER] = { "PRODUCER", "ms", "ws", "ma" },
	[CONSUMER] = { "CONSUMER", "mr", "wr", "ma" },
};

static bool is_word(struct sl_slice text, const char *word)
{
	return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static const struct note *find(const struct note *notes, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!notes[i].binary && notes[i].value.type == SL_VALUE_STRING &&
		    is_word(notes[i].value.text, word))
			return &notes[i];
	return NULL;
}

/* The annotation says what is in the fields of the side. */
static bool is_core(const struct note *note)
{
	for (size_t i = 0; i < SIDES; i++)
		if (note->value.type == SL_VALUE_STRING &&
		    (is_word(note->value.text, sides[i].begins) ||
		     (i < PRODUCER && is_word(note->value.text, sides[i].ends))))
			return true;
	return false;
}

static bool is_address(const struct note *note)
{
	return note->value.type == SL_VALUE_BOOL &&
	       (is_word(note->key, "sa") || is_word(note->key, "ca") || is_word(note->key, "ma"));
}

/* Of whoever wrote it; what nobody signed is the first side's. */
static bool belongs(const struct note *note, struct sl_slice service, bool first)
{
	return note->endpoint.service.len == 0 ? first
					       : sl_slice_equal(note->endpoint.service, service);
}

static bool add_note(struct sl_foreign_reader *reader, struct zipkin_span *read,
		     const struct note *note)
{
	if (!note->binary)
		return is_core(note) || note->value.type != SL_VALUE_STRING ||
		       zipkin_add_event(reader, note->time, note->value.text);
	if (is_address(note))
		return true;
	/* where it is the only name of a place in the program */
	return foreign_take_tag(&read->tags, note->key, &note->value) ||
	       foreign_attribute(reader, note->key, &note->value);
}

static void set_times(struct zipkin_span *half, const struct note *begins, const struct note *ends,
		      bool first)
{
	if (first && half->has_timestamp && half->duration != 0)
		return;
	if (begins != NULL && !(first && half->has_timestamp)) {
		half->timestamp = begins->time;
		half->has_timestamp = true;
	} else if (!half->has_timestamp && ends != NULL) {
		half->timestamp = ends->time;
		half->has_timestamp = true;
	}
	half->duration =
		ends != NULL && ends->time > half->timestamp ? ends->time - half->timestamp : 0;
}

/* One side of the call, or the whole where none is named (kind SIDES). */
static bool add_side(struct sl_foreign_reader *reader, const struct zipkin_span *read,
		     enum side_kind kind, bool first)
{
	const struct note *notes = (const struct note *)(const void *)reader->parts.items;
	size_t count = reader->parts.count;
	struct zipkin_span half = *read;
	const struct note *begins = NULL, *ends = NULL;

	if (kind < SIDES) {
		begins = find(notes, count, sides[kind].begins);
		ends = kind < PRODUCER ? find(notes, count, sides[kind].ends) : NULL;
		half.kind = sl_slice_of(sides[kind].kind);
		if (begins != NULL)
			half.local = begins->endpoint;
		else if (ends != NULL)
			half.local = ends->endpoint;
		set_times(&half, begins, ends, first);
	} else {
		for (size_t i = 0; half.local.service.len == 0 && i < count; i++)
			if (!is_address(&notes[i]))
				half.local = notes[i].endpoint;
	}
	half.shared = !first;
	reader->events.count = 0;
	for (size_t i = 0; i < count; i++) {
		if (kind < SIDES && is_address(&notes[i]) &&
		    is_word(notes[i].key, sides[kind].peer) && half.remote.service.len == 0)
			half.remote = notes[i].endpoint;
		if (belongs(&notes[i], half.local.service, first) &&
		    !add_note(reader, &half, &notes[i]))
			return false;
	}
	return zipkin_add_span(reader, &half);
}

bool zipkin_add_v1(struct sl_foreign_reader *reader, struct zipkin_span *read)
{
	const struct note *notes = (const struct note *)(const void *)reader->parts.items;
	size_t count = reader->parts.count;
	bool first = true;

	for (unsigned kind = 0; kind < SIDES; kind++) {
		if (find(notes, count, sides[kind].begins) == NULL &&
		    (kind >= PRODUCER || find(notes, count, sides[kind].ends) == NULL))
			continue;
		if (!add_side(reader, read, (enum side_kind)kind, first))
			return false;
		first = false;
	}
	return !first || add_side(reader, read, SIDES, true);
}
