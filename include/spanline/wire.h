/*
 * OTLP as protobuf: a bounds-checked walk of requests into spans, without copying; encoding; and
 * the answers of servers, with protobuf-c, which is the oracle in tests of the other two.  Field
 * numbers: opentelemetry-proto 1.11, trace.proto, logs.proto, common.proto, resource.proto.
 */
#ifndef SPANLINE_WIRE_H
#define SPANLINE_WIRE_H

#include "spanline/span.h"

/*
 * Which signal a message is, by the wire types of the first item that tells: a Span has 7 or 8
 * fixed64 or field 1 of 16 bytes, a LogRecord 1 or 11 fixed64, a Metric a name and data points in
 * 5, 7, 9, 10 or 11.  Empty: SL_SIGNAL_NONE; in doubt SL_SIGNAL_SPANS.
 */
enum sl_signal sl_wire_signal(struct sl_slice message);

struct sl_wire_reader;

/* *reader is owned; `notes` is borrowed for its life; max_depth over 1,024 is 1,024.
 * SL_FAILED: out of memory. */
SL_MUST_USE enum sl_status sl_wire_open(struct sl_wire_reader **reader,
					const struct sl_decode_options *options,
					struct sl_notes *notes, struct sl_error *err);
void sl_wire_close(struct sl_wire_reader *reader);

/*
 * Begin with the fields of an ExportTraceServiceRequest (any number of ResourceSpans, each with its
 * tag and length).  `bytes` is borrowed until the last next; SL_PADDING applies.  With `truncated`
 * the bytes end inside a message: what is whole in it is given, and the last outcome is
 * SL_BAD_RECORD with SL_TRUNCATED, then SL_END.
 */
void sl_wire_start(struct sl_wire_reader *reader, struct sl_slice bytes, bool truncated);

/*
 * The next span, in wire order.  SL_BAD_RECORD: one span (or what could not be walked further) is
 * lost, err says at which byte of `bytes`; go on.  SL_END: no more.
 * Fields may come in any order, a repeated resource or scope is merged, the last of a oneof wins,
 * unknown fields and groups are skipped, packed and unpacked scalars are both read.  *span is
 * borrowed until the next call.
 */
SL_MUST_USE enum sl_status sl_wire_next(struct sl_wire_reader *reader, const struct sl_span **span,
					struct sl_error *err);
/* The same for a reader whose options want logs. */
SL_MUST_USE enum sl_status sl_wire_next_log(struct sl_wire_reader *reader,
					    const struct sl_log **log, struct sl_error *err);

/*
 * Encoding.  An encoder keeps memory between calls; owned.  Each appends one message without tag
 * and length to *out.  SL_FAILED: out of memory, or a span over 2 GiB.
 */
struct sl_wire_encoder;
SL_MUST_USE enum sl_status sl_wire_encoder_open(struct sl_wire_encoder **encoder,
						struct sl_error *err);
void sl_wire_encoder_close(struct sl_wire_encoder *encoder);
/* From now on *notes counts text that is no UTF-8, for which most receivers refuse a whole request,
 * and values nested too deep for them; NULL: nothing is looked at, and all stays as it is. */
void sl_wire_encoder_judge(struct sl_wire_encoder *encoder, struct sl_notes *notes,
			   enum sl_bad_text bad_text);
/* The same for a single text; valid until the next message, empty where there is no memory. */
struct sl_slice sl_wire_repair(struct sl_wire_encoder *encoder, struct sl_slice text);
SL_MUST_USE enum sl_status sl_wire_encode_span(struct sl_wire_encoder *encoder,
					       const struct sl_span *span, struct sl_buffer *out,
					       struct sl_error *err);
SL_MUST_USE enum sl_status sl_wire_encode_resource(struct sl_wire_encoder *encoder,
						   const struct sl_resource *resource,
						   struct sl_buffer *out, struct sl_error *err);
SL_MUST_USE enum sl_status sl_wire_encode_scope(struct sl_wire_encoder *encoder,
						const struct sl_scope *scope, struct sl_buffer *out,
						struct sl_error *err);

/* Bytes of a varint, written at `out` (at most 10). */
size_t sl_wire_write_varint(char *out, uint64_t number);
/* 1 to 10, or 0: cut, or too long. */
size_t sl_wire_read_varint(const char *at, const char *end, uint64_t *number);
/*
 * The top level of a message, field by field: bytes of the field at `at` (tag, length and payload),
 * 0 where [at, end) ends inside it, SIZE_MAX where it is no field.  *payload is the payload
 * of a length-delimited field, as far as it is there.
 */
size_t sl_wire_field(const char *at, const char *end, uint32_t *number, unsigned *wire_type,
		     struct sl_slice *payload);

/* What an ExportTraceServiceResponse says; strings are in the arena. */
struct sl_wire_response {
	int64_t rejected_spans; /* partial_success, as it stands */
	struct sl_slice message;
};
/* SL_BAD_RECORD: it is none. */
SL_MUST_USE enum sl_status sl_wire_read_response(struct sl_slice body, struct sl_arena *arena,
						 struct sl_wire_response *response,
						 struct sl_error *err);

/* A google.rpc.Status, and the delay of the first RetryInfo among its details. */
struct sl_wire_status {
	int32_t code;
	struct sl_slice message;
	bool has_retry;
	int64_t retry_ns; /* as it stands: perhaps below 0 */
};
SL_MUST_USE enum sl_status sl_wire_read_status(struct sl_slice body, struct sl_arena *arena,
					       struct sl_wire_status *status, struct sl_error *err);

#endif
