/* Spans as lines of comma-separated values, behind a line of their names. */
#include "translate.h"

void csv_head(const struct sl_translating *how, struct sl_buffer *out)
{
	sl_project_csv_head(how->projection, out);
}

enum sl_status csv_span(struct translator *translator, const struct placed *placed,
			struct sl_error *err)
{
	struct sl_projected from = { placed->span, placed->trace, placed->index };

	return sl_project_csv(translator->projector, &from, translator->notes, translator->out,
			      err);
}
