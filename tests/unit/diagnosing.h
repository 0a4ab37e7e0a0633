/* What is found in a trace that was made. */
#ifndef DIAGNOSING_H
#define DIAGNOSING_H

#include "made_trace.h"
#include "spanline/diagnose.h"

/* `entries` of other traces, or NULL. */
static void find(struct made *made, const struct sl_thresholds *thresholds,
		 const struct sl_entries *entries, struct sl_findings *findings)
{
	struct sl_diagnosis diagnosis = { thresholds, &made->trace, NULL, entries };
	struct sl_path path;
	struct sl_error err;

	diagnosis.path = &path;
	if (sl_trace_path(&path, &made->trace, &made->arena, &err) != SL_OK ||
	    sl_diagnose(findings, &diagnosis, &made->arena, &err) != SL_OK)
		abort();
}

#endif
