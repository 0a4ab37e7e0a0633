/* Places in time as options take them. */
#include "spanline/select.h"
#include "spanline/text.h"

#define NS_PER_S   UINT64_C(1000000000)
#define NS_PER_DAY (UINT64_C(86400) * NS_PER_S)

/* RFC 3339 after `text` and what may be left out of it. */
static bool parse_completed(struct sl_slice text, struct sl_slice rest, uint64_t *unix_ns)
{
	char whole[64];

	if (text.len > sizeof(whole) - rest.len)
		return false;
	memcpy(whole, text.data, text.len);
	memcpy(whole + text.len, rest.data, rest.len);
	return sl_parse_time((struct sl_slice){ whole, text.len + rest.len }, unix_ns);
}

/* "14:00" of the day of `now_ns`. */
static bool parse_today(struct sl_slice text, uint64_t now_ns, uint64_t *unix_ns)
{
	char whole[SL_TIME_TEXT + 16];
	const size_t date_len = sizeof("2026-11-21T") - 1;

	if (text.len < 5 || text.len > 15 || text.data[2] != ':')
		return false;
	sl_write_time(whole, now_ns - now_ns % NS_PER_DAY);
	memcpy(whole + date_len, text.data, text.len);
	return parse_completed((struct sl_slice){ whole, date_len + text.len },
			       text.len == 5 ? SL_SLICE(":00Z") : SL_SLICE("Z"), unix_ns);
}

static bool parse_now(struct sl_slice text, uint64_t now_ns, uint64_t *unix_ns)
{
	struct sl_slice offset = { text.data + 4, text.len - (text.len < 4 ? text.len : 4) };
	int64_t ns;

	if (text.len < 3 || memcmp(text.data, "now", 3) != 0)
		return false;
	*unix_ns = now_ns;
	if (text.len == 3)
		return true;
	if (text.len < 5 || !sl_parse_duration(offset, &ns))
		return false;
	if (text.data[3] == '+')
		*unix_ns = now_ns + (uint64_t)ns;
	else
		*unix_ns = (uint64_t)ns < now_ns ? now_ns - (uint64_t)ns : 0;
	return text.data[3] == '+' || text.data[3] == '-';
}

bool sl_parse_when(struct sl_slice text, uint64_t now_ns, uint64_t *unix_ns)
{
	return sl_parse_time(text, unix_ns) || parse_now(text, now_ns, unix_ns) ||
	       parse_today(text, now_ns, unix_ns) ||
	       parse_completed(text, SL_SLICE("Z"), unix_ns) ||
	       parse_completed(text, SL_SLICE(":00Z"), unix_ns) ||
	       parse_completed(text, SL_SLICE("T00:00:00Z"), unix_ns);
}
