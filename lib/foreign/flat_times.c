/* Times and durations of flat records, by what their names or their size say of the unit. */
#include "flat_times.h"
#include "spanline/text.h"

/* A number in quotes counts as one. */
static struct sl_slice unquoted(struct sl_slice raw)
{
	if (raw.len >= 2 && raw.data[0] == '"')
		return (struct sl_slice){ raw.data + 1, raw.len - 2 };
	return raw;
}

/* Seconds since 1970 are below 10^11 until the year 5138, and from 10^11 on ms are later than
 * 1973; and so on. */
static int unit_by_size(struct sl_slice number)
{
	double size;

	if (!sl_parse_double(number, &size) || size < 1e11)
		return FLAT_S;
	return size < 1e14 ? FLAT_MS : size < 1e17 ? FLAT_US : FLAT_NS;
}

static bool scaled(struct sl_slice number, int unit, uint64_t *ns)
{
	bool negative;

	return number.len != 0 && sl_scaled_of(number, 9 + unit, &negative, ns) &&
	       (!negative || *ns == 0);
}

/* Without a zone it is in UTC. */
static bool as_written(struct sl_slice text, uint64_t *ns)
{
	char zoned[40];

	if (sl_parse_time(text, ns))
		return true;
	if (text.len == 0 || text.len >= sizeof(zoned))
		return false;
	memcpy(zoned, text.data, text.len);
	zoned[text.len] = 'Z';
	return sl_parse_time((struct sl_slice){ zoned, text.len + 1 }, ns);
}

bool flat_time(struct sl_slice raw, enum flat_unit unit, uint64_t *ns)
{
	struct sl_slice text = unquoted(raw);

	if (scaled(text, unit == FLAT_AUTO ? unit_by_size(text) : (int)unit, ns))
		return true;
	return as_written(text, ns);
}

bool flat_duration(struct sl_slice raw, enum flat_unit unit, uint64_t *ns)
{
	struct sl_slice text = unquoted(raw);
	int64_t duration;

	if (scaled(text, (int)unit, ns))
		return true;
	if (!sl_parse_duration(text, &duration))
		return false;
	*ns = (uint64_t)duration;
	return true;
}
