/* When a request is sent again, and when it is given up: no clock, no chance but what is handed in.
 */
#ifndef DELIVER_RETRY_H
#define DELIVER_RETRY_H

#include "spanline/net.h"

/* xorshift64*, never 0. */
struct chance {
	uint64_t state;
};
void chance_begin(struct chance *chance, uint64_t seed);
uint64_t chance_below(struct chance *chance, uint64_t limit);

struct retry {
	uint64_t begun_ns;     /* the first request */
	uint64_t pause_ns;     /* the last one, without jitter; 0: none so far */
	uint64_t first_ns;     /* the first pause */
	uint64_t retry_for_ns; /* 0: for ever */
	struct chance *chance;
};

/*
 * How long to wait before the next request, after an answer of SL_ANSWER_AGAIN; false: give up.
 * first_ns at first, half as much again each time, at most 30 s, a fifth more or less by chance
 * (from 5 s on anything up to it); never shorter than the server asks, who sets the pace from then
 * on.
 */
bool retry_pause(struct retry *retry, const struct sl_answer *answer, uint64_t now_ns,
		 uint64_t *pause_ns);

#endif
