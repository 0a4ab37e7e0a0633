/* What spans say of themselves, by attributes of the semantic conventions, and their times. */
#include "examine.h"
#include "spanline/text.h"

static uint64_t shifted(uint64_t time_ns, int64_t by_ns)
{
	uint64_t distance = by_ns < 0 ? -(uint64_t)by_ns : (uint64_t)by_ns;

	if (by_ns < 0)
		return time_ns > distance ? time_ns - distance : 0;
	return time_ns < UINT64_MAX - distance ? time_ns + distance : UINT64_MAX;
}

uint64_t start_of(const struct examination *exam, uint32_t node)
{
	return shifted(exam->trace->nodes[node].span->start_unix_nano, exam->shift_ns[node]);
}

uint64_t end_of(const struct examination *exam, uint32_t node)
{
	return shifted(exam->trace->nodes[node].span->end_unix_nano, exam->shift_ns[node]);
}

uint64_t duration_of(const struct sl_trace *trace, uint32_t node)
{
	const struct sl_span *span = trace->nodes[node].span;

	return span->end_unix_nano > span->start_unix_nano
		       ? span->end_unix_nano - span->start_unix_nano
		       : 0;
}

bool takes_share(const struct examination *exam, uint64_t ns, enum sl_threshold share)
{
	/* in parts of a root that may last for ever */
	return (double)ns * 100 >= (double)exam->root_ns * (double)exam->thresholds->values[share];
}

static bool find_value(const struct sl_span *span, const char *key, struct sl_value *value)
{
	return sl_span_attribute(span, SL_OWNER_SPAN, sl_slice_of(key), value);
}

bool find_text(const struct sl_span *span, const char *const *keys, struct sl_slice *text)
{
	struct sl_value value;

	for (; *keys != NULL; keys++)
		if (find_value(span, *keys, &value) && value.type == SL_VALUE_STRING &&
		    value.text.len > 0) {
			*text = value.text;
			return true;
		}
	return false;
}

/* Numbers come as text, too. */
static int64_t find_number(const struct sl_span *span, const char *const *keys)
{
	struct sl_value value;
	int64_t number;

	for (; *keys != NULL; keys++) {
		if (!find_value(span, *keys, &value))
			continue;
		if (value.type == SL_VALUE_INT)
			return value.integer;
		if (value.type == SL_VALUE_STRING && sl_parse_i64(value.text, &number))
			return number;
	}
	return 0;
}

int64_t http_status(const struct sl_span *span)
{
	static const char *const keys[] = { "http.response.status_code", "http.status_code", NULL };

	return find_number(span, keys);
}

int64_t grpc_status(const struct sl_span *span)
{
	static const char *const keys[] = { "rpc.grpc.status_code", NULL };

	return find_number(span, keys);
}

const struct sl_event *find_exception(const struct sl_span *span)
{
	const struct sl_span *whole = sl_span_whole(span);

	for (size_t i = 0; whole != NULL && i < whole->event_count; i++)
		if (sl_slice_equal(whole->events[i].name, SL_SLICE("exception")))
			return &whole->events[i];
	return NULL;
}

bool find_statement(const struct sl_span *span, struct sl_slice *statement)
{
	static const char *const texts[] = { "db.query.text", "db.statement", NULL };
	static const char *const systems[] = { "db.system.name", "db.system", NULL };
	struct sl_slice system;

	if (find_text(span, texts, statement))
		return true;
	if (!find_text(span, systems, &system) || span->kind != SL_KIND_CLIENT)
		return false;
	*statement = span->name;
	return true;
}

uint64_t hash_text(struct sl_slice text, uint64_t seed)
{
	return sl_hash64(text.len > 0 ? text.data : "", text.len, seed);
}

uint64_t peer_port(const struct sl_span *span)
{
	static const char *const keys[] = { "server.port", "net.peer.port", NULL };

	return (uint64_t)find_number(span, keys);
}

uint64_t call_hash(const struct sl_span *span)
{
	static const char *const wheres[][5] = {
		{ "url.full", "http.url", "db.query.text", "db.statement", NULL },
		{ "server.address", "net.peer.name", "messaging.destination.name", NULL },
	};
	uint64_t hash = hash_text(span->name, hash_text(sl_span_service(span), 0));
	struct sl_slice text;

	for (size_t i = 0; i < SL_COUNT(wheres); i++)
		if (find_text(span, wheres[i], &text))
			hash = hash_text(text, hash);
	return sl_hash64(&(uint64_t[]){ peer_port(span), (uint64_t)span->kind },
			 2 * sizeof(uint64_t), hash);
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_blank(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Behind the literal, blanks or other byte that begins at `at`; *stands is what it counts as. */
static size_t statement_step(struct sl_slice text, size_t at, char *stands)
{
	size_t end = at + 1;

	*stands = text.data[at];
	if (*stands == '\'') {
		while (end < text.len && text.data[end] != '\'')
			end++;
		*stands = '?';
		return end < text.len ? end + 1 : end;
	}
	if (is_digit(*stands)) {
		while (end < text.len && (is_digit(text.data[end]) || text.data[end] == '.'))
			end++;
		*stands = '?';
	} else if (is_blank(*stands)) {
		while (end < text.len && is_blank(text.data[end]))
			end++;
		*stands = ' ';
	}
	return end;
}

uint64_t statement_hash(struct sl_slice statement)
{
	char piece[256];
	size_t len = 0;
	uint64_t hash = 0;

	for (size_t at = 0; at < statement.len;) {
		if (len == sizeof(piece)) {
			hash = sl_hash64(piece, len, hash);
			len = 0;
		}
		at = statement_step(statement, at, &piece[len++]);
	}
	return sl_hash64(piece, len, hash);
}

bool is_async(const struct sl_trace *trace, uint32_t node)
{
	uint32_t parent = trace->nodes[node].parent;

	return trace->nodes[node].span->kind == SL_KIND_CONSUMER ||
	       (parent != SL_NO_SPAN && trace->nodes[parent].span->kind == SL_KIND_PRODUCER);
}
