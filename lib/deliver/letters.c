/* Appends to the files of dead letters. */
#include "letters.h"
#include "reread.h"
#include "spanline/deliver.h"
#include "spanline/json.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct letters {
	int spans, reasons; /* files, or -1 */
	bool is_unsynced;
	const char *path; /* borrowed */
	struct sl_line_writer *writer;
	struct sl_buffer lines;
};

static enum sl_status fail(const char *path, const char *suffix, struct sl_error *err)
{
	return sl_fail(err, "%s%s: %s", path, suffix, strerror(errno));
}

/* Whether it is a file whose last line has no end: a disk was full, or the power went. */
static bool is_cut(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char last = '\n';

	if (file < 0)
		return false;
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
	    pread(file, &last, 1, status.st_size - 1) != 1)
		last = '\n';
	(void)close(file);
	return last != '\n';
}

static int open_append(const char *path)
{
	bool cut = is_cut(path);
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (file >= 0 && cut && write(file, "\n", 1) != 1) {
		(void)close(file);
		return -1;
	}
	return file;
}

static int open_reasons(const char *path)
{
	struct sl_buffer name = { 0 };
	int file = -1;

	sl_buffer_printf(&name, "%s%s", path, SL_REASONS_SUFFIX);
	sl_buffer_add_byte(&name, '\0');
	if (!name.failed)
		file = open_append(name.data);
	sl_buffer_free(&name);
	return file;
}

enum sl_status letters_open(struct letters **letters, const char *path, struct sl_error *err)
{
	struct letters *made = calloc(1, sizeof(*made));
	enum sl_status status;

	*letters = NULL;
	if (made == NULL)
		return sl_fail_memory(err);
	made->path = path;
	made->reasons = -1;
	made->spans = open_append(path);
	if (made->spans < 0)
		status = fail(path, "", err);
	else if ((made->reasons = open_reasons(path)) < 0)
		status = fail(path, SL_REASONS_SUFFIX, err);
	else
		status = sl_line_writer_open(&made->writer, err);
	if (status == SL_OK)
		*letters = made;
	else
		letters_free(made);
	return status;
}

static bool write_whole(int file, struct sl_slice bytes)
{
	while (bytes.len != 0) {
		ssize_t written = write(file, bytes.data, bytes.len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes.data += written;
		bytes.len -= (size_t)written;
	}
	return true;
}

struct lines {
	struct letters *letters;
	size_t count;
};

static enum sl_status add_line(void *context, const struct sl_span *span, struct sl_error *err)
{
	struct lines *lines = context;

	sl_line_write(lines->letters->writer, span, &lines->letters->lines);
	lines->count++;
	return lines->letters->lines.failed ? sl_fail_memory(err) : SL_OK;
}

static void write_reason(struct sl_buffer *out, size_t spans, const char *outcome,
			 const struct sl_answer *answer)
{
	out->len = 0;
	sl_buffer_printf(out, "{\"outcome\":\"%s\",\"spans\":%zu", outcome, spans);
	if (answer->http_status != 0)
		sl_buffer_printf(out, ",\"http_status\":%ld", answer->http_status);
	if (answer->grpc_status >= 0)
		sl_buffer_printf(out, ",\"grpc_status\":%d", answer->grpc_status);
	sl_buffer_add_literal(out, ",\"message\":");
	(void)sl_json_write_string(out,
				   (struct sl_slice){ answer->message, strlen(answer->message) });
	sl_buffer_add_literal(out, "}\n");
}

enum sl_status letters_add(struct letters *letters, struct sl_slice request, const char *outcome,
			   const struct sl_answer *answer, struct sl_error *err)
{
	struct lines lines = { letters, 0 };
	enum sl_status status;

	letters->lines.len = 0;
	/* a writer is for the spans of one reader, and each request has its own */
	sl_line_writer_close(letters->writer);
	status = sl_line_writer_open(&letters->writer, err);
	if (status == SL_OK)
		status = reread(request, add_line, &lines, err);
	if (status != SL_OK)
		return status;
	letters->is_unsynced = true;
	if (!write_whole(letters->spans, sl_buffer_slice(&letters->lines)))
		return fail(letters->path, "", err);
	write_reason(&letters->lines, lines.count, outcome, answer);
	if (letters->lines.failed)
		return sl_fail_memory(err);
	if (!write_whole(letters->reasons, sl_buffer_slice(&letters->lines)))
		return fail(letters->path, SL_REASONS_SUFFIX, err);
	return SL_OK;
}

/* What is no file on a disk cannot be synchronised. */
static bool is_synced(int file)
{
	return fsync(file) == 0 || errno == EINVAL || errno == EROFS;
}

enum sl_status letters_sync(struct letters *letters, struct sl_error *err)
{
	if (!letters->is_unsynced)
		return SL_OK;
	letters->is_unsynced = false;
	if (!is_synced(letters->spans))
		return fail(letters->path, "", err);
	return is_synced(letters->reasons) ? SL_OK : fail(letters->path, SL_REASONS_SUFFIX, err);
}

void letters_free(struct letters *letters)
{
	if (letters == NULL)
		return;
	if (letters->spans >= 0)
		(void)close(letters->spans);
	if (letters->reasons >= 0)
		(void)close(letters->reasons);
	sl_line_writer_close(letters->writer);
	sl_buffer_free(&letters->lines);
	free(letters);
}
