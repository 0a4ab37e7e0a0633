/* The line on a terminal that says how far long work has come: bytes, spans per second, time left.
 */
#include "progress.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_SECONDS 1.0
#define EVERY_SECONDS 0.25

static struct {
	bool wanted;
	uint64_t total_bytes;
	double started;
	double shown; /* when last, in seconds since the start */
	int width;    /* of what stands on the terminal now */
} progress;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void progress_start(bool wanted, uint64_t total_bytes)
{
	progress.wanted = wanted && isatty(STDERR_FILENO);
	progress.total_bytes = total_bytes;
	progress.started = now();
	progress.shown = 0;
	progress.width = 0;
}

double progress_seconds(void)
{
	return now() - progress.started;
}

/* "12.3 M"; `out` has room for 16. */
static const char *scaled(char *out, double number)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P", "E" };
	size_t unit = 0;

	while (number >= 999.95 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		number /= 1000;
		unit++;
	}
	snprintf(out, 16, unit == 0 ? "%.0f %s" : "%.1f %s", number, units[unit]);
	return out;
}

static int show(double seconds, double bytes, double spans)
{
	char size[16], rate[16], total[16];
	double whole = (double)progress.total_bytes;
	int width = fprintf(stderr, "\r%sB", scaled(size, bytes));

	if (whole > 0)
		width += fprintf(stderr, " of %sB", scaled(total, whole));
	width += fprintf(stderr, ", %sspans/s", scaled(rate, spans / seconds));
	if (whole >= bytes && bytes > 0)
		width += fprintf(stderr, ", %.0f s left", seconds * (whole - bytes) / bytes);
	return width - 1;
}

void progress_update(uint64_t bytes, uint64_t spans)
{
	if (!progress.wanted)
		return;

	double seconds = progress_seconds();
	if (seconds < FIRST_SECONDS || seconds - progress.shown < EVERY_SECONDS)
		return;
	progress.shown = seconds;
	int before = progress.width;
	progress.width = show(seconds, (double)bytes, (double)spans);
	if (before > progress.width)
		fprintf(stderr, "%*s", before - progress.width, "");
	fflush(stderr);
}

/* Spaces and carriage returns, since they work on every terminal. */
void progress_hide(void)
{
	if (progress.width != 0)
		fprintf(stderr, "\r%*s\r", progress.width, "");
	progress.width = 0;
}
