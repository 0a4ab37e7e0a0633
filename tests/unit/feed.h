/*
 * Bytes through a source and a reader, and what comes out as text; the bytes whole from a file, or
 * piece by piece from a pipe.  And small requests to feed it with.
 */
#ifndef FEED_H
#define FEED_H

#include "spanline/source.h"
#include "spanline/wire.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct feed {
	struct sl_slice bytes;
	enum sl_format from;
	enum sl_signal signal; /* SL_SIGNAL_NONE: spans */
	size_t max_message;    /* 0: 64 MiB */
	bool lazy;	       /* only names and services are needed */
};

/* What came out; the texts end with '\0'. */
struct fed {
	char format[32];
	struct sl_buffer spans;	     /* "name@service" each, with a blank behind */
	struct sl_complaints losses; /* by offset */
	struct sl_notes notes;
	size_t largest;	   /* capacity of the parcel */
	uint64_t newlines; /* in the parcels so far */
	uint64_t lazy;	   /* spans that were */
	enum sl_status status;
	struct sl_error err;
};

struct feed_pipe {
	struct sl_slice rest;
	size_t piece;
	int fd; /* -1: closed */
};

/* The source is about to wait: it gets the next piece, or the end. */
static inline void feed_piece(void *context)
{
	struct feed_pipe *feed = context;
	size_t len = feed->rest.len < feed->piece ? feed->rest.len : feed->piece;

	if (len == 0 || write(feed->fd, feed->rest.data, len) != (ssize_t)len) {
		if (feed->fd >= 0)
			close(feed->fd);
		feed->fd = -1;
		return;
	}
	feed->rest.data += len;
	feed->rest.len -= len;
}

static inline void feed_fail(const char *what)
{
	perror(what);
	exit(2);
}

static inline void fed_lose(struct fed *fed, const char *text, enum sl_reason reason,
			    uint64_t offset, uint64_t line)
{
	struct sl_error err = { .reason = reason };
	struct sl_complaint *last;

	snprintf(err.text, sizeof(err.text), "%s", text);
	if (!sl_complaints_add(&fed->losses, &err, offset, line))
		feed_fail("memory");
	last = &fed->losses.items[fed->losses.count - 1];
	for (; last > fed->losses.items && last[-1].offset > last->offset; last--) {
		struct sl_complaint other = *last;

		*last = last[-1];
		last[-1] = other;
	}
}

static inline void fed_text(struct fed *fed, struct sl_slice text)
{
	sl_buffer_printf(&fed->spans, "%.*s", (int)text.len, text.len > 0 ? text.data : "");
}

static inline enum sl_status fed_next(struct fed *fed, const struct feed *feed,
				      struct sl_reader *reader)
{
	const struct sl_span *span;
	const struct sl_log *log;
	enum sl_status status;

	if (feed->signal == SL_SIGNAL_LOGS) {
		status = sl_reader_next_log(reader, &log, &fed->err);
		if (status == SL_OK)
			fed_text(fed, log->severity);
	} else {
		status = sl_reader_next(reader, &span, &fed->err);
		if (status == SL_OK) {
			fed->lazy += span->lazy != NULL;
			fed_text(fed, span->name);
			sl_buffer_add_byte(&fed->spans, '@');
			if (span->resource->service != NULL)
				fed_text(fed, span->resource->service->value.text);
		}
	}
	if (status == SL_OK)
		sl_buffer_add_byte(&fed->spans, ' ');
	return status;
}

/* In the whole input. */
static inline uint64_t fed_line(const struct fed *fed, uint64_t line)
{
	return line != 0 ? line + fed->newlines : 0;
}

static inline void fed_parcel(struct fed *fed, const struct feed *feed, struct sl_reader *reader,
			      const struct sl_parcel *parcel)
{
	enum sl_status status;

	if (parcel->begins)
		fed->newlines = 0;
	for (size_t i = 0; i < parcel->complaints.count; i++)
		fed_lose(fed, parcel->complaints.items[i].text, parcel->complaints.items[i].reason,
			 parcel->complaints.items[i].offset,
			 fed_line(fed, parcel->complaints.items[i].line));
	sl_reader_start(reader, parcel);
	while ((status = fed_next(fed, feed, reader)) != SL_END) {
		uint64_t offset, line;

		if (status == SL_FAILED)
			feed_fail(fed->err.text);
		if (status != SL_BAD_RECORD)
			continue;
		sl_reader_place(reader, &fed->err, &offset, &line);
		fed_lose(fed, fed->err.text, fed->err.reason, offset, fed_line(fed, line));
	}
	fed->newlines += sl_reader_newlines(reader);
}

/* A path from which the bytes can be read; with a piece it is a pipe. */
static inline void feed_open(const struct feed *feed, struct feed_pipe *feeder, char path[32],
			     int *fd)
{
	int ends[2];

	if (feeder->piece == 0) {
		snprintf(path, 32, "/tmp/feed-XXXXXX");
		*fd = mkstemp(path);
		if (*fd < 0 ||
		    write(*fd, feed->bytes.data, feed->bytes.len) != (ssize_t)feed->bytes.len)
			feed_fail("mkstemp");
		return;
	}
	if (pipe(ends) != 0)
		feed_fail("pipe");
	*fd = ends[0];
	feeder->fd = ends[1];
	snprintf(path, 32, "/dev/fd/%d", ends[0]);
}

