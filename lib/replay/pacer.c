/* When each span goes out. */
#include "replayer.h"
#include <time.h>

#define SECOND	    1000000000.0 /* ns */
#define MILLISECOND UINT64_C(1000000)

/* What is to be the same batch is sent within this time. */
#define TOGETHER_NS (MILLISECOND / 4)
/* So often an interrupt is looked for. */
#define NAP_NS (100 * MILLISECOND)

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_planned(const void *a, const void *b)
{
	const struct planned *one = *(const struct planned *const *)a;
	const struct planned *two = *(const struct planned *const *)b;
	int order = compare_numbers(one->end_ns, two->end_ns);

	if (order == 0)
		order = compare_numbers(one->group, two->group);
	return order != 0 ? order : compare_numbers(one->offset, two->offset);
}

static size_t planned_len(const void *head)
{
	(void)head;
	return sizeof(struct planned);
}

static struct planned plan_item(struct sl_replayer *replayer, const struct kept_span *head,
				uint64_t offset)
{
	struct groups *groups = &replayer->kept.groups;
	struct planned item = { head->end_ns, 0, offset };

	if (sl_pace_by_trace(&replayer->replay->pace)) {
		uint32_t group = groups_of(groups, head->trace);

		item.end_ns = groups->traces[group].end_ns;
		item.group = (uint64_t)group + 1;
	}
	return item;
}

enum sl_status pacer_plan(struct sl_replayer *replayer, struct sl_error *err)
{
	struct pacer *pacer = &replayer->pacer;
	const struct sl_sorter_options options = {
		.directory = replayer->replay->traces.gather.directory,
		.limit_bytes = replayer->replay->traces.gather.limit_bytes,
		.head_bytes = sizeof(struct planned),
		.len = planned_len,
		.compare = compare_planned,
	};
	uint64_t offset = 0;
	enum sl_status status = sl_sorter_open(&pacer->schedule, &options, err);

	pacer->first_end_ns = UINT64_MAX;
	while (status == SL_OK) {
		struct kept_span head;
		struct planned item;
		uint64_t at = offset;

		status = kept_pass(&replayer->kept, &offset, &head, err);
		if (status != SL_OK)
			break;
		item = plan_item(replayer, &head, at);
		if (item.end_ns != 0 && item.end_ns < pacer->first_end_ns)
			pacer->first_end_ns = item.end_ns;
		status = sl_sorter_add(pacer->schedule, &item, err);
	}
	return status == SL_END ? SL_OK : status;
}

enum sl_status pacer_start(struct sl_replayer *replayer, bool first, struct sl_error *err)
{
	struct pacer *pacer = &replayer->pacer;

	pacer->group = 0;
	pacer->round_now_ns = sl_cli_now();
	if (first || !sl_pace_is_rate(&replayer->replay->pace)) {
		pacer->due_ns = 0;
		pacer->spans = pacer->traces = pacer->bytes = 0;
		pacer->pending = false;
		pacer->dry_ns = 0;
		pacer->begin_ns = sl_cli_elapsed();
		pacer->begin_now_ns = pacer->round_now_ns;
	}
	return sl_sorter_start(pacer->schedule, err);
}

/* What is due later than in decades is due then, so that sums with it still fit. */
static uint64_t whole_ns(double ns)
{
	const uint64_t latest_ns = UINT64_C(1) << 60;

	return ns < (double)latest_ns ? (uint64_t)ns : latest_ns;
}

static uint64_t find_due(const struct sl_replayer *replayer, const struct planned *item)
{
	const struct sl_pace *pace = &replayer->replay->pace;
	const struct pacer *pacer = &replayer->pacer;
	uint64_t since_ns =
		item->end_ns > pacer->first_end_ns ? item->end_ns - pacer->first_end_ns : 0;

	switch (pace->kind) {
	case SL_PACE_CAPTURED:
		return since_ns;
	case SL_PACE_SPEED:
		return whole_ns((double)since_ns / pace->factor);
	case SL_PACE_SPANS:
		return whole_ns(pacer->spans / pace->factor * SECOND);
	case SL_PACE_TRACES:
		return whole_ns(pacer->traces / pace->factor * SECOND);
	default:
		return whole_ns(pacer->bytes / pace->factor * SECOND);
	}
}

