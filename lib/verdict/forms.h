/* What the files of this room share: the forms, and the words that all of them use. */
#ifndef VERDICT_FORMS_H
#define VERDICT_FORMS_H

#include "spanline/verdict.h"

struct verdict {
	const struct sl_verdict_options *options;
	const struct sl_contrast_result *result;
	uint64_t top; /* rows that lead; 0: all */
};

struct verdict_form {
	const char *name;
	const char *help;
	uint64_t top; /* by itself */
	void (*write)(const struct verdict *verdict, struct sl_buffer *out);
};

void verdict_text(const struct verdict *verdict, struct sl_buffer *out);
void verdict_json(const struct verdict *verdict, struct sl_buffer *out);
void verdict_markdown(const struct verdict *verdict, struct sl_buffer *out);
void verdict_html(const struct verdict *verdict, struct sl_buffer *out);

/* words.c: none of it is made safe to show, where names are in it. */
/* "catalog GET /stock", "a -> b", "span.http.route = \"/\"". */
void verdict_what(struct sl_buffer *out, const struct sl_difference *row);
/* As TraceQL has it: what is no word, behind its scope, in quotes. */
void verdict_key(struct sl_buffer *out, struct sl_slice key);
/* "new edge cart POST -> tax GET"; "not attributed" where it has no operation. */
void verdict_share(struct sl_buffer *out, const struct sl_share *share);
/* What a set has of it: "6/294", "32.0", "1.2 ms". */
void verdict_side(struct sl_buffer *out, const struct verdict *verdict,
		  const struct sl_difference *row, enum sl_set set);
/* "+0.97" */
void verdict_effect(struct sl_buffer *out, double effect);
/* "0.012", "<0.001" */
void verdict_chance(struct sl_buffer *out, double p);
/* "+84 ms", "-3 us", "0 ns" */
void verdict_change(struct sl_buffer *out, int64_t ns, bool ascii);
/* A duration that may be below 0. */
void verdict_duration(struct sl_buffer *out, int64_t ns, bool ascii);
/* The mean or the p95 of the roots of a set; "-" of none. */
void verdict_root(struct sl_buffer *out, const struct verdict *verdict, enum sl_set set,
		  bool of_mean);
/* Neither set is empty: what is compared with nothing has not changed. */
bool verdict_has_both(const struct verdict *verdict);
/* One line, "12 differences of 340 that were tried, ...". */
void verdict_summary(struct sl_buffer *out, const struct verdict *verdict);
/* Which keys' values were not tried, as many as have room in so many cells; nothing of none. */
void verdict_left_out(struct sl_buffer *out, const struct verdict *verdict, size_t cells);
/* How many rows, from the first, hold the leaders that are shown; those that lead among them. */
size_t verdict_shown(const struct verdict *verdict, size_t *leaders);
/* The sum of the shares from that one on. */
int64_t verdict_rest(const struct sl_attribution *attribution, size_t from);
/* The id, or so many bytes of it; of an id of 64 bits those that follow its zeros. */
void verdict_hex(struct sl_buffer *out, const struct sl_trace_label *label, size_t most);

#endif
