/* What the formats share: what a worker keeps, and how values become text. */
#ifndef TRANSLATE_PRIVATE_H
#define TRANSLATE_PRIVATE_H

#include "processes.h"
#include "spanline/translate.h"
#include "tags.h"

struct translator {
	const struct sl_translating *how;
	const struct format *format;
	struct sl_notes *notes;
	struct sl_buffer *out;		/* of the current span or trace */
	struct sl_buffer text;		/* of one value */
	struct sl_buffer joined;	/* of several, which are to be one text */
	struct tags tags;		/* of the object that is written */
	struct tags inner;		/* of one in that */
	struct processes processes;	/* of the trace */
	struct sl_projector *projector; /* where the format has fields */
};

/* A span, and where it stands in its trace, which may be NULL where none was gathered. */
struct placed {
	const struct sl_span *span;
	const struct sl_trace *trace;
	uint32_t index;
};

struct format {
	struct sl_translation_row row;
	/* One of them: each adds what stands behind a comma, if the format has such. */
	enum sl_status (*span)(struct translator *translator, const struct placed *placed,
			       struct sl_error *err);
	enum sl_status (*trace)(struct translator *translator, const struct sl_trace *trace,
				struct sl_error *err);
	const char *open, *close; /* around all of them, of which the first has no comma then */
	void (*head)(const struct sl_translating *how, struct sl_buffer *out); /* instead */
};

/* csv.c */
enum sl_status csv_span(struct translator *translator, const struct placed *placed,
			struct sl_error *err);
void csv_head(const struct sl_translating *how, struct sl_buffer *out);
/* zipkin.c */
enum sl_status zipkin_span(struct translator *translator, const struct placed *placed,
			   struct sl_error *err);
/* jaeger.c */
enum sl_status jaeger_trace(struct translator *translator, const struct sl_trace *trace,
			    struct sl_error *err);
/* datadog.c */
enum sl_status datadog_trace(struct translator *translator, const struct sl_trace *trace,
			     struct sl_error *err);

/* parts.c: JSON of what several formats write alike */

static inline void lose(struct translator *translator, enum sl_note note, bool lost)
{
	translator->notes->count[note] += lost;
}

/* Before a member of an object or array, but for the first. */
static inline void add_comma(struct sl_buffer *out)
{
	if (out->len != 0 && out->data[out->len - 1] != '{' && out->data[out->len - 1] != '[')
		sl_buffer_add_byte(out, ',');
}

/* A JSON string; what is no UTF-8 is counted. */
void add_string(struct translator *translator, struct sl_slice text);
/* The value as text for a format that has nothing else, without quotes; borrowed until the next
 * one.  What is more than its text is counted. */
struct sl_slice text_of(struct translator *translator, const struct sl_value *value);
/* What is added between the two becomes one JSON string of what is then `out` again. */
void begin_joined(struct translator *translator);
void end_joined(struct translator *translator, struct sl_buffer *out);
/* A plain JSON object of the attributes. */
void add_attributes(struct translator *translator, struct sl_attributes attributes);
/* Counts what no other format holds of the span, its scope and its resource. */
void lose_rest(struct translator *translator, const struct sl_span *span);
/* The attribute that is the service's name is written as that. */
static inline bool is_service(const struct sl_span *span, const struct sl_attribute *attribute)
{
	return attribute == span->resource->service;
}

/* An id of zeros is none. */
static inline bool has_parent(const struct sl_span *span)
{
	for (size_t i = 0; i < span->parent_span_id.len; i++)
		if (span->parent_span_id.data[i] != 0)
			return true;
	return false;
}

#endif
