/*
 * Gives files to a fuzz target one by one: how `make check` replays seeds without libFuzzer.
 * A file whose name ends in ".hex" holds hex digits, with comments from '#' to the end of the line.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The whole file, owned, or NULL. */
static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long end = -1;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0)
		end = ftell(file);
	rewind(file);
	if (end >= 0)
		data = malloc((size_t)end + 1);
	if (data != NULL)
		*size = fread(data, 1, (size_t)end, file);
	fclose(file);
	return data;
}

/* Undoes the hex where it stands; the bytes that it was. */
static size_t undo_hex(uint8_t *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t count = 0;
	bool comment = false;

	for (size_t i = 0; i < size; i++) {
		const char *digit = data[i] != 0 ? strchr(digits, data[i] | 0x20) : NULL;
		comment = data[i] == '#' || (comment && data[i] != '\n');
		if (comment || digit == NULL || data[i] <= ' ')
			continue;
		unsigned high = count % 2 != 0 ? data[count / 2] : 0U;
		data[count / 2] = (uint8_t)(high << 4 | (unsigned)(digit - digits));
		count++;
	}
	return count / 2;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t size = 0, len = strlen(argv[i]);
		uint8_t *data = read_file(argv[i], &size);
		if (data == NULL) {
			perror(argv[i]);
			return 1;
		}
		if (len > 4 && strcmp(argv[i] + len - 4, ".hex") == 0)
			size = undo_hex(data, size);
		/* the last line tells which one it was, should it not come back */
		printf("%s\n", argv[i]);
		fflush(stdout);
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}
