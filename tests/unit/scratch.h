/* A directory of its own for a test that needs files; it is gone when the test ends. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "spanline/base.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_directory[4096];

/* A name in the directory; the buffer is used again by the eighth call after this one. */
__attribute__((unused)) static const char *scratch_path(const char *name)
{
	static char paths[8][sizeof(scratch_directory) + 256];
	static size_t turn;
	char *path = paths[turn++ % SL_COUNT(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch_directory, name);
	return path;
}

static void scratch_remove(void)
{
	DIR *directory = opendir(scratch_directory);
	const struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		unlink(scratch_path(entry->d_name));
	if (directory != NULL)
		closedir(directory);
	rmdir(scratch_directory);
}

__attribute__((unused)) static void scratch_make(void)
{
	const char *parent = getenv("TMPDIR");

	snprintf(scratch_directory, sizeof(scratch_directory), "%s/spanline.XXXXXX",
		 parent != NULL && *parent != '\0' ? parent : "/tmp");
	if (mkdtemp(scratch_directory) == NULL) {
		perror(scratch_directory);
		exit(2);
	}
	atexit(scratch_remove);
}

/* Writes a file (mode "w") or more of it (mode "a"). */
__attribute__((unused)) static void scratch_write(const char *name, const char *mode,
						  struct sl_slice bytes)
{
	const char *path = scratch_path(name);
	FILE *file = fopen(path, mode);

	if (file == NULL ||
	    (bytes.len != 0 && fwrite(bytes.data, 1, bytes.len, file) != bytes.len) ||
	    fclose(file) != 0) {
		perror(path);
		exit(2);
	}
}

/* All of a file, into a buffer that is emptied first; false: it is not there. */
__attribute__((unused)) static bool scratch_read(const char *name, struct sl_buffer *bytes)
{
	FILE *file = fopen(scratch_path(name), "r");
	char part[4096];
	size_t count;

	bytes->len = 0;
	if (file == NULL)
		return false;
	while ((count = fread(part, 1, sizeof(part), file)) > 0)
		sl_buffer_add(bytes, part, count);
	fclose(file);
	return true;
}

/* Files in the directory. */
__attribute__((unused)) static size_t scratch_count(void)
{
	DIR *directory = opendir(scratch_directory);
	const struct dirent *entry;
	size_t count = 0;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	if (directory != NULL)
		closedir(directory);
	return count;
}

#endif
