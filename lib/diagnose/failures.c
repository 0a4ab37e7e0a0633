/*
 * Which spans fail, and where a failure began.
 *
 * A failure is passed up as long as each hop fails, by its status, its HTTP or gRPC status, or an
 * exception.  Spans within a service that say nothing pass it on; a server that says nothing has
 * not answered where its caller failed (it timed out, or the answer was lost).  A failure that does
 * not come to the top was dealt with.
 */
#include "examine.h"

enum { HTTP_CLIENT_ERROR = 400, HTTP_SERVER_ERROR = 500 };

/* Codes of gRPC by which a server says that the fault is its own. */
static bool is_grpc_server_error(int64_t code)
{
	return code == 2 || code == 4 || (code >= 12 && code <= 15);
}

static unsigned own_marks(const struct sl_span *span)
{
	static const char *const types[] = { "error.type", NULL };
	int64_t http = http_status(span), grpc = grpc_status(span);
	struct sl_slice type;

	if (span->status_code == SL_STATUS_ERROR)
		return MARK_STRONG;
	if (span->status_code == SL_STATUS_OK)
		return 0;
	if (http >= HTTP_SERVER_ERROR || is_grpc_server_error(grpc))
		return MARK_STRONG;
	if (http >= HTTP_CLIENT_ERROR || grpc != 0 || find_text(span, types, &type) ||
	    find_exception(span) != NULL)
		return MARK_WEAK;
	return 0;
}

static bool is_inner(const struct sl_span *span)
{
	return (span->kind == SL_KIND_INTERNAL || span->kind == SL_KIND_UNSPECIFIED) &&
	       span->status_code != SL_STATUS_OK;
}

/* Whether a failure below `parent` comes to the top. */
static bool passes_up(const struct examination *exam, uint32_t parent)
{
	const struct sl_trace_node *node = &exam->trace->nodes[parent];
	bool reaches = (exam->marks[parent] & MARK_REACHES) != 0;

	if (exam->marks[parent] & MARK_FAILS)
		return reaches;
	if (node->parent == SL_NO_SPAN)
		return false;
	if (is_inner(node->span))
		return reaches;
	return (node->span->kind == SL_KIND_SERVER || node->span->kind == SL_KIND_CONSUMER) &&
	       (exam->marks[node->parent] & MARK_FAILS) != 0 && reaches;
}

void mark_failures(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;

	for (uint32_t i = 0; i < trace->count; i++) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;
		unsigned marks = own_marks(trace->nodes[at].span);

		if (parent == SL_NO_SPAN ? (marks & MARK_STRONG) != 0 : passes_up(exam, parent))
			marks |= MARK_REACHES;
		if ((marks & MARK_STRONG) ||
		    ((marks & MARK_WEAK) && parent != SL_NO_SPAN && (marks & MARK_REACHES)))
			marks |= MARK_FAILS;
		exam->marks[at] = (unsigned char)marks;
	}
	for (uint32_t i = trace->count; i-- > 0;) {
		uint32_t at = trace->preorder[i], parent = trace->nodes[at].parent;
		unsigned marks = exam->marks[at], up = 0;

		if ((marks & MARK_ABOVE) || (marks & MARK_FAILS))
			up |= MARK_ABOVE;
		if ((marks & MARK_CAUSED) || ((marks & MARK_FAILS) && (marks & MARK_REACHES)))
			up |= MARK_CAUSED;
		if (parent != SL_NO_SPAN)
			exam->marks[parent] |= (unsigned char)up;
	}
}

/* Nothing below it says more. */
static bool is_origin(unsigned marks)
{
	if (!(marks & MARK_FAILS))
		return false;
	return (marks & MARK_REACHES) ? !(marks & MARK_CAUSED) : !(marks & MARK_ABOVE);
}

static struct sl_slice event_text(const struct sl_event *event, struct sl_slice key)
{
	const struct sl_value *value =
		event != NULL ? sl_attributes_find(event->attributes, key) : NULL;

	return value != NULL && value->type == SL_VALUE_STRING ? value->text : SL_SLICE("");
}

