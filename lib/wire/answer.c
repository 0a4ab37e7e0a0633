/* Answers of OTLP servers, which are small and at most 4 MiB: unpacked by protobuf-c. */
#include "answer.pb-c.h"
#include "spanline/wire.h"

static struct sl_slice slice_of(ProtobufCBinaryData data)
{
	return (struct sl_slice){ (const char *)data.data, data.len };
}

static bool keep(struct sl_arena *arena, ProtobufCBinaryData from, struct sl_slice *to)
{
	*to = sl_arena_copy(arena, slice_of(from));
	return to->data != NULL || from.len == 0;
}

enum sl_status sl_wire_read_response(struct sl_slice body, struct sl_arena *arena,
				     struct sl_wire_response *response, struct sl_error *err)
{
	Spanline__ExportTraceServiceResponse *message =
		spanline__export_trace_service_response__unpack(NULL, body.len,
								(const uint8_t *)body.data);
	const Spanline__ExportTracePartialSuccess *partial;
	bool kept = true;

	*response = (struct sl_wire_response){ 0 };
	if (message == NULL)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "no ExportTraceServiceResponse");
	partial = message->partial_success;
	if (partial != NULL) {
		response->rejected_spans = partial->rejected_spans;
		kept = keep(arena, partial->error_message, &response->message);
	}
	spanline__export_trace_service_response__free_unpacked(message, NULL);
	return kept ? SL_OK : sl_fail_memory(err);
}

/* Seconds that no int64 of ns holds are as many as it holds. */
static int64_t delay_ns(const Spanline__RetryDelay *delay)
{
	const int64_t second = INT64_C(1000000000);

	if (delay->seconds > INT64_MAX / second - 1)
		return INT64_MAX;
	if (delay->seconds < INT64_MIN / second + 1)
		return INT64_MIN;
	return delay->seconds * second + delay->nanos % second;
}

static bool find_retry(const Spanline__RpcDetail *detail, int64_t *retry_ns)
{
	static const char type[] = "type.googleapis.com/google.rpc.RetryInfo";
	Spanline__RetryInfo *info;

	if (!sl_slice_equal(slice_of(detail->type_url), SL_SLICE(type)))
		return false;
	info = spanline__retry_info__unpack(NULL, detail->value.len, detail->value.data);
	if (info == NULL)
		return false;
	*retry_ns = info->retry_delay != NULL ? delay_ns(info->retry_delay) : 0;
	spanline__retry_info__free_unpacked(info, NULL);
	return true;
}

enum sl_status sl_wire_read_status(struct sl_slice body, struct sl_arena *arena,
				   struct sl_wire_status *status, struct sl_error *err)
{
	Spanline__RpcStatus *message =
		spanline__rpc_status__unpack(NULL, body.len, (const uint8_t *)body.data);
	bool kept;

	*status = (struct sl_wire_status){ 0 };
	if (message == NULL)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "no google.rpc.Status");
	status->code = message->code;
	kept = keep(arena, message->message, &status->message);
	for (size_t i = 0; i < message->n_details && !status->has_retry; i++)
		status->has_retry = find_retry(message->details[i], &status->retry_ns);
	spanline__rpc_status__free_unpacked(message, NULL);
	return kept ? SL_OK : sl_fail_memory(err);
}