/* With `piece` 0 all at once.  fed_free takes the result. */
static inline struct fed feed(const struct feed *feed, size_t piece)
{
	struct feed_pipe feeder = { .rest = feed->bytes, .piece = piece, .fd = -1 };
	size_t max_message = feed->max_message != 0 ? feed->max_message : 64U << 20;
	struct sl_source_options options = {
		.from = feed->from,
		.max_message = max_message,
		.input = { .before_wait = piece != 0 ? feed_piece : NULL, .context = &feeder },
	};
	struct sl_reader_options reading = {
		.decode = { .signal =
				    feed->signal != SL_SIGNAL_NONE ? feed->signal : SL_SIGNAL_SPANS,
			    .lazy = feed->lazy,
			    .needs = SL_NEED_NAME | SL_NEED_SERVICE },
		.max_message = max_message,
	};
	struct fed fed = { .status = SL_OK };
	struct sl_parcel parcel = { .units = NULL };
	struct sl_source *source;
	struct sl_reader *reader;
	char path[32];
	int fd;

	feed_open(feed, &feeder, path, &fd);
	if (sl_source_open(&source, path, &options, &fed.err) != SL_OK ||
	    sl_reader_open(&reader, &reading, &fed.notes, &fed.err) != SL_OK)
		feed_fail(fed.err.text);
	close(fd);
	if (piece == 0)
		unlink(path);
	while ((fed.status = sl_source_fill(source, &parcel, &fed.err)) == SL_OK) {
		if (parcel.bytes.capacity > fed.largest)
			fed.largest = parcel.bytes.capacity;
		fed_parcel(&fed, feed, reader, &parcel);
	}
	sl_notes_add(&fed.notes, sl_source_notes(source));
	snprintf(fed.format, sizeof(fed.format), "%s", sl_source_format(source));
	sl_buffer_add(&fed.spans, "", 1);
	sl_parcel_free(&parcel);
	sl_reader_close(reader);
	sl_source_close(source);
	if (feeder.fd >= 0)
		close(feeder.fd);
	return fed;
}

static inline void fed_free(struct fed *fed)
{
	sl_buffer_free(&fed->spans);
	sl_complaints_free(&fed->losses);
}

static inline bool same_losses(const struct sl_complaints *a, const struct sl_complaints *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (a->items[i].reason != b->items[i].reason ||
		    a->items[i].offset != b->items[i].offset ||
		    a->items[i].line != b->items[i].line)
			return false;
	return a->count == b->count;
}

static inline bool fed_equal(const struct fed *a, const struct fed *b)
{
	return a->status == b->status && strcmp(a->format, b->format) == 0 &&
	       strcmp(a->spans.data, b->spans.data) == 0 && same_losses(&a->losses, &b->losses) &&
	       memcmp(&a->notes, &b->notes, sizeof(a->notes)) == 0;
}

/* "reason reason@line", in the order of their places. */
static inline bool fed_lost(const struct fed *fed, const char *expected)
{
	struct sl_buffer text = { .len = 0 };
	bool same;

	for (size_t i = 0; i < fed->losses.count; i++) {
		const struct sl_complaint *loss = &fed->losses.items[i];

		sl_buffer_printf(&text, "%s%s", i > 0 ? " " : "", sl_reason_name(loss->reason));
		if (loss->line != 0)
			sl_buffer_printf(&text, "@%llu", (unsigned long long)loss->line);
	}
	sl_buffer_add(&text, "", 1);
	same = strcmp(text.data, expected) == 0;
	sl_buffer_free(&text);
	return same;
}

static inline void fed_print(const char *title, const struct fed *fed)
{
	printf("# %s: %s, status %d%s%s: %.300s\n", title, fed->format, (int)fed->status,
	       fed->status == SL_FAILED ? " " : "", fed->status == SL_FAILED ? fed->err.text : "",
	       fed->spans.data);
	for (size_t i = 0; i < fed->losses.count && i < 20; i++)
		printf("#   %s line %llu offset %llu: %s\n",
		       sl_reason_name(fed->losses.items[i].reason),
		       (unsigned long long)fed->losses.items[i].line,
		       (unsigned long long)fed->losses.items[i].offset, fed->losses.items[i].text);
}

/* What comes out is the same however the reads are cut.  Gives what came out. */
static inline struct fed feed_all_ways(const struct feed *input, bool *same)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 4096 };
	struct fed whole = feed(input, 0);

	*same = true;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct fed fed;

		if (input->bytes.len / pieces[i] > 100000)
			continue;
		fed = feed(input, pieces[i]);
		if (!fed_equal(&whole, &fed)) {
			printf("# not the same in pieces of %zu\n", pieces[i]);
			fed_print("pieces", &fed);
			fed_print("whole", &whole);
			*same = false;
		}
		fed_free(&fed);
	}
	return whole;
}

