/* Weak stand-ins, for a library without the evaluator. */
#ifndef QUERY_STUBS_H
#define QUERY_STUBS_H

#include "spanline/query.h"
void query_find_needs(struct sl_query *query);
enum sl_status query_compile_regexes(struct sl_query *query, struct sl_query_fault *fault);
void query_free_regexes(struct sl_query *query);

__attribute__((weak)) void query_find_needs(struct sl_query *query)
{
	(void)query;
}

__attribute__((weak)) enum sl_status query_compile_regexes(struct sl_query *query,
							   struct sl_query_fault *fault)
{
	(void)query;
	(void)fault;
	return SL_OK;
}

__attribute__((weak)) void query_free_regexes(struct sl_query *query)
{
	(void)query;
}

#endif
