/* Asking a query of one span. */
#ifndef QUERY_ASK_H
#define QUERY_ASK_H

#include "spanline/query.h"
#include "tap.h"
#include <stdlib.h>

#define TEXT(literal)                                                                              \
	{                                                                                          \
		.type = SL_VALUE_STRING, .text = { literal, sizeof(literal) - 1 }                  \
	}
#define INT(number_)                                                                               \
	{                                                                                          \
		.type = SL_VALUE_INT, .integer = number_                                           \
	}
#define DOUBLE(number_)                                                                            \
	{                                                                                          \
		.type = SL_VALUE_DOUBLE, .number = number_                                         \
	}
#define KEY(literal)                                                                               \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}
#define LIST(items)                                                                                \
	{                                                                                          \
		items, SL_COUNT(items)                                                             \
	}

struct asked {
	bool whole, matches;
	uint64_t limits_hit;
};

static bool open_query(const char *text, struct sl_query **query, struct sl_matcher **matcher)
{
	struct sl_query_options options = { .tempo = false };
	struct sl_query_fault fault;
	struct sl_error err;

	if (sl_query_compile(query, (struct sl_slice){ text, strlen(text) }, &options, &fault) !=
	    SL_OK) {
		ok(false, "%s: %s", text, fault.text);
		return false;
	}
	if (sl_matcher_open(matcher, *query, &err) != SL_OK)
		abort();
	return true;
}

__attribute__((unused)) static struct asked ask(const char *text, const struct sl_span *of)
{
	struct asked asked = { .whole = false };
	struct sl_matcher *matcher;
	struct sl_query *query;
	struct sl_error err;

	if (!open_query(text, &query, &matcher))
		return asked;
	asked.whole = sl_query_span(matcher, of, &asked.matches, &err) == SL_OK;
	asked.limits_hit = sl_matcher_limits_hit(matcher);
	sl_matcher_close(matcher);
	sl_query_free(query);
	return asked;
}

#endif