/* A field of bytes. */
static inline void put_bytes(struct sl_buffer *out, unsigned number, struct sl_slice payload)
{
	char head[20];
	size_t len = sl_wire_write_varint(head, number << 3 | 2);

	len += sl_wire_write_varint(head + len, payload.len);
	sl_buffer_add(out, head, len);
	sl_buffer_add_slice(out, payload);
}

static inline void put_message(struct sl_buffer *out, unsigned number, struct sl_buffer *message)
{
	if (message->data == NULL)
		feed_fail("memory");
	put_bytes(out, number, sl_buffer_slice(message));
	sl_buffer_free(message);
}

static inline struct sl_slice text_of(const char *text)
{
	return (struct sl_slice){ text, strlen(text) };
}

static inline void put_service(struct sl_buffer *resource_spans, const char *service)
{
	struct sl_buffer value = { 0 }, attribute = { 0 }, resource = { 0 };

	put_bytes(&value, 1, text_of(service));
	put_bytes(&attribute, 1, text_of("service.name"));
	put_message(&attribute, 2, &value);
	put_message(&resource, 1, &attribute);
	put_message(resource_spans, 1, &resource);
}

/* A ResourceSpans, with tag and length, of one span; its name is padded with `padding` dots. */
static inline void put_spans(struct sl_buffer *out, const char *name, size_t padding)
{
	struct sl_buffer text = { 0 }, span = { 0 }, scope = { 0 }, resource = { 0 };

	sl_buffer_printf(&text, "%s", name);
	for (size_t i = 0; i < padding; i++)
		sl_buffer_add_byte(&text, '.');
	put_bytes(&span, 1, text_of("0123456789abcdef"));
	put_bytes(&span, 2, text_of("01234567"));
	put_message(&span, 5, &text);
	sl_buffer_add(&span, "\x39\1\0\0\0\0\0\0\0\x41\2\0\0\0\0\0\0\0", 18);
	put_message(&scope, 2, &span);
	put_service(&resource, "shop");
	put_message(&resource, 2, &scope);
	put_message(out, 1, &resource);
}

/* The same with a log record of that severity. */
static inline void put_logs(struct sl_buffer *out, const char *severity)
{
	struct sl_buffer record = { 0 }, scope = { 0 }, resource = { 0 };

	sl_buffer_add(&record, "\x09\1\0\0\0\0\0\0\0", 9);
	put_bytes(&record, 3, text_of(severity));
	put_message(&scope, 2, &record);
	put_service(&resource, "shop");
	put_message(&resource, 2, &scope);
	put_message(out, 1, &resource);
}

/* The same with a gauge. */
static inline void put_metrics(struct sl_buffer *out)
{
	struct sl_buffer point = { 0 }, gauge = { 0 }, metric = { 0 }, scope = { 0 },
			 resource = { 0 };

	sl_buffer_add(&point, "\x19\1\0\0\0\0\0\0\0", 9);
	put_message(&gauge, 1, &point);
	put_bytes(&metric, 1, text_of("up"));
	put_message(&metric, 5, &gauge);
	put_message(&scope, 2, &metric);
	put_service(&resource, "shop");
	put_message(&resource, 2, &scope);
	put_message(out, 1, &resource);
}

/* A ResourceSpans of one span as JSON. */
static inline void put_json_spans(struct sl_buffer *out, const char *name, size_t padding)
{
	sl_buffer_printf(out,
			 "{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
			 "{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"spans\":[{"
			 "\"traceId\":\"5b8efff798038103d269b633813fc60c\","
			 "\"spanId\":\"eee19b7ec3c1b174\",\"startTimeUnixNano\":\"1\","
			 "\"endTimeUnixNano\":\"2\",\"name\":\"%s",
			 name);
	for (size_t i = 0; i < padding; i++)
		sl_buffer_add_byte(out, '.');
	sl_buffer_add_literal(out, "\"}]}]}");
}

static inline void put_json_request(struct sl_buffer *out, const char *name, size_t padding)
{
	sl_buffer_add_literal(out, "{\"resourceSpans\":[");
	put_json_spans(out, name, padding);
	sl_buffer_add_literal(out, "]}");
}

/* A message behind the prefix of the format; gRPC's flag is `flag`. */
static inline void put_frame(struct sl_buffer *out, enum sl_format format, char flag,
			     struct sl_slice message)
{
	char prefix[10];
	size_t len = 0;

	if (format == SL_FORMAT_VARINT) {
		len = sl_wire_write_varint(prefix, message.len);
	} else {
		if (format == SL_FORMAT_GRPC)
			prefix[len++] = flag;
		for (int shift = 24; shift >= 0; shift -= 8)
			prefix[len++] = (char)(message.len >> shift & 0xff);
	}
	sl_buffer_add(out, prefix, len);
	sl_buffer_add_slice(out, message);
}

#endif
