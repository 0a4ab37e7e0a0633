/*
 * Spans out in the formats of other tools: Jaeger, Zipkin, Datadog, and columns for spreadsheets
 * and databases.  What a format cannot hold is counted in notes (sl_note_is_loss).  The mappings
 * are in span-formats(7).
 */
#ifndef SPANLINE_TRANSLATE_H
#define SPANLINE_TRANSLATE_H

#include "spanline/flow.h"
#include "spanline/select.h"
#include "spanline/traces.h"

struct sl_translation_row {
	const char *name; /* as --to takes it */
	const char *help;
	bool has_fields; /* writes the chosen fields */
};
/* The row at `index` of the table, in the order of --help; NULL behind the last. */
const struct sl_translation_row *sl_translation(size_t index);
/* NULL: no such format. */
const struct sl_translation_row *sl_translation_find(const char *name);

struct sl_translating {
	const struct sl_translation_row *to;
	const struct sl_projection *projection; /* where the format has fields */
	struct sl_traces_options traces;
};

/* Whether spans are gathered into whole traces before they are written. */
bool sl_translating_needs_traces(const struct sl_translating *how);
/* What has to be filled in of spans. */
unsigned sl_translating_needs(const struct sl_translating *how);
/* The work of a flow; *how is borrowed for the run. */
struct sl_flow_work sl_translating_work(const struct sl_translating *how);

#endif
