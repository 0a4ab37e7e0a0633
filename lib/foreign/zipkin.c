/* Zipkin. */
#include "foreign.h"

bool zipkin_resumes(unsigned keys)
{
	return (keys & (KEY_TRACE_ID | KEY_ID)) == (KEY_TRACE_ID | KEY_ID);
}

bool zipkin_read(struct sl_foreign_reader *reader)
{
	return foreign_other(reader);
}
