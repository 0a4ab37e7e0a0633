/* Summaries of groups, read from files. */
#include "loading.h"
#include "spanline/io.h"

bool sl_is_summary(char *path)
{
	struct sl_input_options how = { 0 };
	struct sl_input *input;
	struct sl_error err;
	char start[64];
	size_t len = 0, got;
	bool is;

	if (strcmp(path, "-") == 0 || sl_cli_is_live((char *[]){ path, NULL }) ||
	    sl_input_open(&input, path, &how, &err) != SL_OK)
		return false;
	while (len < sizeof(start) &&
	       sl_input_read(input, start + len, sizeof(start) - len, &got, &err) == SL_OK)
		len += got;
	is = sl_summary_begins((struct sl_slice){ start, len });
	sl_input_close(input);
	return is;
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
	struct sl_input_options how = { 0 };
	struct sl_buffer bytes = { .limit = LONGEST };
	enum sl_status status;
	struct sl_input *input;
	struct sl_error err;
	uint64_t number = 0;

	if (sl_input_open(&input, path, &how, &err) != SL_OK)
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
