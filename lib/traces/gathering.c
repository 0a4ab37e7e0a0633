/* Facts of spans, or whole ones. */
#include "spanline/traces.h"

enum sl_status sl_gathering_open(struct sl_gathering *gathering, bool whole,
				 const struct sl_traces_options *options, struct sl_error *err)
{
	*gathering = (struct sl_gathering){ 0 };
	return whole ? sl_traces_open(&gathering->whole, options, err)
		     : sl_gather_open(&gathering->facts, &options->gather, err);
}

void sl_gathering_end(struct sl_gathering *gathering)
{
	if (gathering->whole != NULL)
		sl_traces_end(gathering->whole);
	else
		sl_gather_end(gathering->facts);
}

enum sl_status sl_gathering_idle(struct sl_gathering *gathering, uint64_t now_ns, uint64_t idle_ns,
				 struct sl_error *err)
{
	return gathering->whole != NULL ? sl_traces_idle(gathering->whole, now_ns, idle_ns, err)
					: sl_gather_idle(gathering->facts, now_ns, idle_ns, err);
}

enum sl_status
sl_gathering_each(struct sl_gathering *gathering,
		  enum sl_status (*of_facts)(void *context, const struct sl_gathered *trace,
					     struct sl_error *err),
		  enum sl_status (*of_whole)(void *context, const struct sl_trace *trace,
					     struct sl_error *err),
		  void *context, struct sl_error *err)
{
	const struct sl_trace *trace;
	struct sl_gathered facts;
	enum sl_status status = SL_OK;

	while (status == SL_OK && gathering->whole != NULL) {
		status = sl_traces_next(gathering->whole, &trace, err);
		if (status == SL_OK)
			status = of_whole(context, trace, err);
	}
	while (status == SL_OK) {
		status = sl_gather_next(gathering->facts, &facts, err);
		if (status == SL_OK)
			status = of_facts(context, &facts, err);
	}
	return status == SL_END ? SL_OK : status;
}

uint64_t sl_gathering_reopened(const struct sl_gathering *gathering)
{
	if (gathering->whole != NULL)
		return sl_traces_reopened(gathering->whole);
	return gathering->facts != NULL ? sl_gather_counts(gathering->facts)->reopened : 0;
}

void sl_gathering_close(struct sl_gathering *gathering)
{
	sl_traces_close(gathering->whole);
	sl_gather_close(gathering->facts);
	*gathering = (struct sl_gathering){ 0 };
}
