/* The few traces with the largest keys. */
#include "gate.h"

static bool is_worse(int64_t key, struct sl_slice id, const struct worst *worst, size_t than)
{
	struct sl_slice other = { worst->traces[than].id, worst->traces[than].len };

	if (key != worst->traces[than].key)
		return key > worst->traces[than].key;
	return sl_slice_compare(id, other) < 0;
}

void worst_offer(struct worst *worst, int64_t key, struct sl_slice trace_id)
{
	size_t at = worst->count, place = 0;

	if (trace_id.len > sizeof(worst->traces[0].id))
		trace_id.len = sizeof(worst->traces[0].id);
	if (at == SL_GATE_WORST && !is_worse(key, trace_id, worst, SL_GATE_WORST - 1))
		return;
	for (size_t i = 0; i < worst->count; i++)
		if (sl_slice_equal(trace_id,
				   (struct sl_slice){ worst->traces[i].id, worst->traces[i].len }))
			at = i;
	if (at < worst->count && key <= worst->traces[at].key)
		return;
	if (at == worst->count && worst->count < SL_GATE_WORST)
		worst->count++;
	if (at == SL_GATE_WORST)
		at--; /* the least of them makes room */
	while (place < at && !is_worse(key, trace_id, worst, place))
		place++;
	memmove(&worst->traces[place + 1], &worst->traces[place],
		(at - place) * sizeof(worst->traces[0]));
	worst->traces[place].key = key;
	worst->traces[place].len = trace_id.len;
	if (trace_id.len != 0)
		memcpy(worst->traces[place].id, trace_id.data, trace_id.len);
}

void worst_merge(struct worst *into, const struct worst *from)
{
	for (size_t i = 0; i < from->count; i++)
		worst_offer(into, from->traces[i].key,
			    (struct sl_slice){ from->traces[i].id, from->traces[i].len });
}
