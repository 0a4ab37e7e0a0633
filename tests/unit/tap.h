/* A plain harness over TAP: each check is a line, the exit status agrees with them. */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((__format__(__printf__, 2, 3), unused)) static bool ok(bool claim, const char *format,
								     ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("%sok %d - ", claim ? "" : "not ", ++tap_count);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
	tap_failed += !claim;
	return claim;
}

/* A check that cannot run here, with its reason. */
__attribute__((unused)) static void skip(const char *what, const char *reason)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, reason);
}

__attribute__((unused)) static int done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
