/* Outcomes with their one-line reason. */
#include "spanline/base.h"
#include <stdarg.h>
#include <stdio.h>

const char *sl_reason_name(enum sl_reason reason)
{
	static const char *const names[SL_REASON_COUNT] = {
		[SL_MALFORMED] = "malformed", [SL_TRUNCATED] = "truncated",
		[SL_OVERSIZE] = "oversize",   [SL_UNSUPPORTED] = "unsupported",
		[SL_SYSTEM] = "system",
	};

	return names[reason];
}

enum sl_status sl_reject(struct sl_error *err, enum sl_reason reason, size_t offset,
			 const char *format, ...)
{
	va_list arguments;

	err->reason = reason;
	err->offset = offset;
	va_start(arguments, format);
	vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	return SL_BAD_RECORD;
}

enum sl_status sl_fail(struct sl_error *err, const char *format, ...)
{
	va_list arguments;

	err->reason = SL_SYSTEM;
	err->offset = SL_NOWHERE;
	va_start(arguments, format);
	vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	return SL_FAILED;
}

enum sl_status sl_fail_memory(struct sl_error *err)
{
	return sl_fail(err, "out of memory");
}