static enum sl_status send_pending(struct sl_replayer *replayer, struct sl_error *err)
{
	enum sl_status status = hand_on(replayer, err);

	replayer->pacer.pending = false;
	return status == SL_OK ? sl_sink_flush(replayer->sink, &replayer->out, err) : status;
}

/* Since the round began. */
static uint64_t elapsed_ns(const struct sl_replayer *replayer)
{
	const struct pacer *pacer = &replayer->pacer;

	return replayer->replay->dry ? pacer->dry_ns : sl_cli_elapsed() - pacer->begin_ns;
}

/* A while, at most until then. */
static void nap(struct sl_replayer *replayer, uint64_t now_ns, uint64_t due_ns)
{
	uint64_t left_ns = due_ns - now_ns;
	struct timespec length = { .tv_nsec = (long)(left_ns < NAP_NS ? left_ns : NAP_NS) };

	if (replayer->replay->dry) {
		replayer->pacer.dry_ns = due_ns;
		replayer->replay->paced_s += (double)left_ns / SECOND;
		return;
	}
	(void)nanosleep(&length, NULL);
}

/* Sends what is packed if it would wait for too long. */
static enum sl_status wait_until(struct sl_replayer *replayer, uint64_t due_ns,
				 struct sl_error *err)
{
	struct pacer *pacer = &replayer->pacer;
	uint64_t now_ns = elapsed_ns(replayer);
	enum sl_status status = SL_OK;

	if (now_ns < due_ns && pacer->pending &&
	    (due_ns - now_ns > TOGETHER_NS || now_ns - pacer->pending_ns > TOGETHER_NS))
		status = send_pending(replayer, err);
	while (status == SL_OK && !sl_interrupted && !replayer->replay->over && now_ns < due_ns) {
		nap(replayer, now_ns, due_ns);
		if (replayer->replay->look != NULL)
			replayer->replay->look(replayer->replay);
		sl_cli_show_progress();
		now_ns = elapsed_ns(replayer);
	}
	if (!pacer->pending) {
		pacer->pending = true;
		pacer->pending_ns = now_ns;
	}
	return status;
}

/* Time begins so that what is due is due now. */
static void jump(struct sl_replayer *replayer)
{
	struct pacer *pacer = &replayer->pacer;

	pacer->dry_ns = pacer->due_ns;
	pacer->begin_ns = sl_cli_elapsed() - pacer->due_ns;
	pacer->begin_now_ns = sl_cli_now() - pacer->due_ns;
	if (!sl_pace_is_rate(&replayer->replay->pace))
		pacer->round_now_ns = pacer->begin_now_ns;
}

enum sl_status pacer_next(struct sl_replayer *replayer, struct planned *item, bool *any,
			  struct sl_error *err)
{
	struct pacer *pacer = &replayer->pacer;
	void *next;
	enum sl_status status = sl_sorter_next(pacer->schedule, &next, err);

	*any = status == SL_OK;
	if (status != SL_OK)
		return status == SL_END ? SL_OK : status;
	memcpy(item, next, sizeof(*item));
	if (item->group == 0 || item->group != pacer->group) {
		pacer->due_ns = find_due(replayer, item);
		pacer->group = item->group;
		if (item->group != 0)
			pacer->traces += replayer->kept.groups.traces[item->group - 1].trace_count;
		if (pacer->taken < replayer->replay->skip)
			jump(replayer);
		else
			status = wait_until(replayer, pacer->due_ns, err);
	}
	return status;
}
