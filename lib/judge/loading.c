/* Summaries of groups, read from files. */
#include "loading.h"
#include "spanline/io.h"

static bool begins_as_summary(const char *path, const struct sl_input_options *how)
{
	struct sl_input *input;
	struct sl_error err;
	char start[64];
	size_t len = 0, got;
	bool is;

	if (sl_input_open(&input, path, how, &err) != SL_OK)
		return false;
	while (len < sizeof(start) &&
	       sl_input_read(input, start + len, sizeof(start) - len, &got, &err) == SL_OK)
		len += got;
	is = sl_summary_begins((struct sl_slice){ start, len });
	sl_input_close(input);
	return is;
}

/* What comes through a pipe is kept as it is looked at, and read again. */
static bool is_summary_on_stdin(void)
{
	enum { KEPT_BYTES = 1 << 20 };
	struct sl_input_options how = { .stop = &sl_interrupted };
	struct sl_error err;
	bool is;

	if (sl_spool_open(&how.spool, sl_cli_temporary_directory(), KEPT_BYTES, &err) != SL_OK)
		sl_die("%s", err.text);
	sl_cli_catch_interrupt();
	is = begins_as_summary("-", &how);
	sl_spool_rewind(how.spool);
	/* a file is where it was; and as a file it is read better */
	if (sl_cli_is_live((char *[]){ NULL }))
		sl_reading.spool = how.spool;
	else
		sl_spool_close(how.spool);
	return is;
}

bool sl_is_summary(char *path)
{
	const struct sl_input_options how = { 0 };

	if (strcmp(path, "-") == 0)
		return sl_reading.spool == NULL && is_summary_on_stdin();
	return !sl_cli_is_live((char *[]){ path, NULL }) && begins_as_summary(path, &how);
}

void sl_loading_take(struct sl_loading *loading, char **paths)
{
	char standard_input[] = "-", *alone[] = { standard_input, NULL };
	char **given = *paths != NULL ? paths : alone, **left = paths;
	size_t count = 0, summaries = 0, stdins = 0;

	for (; given[count] != NULL; count++) {
		if (strcmp(given[count], "-") == 0 && stdins++ != 0) {
			summaries++; /* nothing is left of it */
		} else if (sl_is_summary(given[count])) {
			sl_loading_read(loading, given[count]);
			summaries++;
		} else if (given == paths) {
			*left++ = given[count];
		}
	}
	*left = NULL;
	sl_reading.no_input = summaries == count;
}

static void add_line(struct sl_loading *loading, const char *path, uint64_t number,
		     struct sl_slice line)
{
	struct sl_error err;
	enum sl_status status = sl_summary_add(loading->summary, line, &err);

	if (status == SL_OK)
		return;
	if (status == SL_FAILED)
		sl_die("%s:%llu: %s", path, (unsigned long long)number, err.text);
	sl_warn("%s:%llu: %s", path, (unsigned long long)number, err.text);
	loading->outcome = SL_EXIT_DAMAGED;
}

void loading_add_lines(struct sl_loading *loading, const char *path, uint64_t *number,
		       struct sl_buffer *bytes)
{
	const char *at = bytes->data, *end = bytes->data + bytes->len, *newline;

	while (at < end && (newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		add_line(loading, path, ++*number, (struct sl_slice){ at, (size_t)(newline - at) });
		at = newline + 1;
	}
	bytes->len = (size_t)(end - at);
	if (at != bytes->data)
		memmove(bytes->data, at, bytes->len);
}

void sl_loading_read(struct sl_loading *loading, const char *path)
{
	enum { STEP = 65536, LONGEST = 1 << 21 };
	struct sl_input_options how = { .stop = &sl_interrupted, .spool = sl_reading.spool };
	struct sl_buffer bytes = { .limit = LONGEST };
	enum sl_status status;
	struct sl_input *input;
	struct sl_error err;
	uint64_t number = 0;

	status = sl_input_open(&input, path, &how, &err);
	path = sl_cli_shown_path(path);
	if (status != SL_OK)
		sl_die("%s: %s", path, err.text);
	do {
		char *into = sl_buffer_reserve(&bytes, STEP);
		size_t got = 0;

		if (into == NULL)
			sl_die("%s:%llu: a line is too long", path, (unsigned long long)number + 1);
		status = sl_input_read(input, into, STEP, &got, &err);
		bytes.len += got;
		loading_add_lines(loading, path, &number, &bytes);
	} while (status == SL_OK);
	sl_input_close(input);
	sl_buffer_free(&bytes);
	if (status == SL_FAILED)
		sl_die("%s: %s", path, err.text);
	if (status == SL_END)
		status = sl_summary_end(loading->summary, &err);
	if (status == SL_BAD_RECORD) {
		sl_warn("%s: %s", path, err.text);
		loading->outcome = SL_EXIT_DAMAGED;
	}
}
