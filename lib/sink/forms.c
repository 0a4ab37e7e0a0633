/*
 * The table of forms, a row each, and their framing:
 *
 *	jsonl, otlp-lines  {"resourceSpans":[...]} LF
 *	json               {"resourceSpans":[..., ...]} LF, all requests in one document
 *	pb                 requests one after another, which are one request
 *	be32, be32-zstd    length (4, big-endian), request, perhaps compressed
 *	varint             length (varint), request
 *	grpc               0 (1: compressed), length (4, big-endian), request
 */
#include "forms.h"
#include "spanline/wire.h"

static enum sl_status write_line(struct framer *framer, const struct batch *batch, size_t len,
				 struct sl_buffer *out, struct sl_error *err)
{
	(void)framer, (void)len, (void)err;
	sl_buffer_add_literal(out, "{\"resourceSpans\":[");
	batch_write(batch, out);
	sl_buffer_add_literal(out, "]}\n");
	return SL_OK;
}

static enum sl_status write_element(struct framer *framer, const struct batch *batch, size_t len,
				    struct sl_buffer *out, struct sl_error *err)
{
	(void)len, (void)err;
	if (framer->begun)
		sl_buffer_add_byte(out, ',');
	else
		sl_buffer_add_literal(out, "{\"resourceSpans\":[");
	batch_write(batch, out);
	return SL_OK;
}

static void finish_document(const struct framer *framer, struct sl_buffer *out)
{
	if (!framer->begun)
		sl_buffer_add_literal(out, "{\"resourceSpans\":[");
	sl_buffer_add_literal(out, "]}\n");
}

static enum sl_status write_bare(struct framer *framer, const struct batch *batch, size_t len,
				 struct sl_buffer *out, struct sl_error *err)
{
	(void)framer, (void)len, (void)err;
	batch_write(batch, out);
	return SL_OK;
}

/* Puts a length of four bytes where they were left free. */
static enum sl_status put_be32(struct sl_buffer *out, size_t at, size_t len, struct sl_error *err)
{
	if (out->failed)
		return sl_fail_memory(err);
	if (len > UINT32_MAX)
		return sl_fail(err, "a request of %zu bytes does not fit behind a 4-byte length",
			       len);
	for (size_t i = 0; i < 4; i++)
		out->data[at + i] = (char)(len >> (24 - 8 * i));
	return SL_OK;
}

static enum sl_status write_be32(struct framer *framer, const struct batch *batch, size_t len,
				 struct sl_buffer *out, struct sl_error *err)
{
	size_t at = out->len;
	enum sl_status status;

	(void)framer;
	sl_buffer_add(out, "\0\0\0", 4);
	status = put_be32(out, at, len, err);
	if (status == SL_OK)
		batch_write(batch, out);
	return status;
}

static enum sl_status write_be32_zstd(struct framer *framer, const struct batch *batch, size_t len,
				      struct sl_buffer *out, struct sl_error *err)
{
	size_t at = out->len;
	enum sl_status status;

	(void)len;
	framer->message.len = 0;
	batch_write(batch, &framer->message);
	if (framer->message.failed)
		return sl_fail_memory(err);
	sl_buffer_add(out, "\0\0\0", 4);
	status = sl_deflate_message(&framer->deflater, SL_CODEC_ZSTD,
				    sl_buffer_slice(&framer->message), out, err);
	return status == SL_OK ? put_be32(out, at, out->len - at - 4, err) : status;
}

static enum sl_status write_varint(struct framer *framer, const struct batch *batch, size_t len,
				   struct sl_buffer *out, struct sl_error *err)
{
	char length[PREFIX_ROOM];

	(void)framer, (void)err;
	sl_buffer_add(out, length, sl_wire_write_varint(length, len));
	batch_write(batch, out);
	return SL_OK;
}

static enum sl_status write_grpc(struct framer *framer, const struct batch *batch, size_t len,
				 struct sl_buffer *out, struct sl_error *err)
{
	sl_buffer_add_byte(out, 0);
	return write_be32(framer, batch, len, out, err);
}

static const struct form forms[] = {
	{ .row = { "jsonl", "OTLP/JSON, a request a line, as the Collector's file exporter" },
	  .payload = &payload_json,
	  .write = write_line },
	{ .row = { "json", "OTLP/JSON, one document" },
	  .payload = &payload_json,
	  .write = write_element,
	  .finish = finish_document },
	{ .row = { "pb", "protobuf, one request" }, .payload = &payload_wire, .write = write_bare },
	{ .row = { "be32", "protobuf behind 4-byte lengths, as the Collector's file exporter" },
	  .payload = &payload_wire,
	  .write = write_be32 },
	{ .row = { "be32-zstd", "the same, each request compressed alone" },
	  .payload = &payload_wire,
	  .write = write_be32_zstd },
	{ .row = { "varint", "protobuf behind varint lengths" },
	  .payload = &payload_wire,
	  .write = write_varint },
	{ .row = { "grpc", "protobuf in the frames of gRPC" },
	  .payload = &payload_wire,
	  .write = write_grpc },
	{ .row = { "otlp-lines", "OTLP/JSON, a span a line" },
	  .payload = &payload_json,
	  .span_alone = true,
	  .write = write_line },
};

const struct sl_encoding_row *sl_encoding(size_t index)
{
	return index < SL_COUNT(forms) ? &forms[index].row : NULL;
}

const struct form *form_find(const char *name)
{
	for (size_t i = 0; i < SL_COUNT(forms); i++)
		if (strcmp(forms[i].row.name, name) == 0)
			return &forms[i];
	return NULL;
}