static struct sl_slice failure_message(const struct sl_span *span)
{
	if (span->status_message.len > 0)
		return span->status_message;
	return event_text(find_exception(span), SL_SLICE("exception.message"));
}

static struct sl_slice failure_type(const struct sl_span *span)
{
	static const char *const keys[] = { "error.type", "exception.type", NULL };
	struct sl_slice type = event_text(find_exception(span), SL_SLICE("exception.type"));

	if (type.len == 0)
		(void)find_text(span, keys, &type);
	return type;
}

static uint64_t failure_hash(const struct sl_span *span, bool reaches)
{
	uint64_t hash = hash_text(span->name, hash_text(sl_span_service(span), reaches));
	int64_t http = http_status(span);

	hash = hash_text(failure_type(span), statement_hash(failure_message(span)) ^ hash);
	return sl_hash64(&http, sizeof(http), hash);
}

static void say_failure(struct telling *telling, const struct sl_span *span)
{
	struct sl_buffer *text = &telling->exam->text;
	struct sl_slice message = failure_message(span), type = failure_type(span);
	int64_t http = http_status(span), grpc = grpc_status(span);

	telling_text(telling, "evidence",
		     span->status_code == SL_STATUS_ERROR ? SL_SLICE("status")
		     : http >= HTTP_CLIENT_ERROR	  ? SL_SLICE("http")
		     : grpc != 0			  ? SL_SLICE("grpc")
							  : SL_SLICE("exception"));
	if (message.len > 0) {
		sl_buffer_add_literal(text, ": ");
		say_short(telling->exam, message);
		telling_text(telling, "error_message", message);
	}
	if (type.len > 0) {
		sl_buffer_add_literal(text, " (");
		say_short(telling->exam, type);
		sl_buffer_add_literal(text, ")");
		telling_text(telling, "exception_type", type);
	}
	if (http != 0) {
		sl_buffer_printf(text, ", HTTP %lld", (long long)http);
		telling_count(telling, "http_status", (uint64_t)http);
	}
	if (grpc != 0) {
		sl_buffer_printf(text, ", gRPC %lld", (long long)grpc);
		telling_count(telling, "grpc_status", (uint64_t)grpc);
	}
}

static void tell_origin(struct examination *exam, const struct suspect *suspect, struct keyed *run)
{
	struct telling telling;

	telling_begin(&telling, exam, suspect, SL_FINDING_ERROR_ORIGIN);
	telling_others(&telling, run, suspect->count);
	say_span(exam, suspect->first);
	say_failure(&telling, exam->trace->nodes[suspect->first].span);
	if (suspect->severity == SL_INFO)
		sl_buffer_add_literal(&exam->text, "; its caller went on without an error");
	if (suspect->count > 1)
		sl_buffer_printf(&exam->text, "; %zu alike", suspect->count);
	telling_count(&telling, "count", suspect->count);
	telling_end(&telling);
}

void find_error_origins(struct examination *exam)
{
	const struct sl_trace *trace = exam->trace;
	struct suspects suspects = { 0 };
	struct keyed_list list = keyed_open(exam);
	size_t end;

	for (uint32_t i = 0; i < trace->count; i++)
		if (is_origin(exam->marks[i]))
			keyed_add(exam, &list,
				  failure_hash(trace->nodes[i].span,
					       (exam->marks[i] & MARK_REACHES) != 0),
				  UINT32_MAX - trace->nodes[i].depth, i);
	keyed_sort(&list);
	for (size_t i = 0; i < list.count; i = end) {
		uint32_t first = list.items[i].node;

		end = keyed_run(&list, i);
		suspect_add(exam, &suspects,
			    &(struct suspect){
				    .severity = (exam->marks[first] & MARK_REACHES) ? SL_ERROR
										    : SL_INFO,
				    .first = first,
				    .start = i,
				    .count = end - i,
				    .weight = trace->nodes[first].depth,
			    });
	}
	suspects_tell(exam, &suspects, SL_FINDING_ERROR_ORIGIN, &list, tell_origin);
}
