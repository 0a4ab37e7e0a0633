/* The files that a sender writes besides sending, looked at before it does anything. */
#include "spanline/deliver.h"
#include "spanline/exporter.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct written {
	const char *option;
	char path[PATH_MAX], directory[PATH_MAX];
	const char *name;  /* of the file in its directory */
	struct stat where; /* the directory is */
};

_Noreturn static void die_of(const struct written *file)
{
	sl_die("%s: %s: %s", file->option, file->path, strerror(errno));
}

static void look_at(struct written *file, const char *option, const char *path, const char *suffix)
{
	const char *slash;

	/* the files beside one without a name would be written */
	if (path[0] == '\0')
		sl_die_usage("option '%s': '' names no file", option);
	file->option = option;
	errno = ENAMETOOLONG;
	if (snprintf(file->path, sizeof(file->path), "%s%s", path, suffix) >= PATH_MAX)
		die_of(file);
	slash = strrchr(file->path, '/');
	file->name = slash != NULL ? slash + 1 : file->path;
	snprintf(file->directory, sizeof(file->directory), "%.*s",
		 slash != NULL ? (int)(file->name - file->path) : 2,
		 slash != NULL ? file->path : "./");
	if (stat(file->directory, &file->where) != 0)
		die_of(file);
}

static void check_appended(const struct written *file)
{
	struct stat status;
	bool exists = stat(file->path, &status) == 0;
	int denied = exists ? access(file->path, W_OK) : access(file->directory, W_OK | X_OK);

	if (exists && S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		denied = -1;
	}
	if (denied != 0)
		die_of(file);
}

/* No device, FIFO or link gives way to a file. */
static void check_replaced(const struct written *file)
{
	struct stat status;

	if (lstat(file->path, &status) == 0 && !S_ISREG(status.st_mode))
		sl_die("%s: %s is no regular file", file->option, file->path);
	if (access(file->directory, W_OK | X_OK) != 0)
		die_of(file);
}

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Also where neither is there yet. */
static bool are_same(const struct written *a, const struct written *b)
{
	struct stat one, other;

	if (strcmp(a->name, b->name) == 0 && is_one(&a->where, &b->where))
		return true;
	return stat(a->path, &one) == 0 && stat(b->path, &other) == 0 && is_one(&one, &other);
}

static void check_apart(const struct written *file, const struct written *others, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (are_same(file, &others[i]))
			sl_die_usage("%s writes '%s', and so does %s", file->option, file->path,
				     others[i].option);
}

void sl_exporter_check_files(const char *dead_letter, const char *checkpoint, char **inputs)
{
	char *target = checkpoint != NULL ? sl_checkpoint_target(checkpoint) : NULL;
	struct written files[4];
	size_t count = 0;

	if (checkpoint != NULL && target == NULL)
		sl_die("out of memory");
	if (dead_letter != NULL) {
		look_at(&files[count++], "--dead-letter", dead_letter, "");
		look_at(&files[count++], "--dead-letter", dead_letter, SL_REASONS_SUFFIX);
	}
	if (checkpoint != NULL) {
		look_at(&files[count++], "--checkpoint", target, "");
		look_at(&files[count++], "--checkpoint", target, SL_CHECKPOINT_SUFFIX);
	}
	for (size_t i = 0; i < count; i++) {
		if (sl_cli_is_among(files[i].path, inputs))
			sl_die_usage("%s: '%s' is an input", files[i].option, files[i].path);
		check_apart(&files[i], files, i);
		if (dead_letter != NULL && i < 2)
			check_appended(&files[i]);
		else
			check_replaced(&files[i]);
	}
	free(target);
}
