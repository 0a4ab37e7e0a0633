/* How fast spans are sent, as --pace and --rate say it. */
#include "spanline/replay.h"
#include "spanline/text.h"
#include <math.h>

static bool take_suffix(struct sl_slice *text, struct sl_slice suffix)
{
	if (text->len < suffix.len ||
	    memcmp(text->data + text->len - suffix.len, suffix.data, suffix.len) != 0)
		return false;
	text->len -= suffix.len;
	*text = sl_trim(*text);
	return true;
}

static bool parse_factor(struct sl_slice text, double *factor)
{
	return sl_parse_double(text, factor) && *factor > 0 && isfinite(*factor);
}

bool sl_pace_parse(struct sl_pace *pace, struct sl_slice text)
{
	*pace = (struct sl_pace){ .kind = SL_PACE_NONE };
	if (sl_slice_equal(text, SL_SLICE("none")))
		return true;
	if (!take_suffix(&text, SL_SLICE("x")) || !parse_factor(text, &pace->factor))
		return false;
	pace->kind = pace->factor == 1.0 ? SL_PACE_CAPTURED : SL_PACE_SPEED;
	return true;
}

bool sl_rate_parse(struct sl_pace *pace, struct sl_slice text)
{
	uint64_t bytes;

	*pace = (struct sl_pace){ .kind = SL_PACE_SPANS };
	if (!take_suffix(&text, SL_SLICE("/s")))
		return false;
	if (take_suffix(&text, SL_SLICE("bytes"))) {
		pace->kind = SL_PACE_BYTES;
		if (!sl_parse_size(text, &bytes) || bytes == 0)
			return false;
		pace->factor = (double)bytes;
		return true;
	}
	if (take_suffix(&text, SL_SLICE("traces")))
		pace->kind = SL_PACE_TRACES;
	else
		(void)take_suffix(&text, SL_SLICE("spans"));
	return parse_factor(text, &pace->factor);
}
