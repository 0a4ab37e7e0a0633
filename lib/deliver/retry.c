/* Exponential backoff with jitter (specification, "Failures"; exporter.md, "Retry"). */
#include "retry.h"

#define SECOND UINT64_C(1000000000)
/* A hundred years: sums with it still fit. */
#define LONGEST (UINT64_C(3155760000) * SECOND)

void chance_begin(struct chance *chance, uint64_t seed)
{
	chance->state = sl_hash64(&seed, sizeof(seed), 0) | 1;
}

uint64_t chance_below(struct chance *chance, uint64_t limit)
{
	uint64_t x = chance->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	chance->state = x;
	return limit == 0 ? 0 : (x * UINT64_C(0x2545f4914f6cdd1d)) % limit;
}

static uint64_t next_base(const struct retry *retry)
{
	uint64_t last_ns = retry->pause_ns;
	uint64_t base = last_ns == 0 ? retry->first_ns : last_ns + last_ns / 2;

	return base < 30 * SECOND ? base : 30 * SECOND;
}

bool retry_pause(struct retry *retry, const struct sl_answer *answer, uint64_t now_ns,
		 uint64_t *pause_ns)
{
	uint64_t base = next_base(retry), spent = now_ns - retry->begun_ns, pause;
	uint64_t asked = !answer->has_wait	     ? 0
			 : answer->wait_ns < LONGEST ? answer->wait_ns
						     : LONGEST;

	if (asked > base)
		base = asked;
	retry->pause_ns = base;
	if (base > 5 * SECOND && asked == 0)
		pause = chance_below(retry->chance, base);
	else
		pause = base - base / 5 + chance_below(retry->chance, base / 5 * 2);
	if (pause < asked)
		/* all that were told the same shall not come back at once */
		pause = asked + chance_below(retry->chance, (asked < SECOND ? asked : SECOND) / 5);
	*pause_ns = pause;
	return retry->retry_for_ns == 0 ||
	       (pause <= retry->retry_for_ns && spent <= retry->retry_for_ns - pause);
}
