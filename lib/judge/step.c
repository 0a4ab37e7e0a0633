/* The page that GitHub shows of a step: gates and groups as Markdown, behind what is there. */
#include "spanline/judge.h"

enum sl_status sl_judging_add_to_step(const struct sl_report_options *how, struct sl_groups *groups,
				      struct sl_error *err)
{
	struct sl_buffer page = { 0 };
	enum sl_status status;

	if (!sl_cli_has_step_summary())
		return SL_OK;
	/* a table begins behind an empty line */
	sl_buffer_add_byte(&page, '\n');
	status = sl_report_write("markdown", how, groups, &page, err);
	if (status == SL_OK && page.failed)
		status = sl_fail_memory(err);
	if (status == SL_OK)
		status = sl_cli_add_to_step_summary(sl_buffer_slice(&page), err);
	sl_buffer_free(&page);
	return status;
}
