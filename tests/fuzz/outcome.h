/* A file through a source and a reader, and what came out of it. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "spanline/source.h"
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_MESSAGE = 1 << 20 };

/* What came out. */
struct outcome {
	uint64_t spans;
	uint64_t losses;
	uint64_t digest; /* of the spans' names and ids */
	struct sl_notes notes;
	enum sl_status status;
};

static inline void claim(bool claim)
{
	if (!claim)
		abort();
}

static inline void check_parcel(const struct sl_parcel *parcel, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < parcel->unit_count; i++) {
		const struct sl_unit *unit = &parcel->units[i];

		claim(unit->at >= at && unit->len <= parcel->bytes.len - unit->at);
		claim(parcel->bytes.capacity - unit->at - unit->len >= SL_PADDING);
		claim(unit->line <= size + 1);
		at = unit->at + unit->len;
	}
	for (size_t i = 0; i < parcel->complaints.count; i++)
		claim(parcel->complaints.items[i].text[0] != '\0');
}

static inline void mix(struct outcome *outcome, struct sl_slice text)
{
	outcome->digest = sl_hash64(text.data != NULL ? text.data : "", text.len, outcome->digest);
}

static inline void read_parcel(struct outcome *outcome, struct sl_reader *reader,
			       const struct sl_parcel *parcel)
{
	const struct sl_span *span;
	struct sl_error err;
	enum sl_status status;

	outcome->losses += parcel->complaints.count;
	sl_reader_start(reader, parcel);
	while ((status = sl_reader_next(reader, &span, &err)) != SL_END) {
		uint64_t offset, line;

		claim(status != SL_FAILED);
		if (status == SL_BAD_RECORD) {
			sl_reader_place(reader, &err, &offset, &line);
			outcome->losses++;
			continue;
		}
		outcome->spans++;
		mix(outcome, span->trace_id);
		mix(outcome, span->name);
	}
}

static inline struct outcome run(const char *path, const struct sl_source_options *options,
				 size_t size)
{
	struct sl_reader_options reading = { .decode = { .signal = SL_SIGNAL_SPANS },
					     .max_message = MAX_MESSAGE };
	struct outcome outcome = { .spans = 0 };
	struct sl_parcel parcel = { .unit_count = 0 };
	struct sl_source *source;
	struct sl_reader *reader;
	struct sl_error err;

	claim(sl_source_open(&source, path, options, &err) == SL_OK);
	claim(sl_reader_open(&reader, &reading, &outcome.notes, &err) == SL_OK);
	while ((outcome.status = sl_source_fill(source, &parcel, &err)) == SL_OK) {
		check_parcel(&parcel, size);
		read_parcel(&outcome, reader, &parcel);
	}
	sl_notes_add(&outcome.notes, sl_source_notes(source));
	claim(sl_source_format(source)[0] != '\0');
	sl_parcel_free(&parcel);
	sl_reader_close(reader);
	sl_source_close(source);
	return outcome;
}

static inline struct outcome run_file(struct sl_slice bytes, struct sl_source_options options)
{
	char path[] = "/tmp/fuzz-framing-XXXXXX";
	int fd = mkstemp(path);
	struct outcome outcome;

	claim(fd >= 0 && write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len);
	outcome = run(path, &options, bytes.len);
	close(fd);
	unlink(path);
	return outcome;
}

#endif
