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
	uint64_t bytes, spans; /* that are read */
	struct sl_progress (*ask)(void);
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

void progress_start(bool wanted, uint64_t total_bytes, struct sl_progress (*ask)(void))
{
	progress.wanted = wanted && isatty(STDERR_FILENO);
	progress.total_bytes = total_bytes;
	progress.bytes = progress.spans = 0;
	progress.ask = ask;
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

static int show_part(double done, double total, const char *unit)
{
	char size[16], whole[16];

	if (total > 0)
		return fprintf(stderr, "\r%s%s of %s%s", scaled(size, done), unit,
			       scaled(whole, total), unit) -
		       1;
	return fprintf(stderr, "\r%s%s", scaled(size, done), unit) - 1;
}

static int show_left(double seconds, double done, double total)
{
	return total >= done && done > 0
		       ? fprintf(stderr, ", %.0f s left", seconds * (total - done) / done)
		       : 0;
}

static int show_reading(double seconds)
{
	double bytes = (double)progress.bytes, total = (double)progress.total_bytes;
	char rate[16];
	int width = show_part(bytes, total, "B");

	width += fprintf(stderr, ", %sspans/s", scaled(rate, (double)progress.spans / seconds));
	return width + show_left(seconds, bytes, total);
}

static int show_work(double seconds, const struct sl_progress *work)
{
	bool has_end = work->total_spans != UINT64_MAX;
	double done = (double)progress.bytes, total = (double)progress.total_bytes;
	const char *unit = "B";
	char spans[16], bytes[16];
	int width;

	if (work->total_spans != 0) {
		done = (double)work->spans;
		total = has_end ? (double)work->total_spans : 0;
		unit = "spans";
	}
	width = show_part(done, total, unit);
	width += fprintf(stderr, ", %sspans/s, %sB/s", scaled(spans, (double)work->spans / seconds),
			 scaled(bytes, (double)work->bytes / seconds));
	if (work->retries != 0)
		width += fprintf(stderr, ", %llu %s", (unsigned long long)work->retries,
				 work->retries == 1 ? "retry" : "retries");
	return width + show_left(seconds, done, total);
}

void sl_cli_show_progress(void)
{
	struct sl_progress work = { 0 };
	double seconds = progress_seconds();
	int before = progress.width;

	if (!progress.wanted || seconds < FIRST_SECONDS || seconds - progress.shown < EVERY_SECONDS)
		return;
	progress.shown = seconds;
	if (progress.ask != NULL)
		work = progress.ask();
	progress.width = work.spans != 0 || work.retries != 0 || work.total_spans != 0
				 ? show_work(seconds, &work)
				 : show_reading(seconds);
	if (before > progress.width)
		fprintf(stderr, "%*s", before - progress.width, "");
	fflush(stderr);
}

void progress_update(uint64_t bytes, uint64_t spans)
{
	progress.bytes = bytes;
	progress.spans = spans;
	sl_cli_show_progress();
}

/* Spaces and carriage returns, since they work on every terminal. */
void progress_hide(void)
{
	if (progress.width != 0)
		fprintf(stderr, "\r%*s\r", progress.width, "");
	progress.width = 0;
}
