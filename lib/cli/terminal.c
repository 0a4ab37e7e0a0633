/* What is known of the terminal that output goes to, if it does. */
#define _DEFAULT_SOURCE /* struct winsize */
#include "spanline/cli.h"
#include "spanline/text.h"
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 100, LEAST_WIDTH = 40, MOST_WIDTH = 1000 };

size_t sl_cli_width(bool to_stdout)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width = 0;

	if (columns == NULL || !sl_parse_u64(sl_slice_of(columns), &width)) {
		if (to_stdout && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
			width = size.ws_col;
	}
	if (width == 0)
		return USUAL_WIDTH;
	return width < LEAST_WIDTH ? LEAST_WIDTH : width > MOST_WIDTH ? MOST_WIDTH : (size_t)width;
}

/* https://no-color.org and https://force-color.org: set, and not empty. */
static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

bool sl_cli_has_colour(const char *when, bool to_stdout)
{
	if (strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (is_set("NO_COLOR"))
		return false;
	return is_set("FORCE_COLOR") || (to_stdout && isatty(STDOUT_FILENO));
}
