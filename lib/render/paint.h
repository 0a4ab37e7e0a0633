/* Numbers, colours and fitting pieces of text for a terminal. */
#ifndef RENDER_PAINT_H
#define RENDER_PAINT_H

#include "view.h"

/* In which unit times of one trace are shown, so that they can be compared at a glance. */
struct unit {
	const char *name;
	double ns;
	int decimals;
};
struct unit unit_for(uint64_t longest_ns, bool ascii);
void add_time(struct sl_buffer *out, struct unit unit, double ns);
/* With the unit that it takes, and three digits: "15.4 ms". */
void add_duration(struct sl_buffer *out, uint64_t ns, bool ascii);

/* Colours begin and end here; nothing is written where there is no colour. */
enum paint {
	PAINT_PLAIN,
	PAINT_DIM,
	PAINT_BOLD,
	PAINT_ERROR,
	PAINT_WARNING,
	PAINT_INFO,
};
void paint(struct sl_buffer *out, bool colour, enum paint what);
/* One of the colours of services; `dim` is for what is not on the critical path. */
enum { SERVICE_COLOURS = 18 };
/* Those of pages and pictures, which services.css has. */
enum { PICTURE_COLOURS = 12 };
void paint_service(struct sl_buffer *out, bool colour, unsigned which, bool dim);
/* Which of `count` colours a service has, in every trace where no other one has it. */
unsigned service_colour(struct sl_slice service, unsigned count);
/* By service of the trace, in the arena: its colour, or a free one if another service has that.  At
 * most 256 colours.  False: no memory. */
SL_MUST_USE bool choose_colours(const struct view *view, unsigned count, unsigned char **colours);

void add_blanks(struct sl_buffer *out, size_t count);
void add_text(struct sl_buffer *out, const char *text);
/* The text, safe to print, in exactly `cells`: cut in the middle or filled with blanks. */
void add_fitted(struct sl_buffer *out, struct sl_slice safe, size_t cells, bool ascii, bool right);
struct sl_slice ellipsis_of(bool ascii);
/* "gateway GET /checkout", safe to print, in at most `cells`. */
void add_root_name(struct sl_buffer *out, const struct sl_trace *trace, size_t cells, bool ascii);
/* ", 3 orphans" where there are any. */
void add_count(struct sl_buffer *out, uint32_t count, const char *one, const char *several);
/* "102 spans, 5 services, 0 errors", and what is broken. */
void add_counts(struct sl_buffer *out, const struct view *view);
/* `*` is any text, `?` one byte. */
bool glob_matches(const char *glob, struct sl_slice text);

#endif
