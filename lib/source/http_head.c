/* The head of an HTTP/1 message: what it says of the body. */
#include "http_head.h"
#include "spanline/text.h"

static const struct {
	const char *word;
	bool upload;
} starts[] = {
	{ "POST ", true },   { "PUT ", true },	   { "HTTP/1.", false },
	{ "GET ", false },   { "HEAD ", false },   { "OPTIONS ", false },
	{ "PATCH ", false }, { "DELETE ", false }, { "CONNECT ", false },
};

enum verdict http_begins(struct sl_slice text)
{
	for (size_t i = 0; i < SL_COUNT(starts); i++) {
		size_t word_len = strlen(starts[i].word);
		size_t len = text.len < word_len ? text.len : word_len;

		if (memcmp(text.data, starts[i].word, len) == 0)
			return len == word_len ? VERDICT_YES : VERDICT_OPEN;
	}
	return VERDICT_NO;
}

/* The line at the start without its end, and *text behind it; false: no line end. */
static bool next_line(struct sl_slice *text, struct sl_slice *line)
{
	const char *end = text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;
	size_t len;

	if (end == NULL)
		return false;
	len = (size_t)(end - text->data);
	*line = (struct sl_slice){ text->data, len };
	if (len > 0 && line->data[len - 1] == '\r')
		line->len--;
	text->data += len + 1;
	text->len -= len + 1;
	return true;
}

size_t http_head_len(struct sl_slice text)
{
	struct sl_slice rest = text, line;

	while (next_line(&rest, &line))
		if (line.len == 0)
			return text.len - rest.len;
	return 0;
}

static char lower(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (char)(byte + 'a' - 'A');
	return byte;
}

/* `word` is in lower case. */
static bool same_word(struct sl_slice text, const char *word)
{
	size_t i = 0;

	while (i < text.len && word[i] != '\0' && lower(text.data[i]) == word[i])
		i++;
	return i == text.len && word[i] == '\0';
}

static struct sl_slice trimmed(struct sl_slice text)
{
	size_t blank = blank_prefix(text);

	text.data += blank;
	text.len -= blank;
	while (text.len > 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

static bool read_content_length(struct http_head *head, struct sl_slice value)
{
	head->sized = true;
	return sl_parse_u64(value, &head->length);
}

/* "chunked" is always the last coding. */
static bool read_transfer_encoding(struct http_head *head, struct sl_slice value)
{
	static const char chunked[] = "chunked";
	size_t len = sizeof(chunked) - 1;

	if (value.len >= len)
		head->chunked =
			same_word((struct sl_slice){ value.data + value.len - len, len }, chunked);
	return true;
}

/* What gzip and zstd made is known by its bytes. */
static bool read_content_encoding(struct http_head *head, struct sl_slice value)
{
	static const char *const known[] = { "", "identity", "gzip", "x-gzip", "zstd" };

	for (size_t i = 0; i < SL_COUNT(known); i++)
		if (same_word(value, known[i]))
			return true;
	head->coding = value;
	return true;
}

static bool read_content_type(struct http_head *head, struct sl_slice value)
{
	struct sl_slice type = SL_SLICE("application/x-protobuf");

	if (value.len > type.len)
		value.len = type.len; /* parameters may follow */
	head->telemetry = head->telemetry || same_word(value, type.data);
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct http_head *head, struct sl_slice value);
} fields[] = {
	{ "content-type", read_content_type },
	{ "content-length", read_content_length },
	{ "transfer-encoding", read_transfer_encoding },
	{ "content-encoding", read_content_encoding },
};

static bool read_field(struct http_head *head, struct sl_slice line)
{
	const char *colon = memchr(line.data, ':', line.len);
	struct sl_slice name, value;

	if (colon == NULL)
		return false;
	name = (struct sl_slice){ line.data, (size_t)(colon - line.data) };
	value = (struct sl_slice){ colon + 1, line.len - name.len - 1 };
	for (size_t i = 0; i < SL_COUNT(fields); i++)
		if (same_word(name, fields[i].name))
			return fields[i].read(head, trimmed(value));
	return true;
}

/* "HTTP/1.1 204 No Content": there is a body unless the status says that there is none. */
static bool read_status_line(struct http_head *head, struct sl_slice line)
{
	const char *digits = line.data + 9;

	if (line.len < 12 || digits[-1] != ' ' || digits[0] < '1' || digits[0] > '9')
		return false;
	head->to_the_end =
		digits[0] != '1' && memcmp(digits, "204", 3) != 0 && memcmp(digits, "304", 3) != 0;
	return true;
}

/* "POST /prefix/v1/traces": OTLP/HTTP's default paths. */
static bool ends_in_signal(struct sl_slice line)
{
	static const struct sl_slice paths[] = { { "/v1/traces", 10 },
						 { "/v1/logs", 8 },
						 { "/v1/metrics", 11 } };

	for (size_t i = 0; i < SL_COUNT(paths); i++)
		if (line.len >= paths[i].len &&
		    memcmp(line.data + line.len - paths[i].len, paths[i].data, paths[i].len) == 0)
			return true;
	return false;
}

/* "POST /v1/traces HTTP/1.1" */
static bool read_request_line(struct http_head *head, struct sl_slice line)
{
	static const char version[] = " HTTP/1.";
	size_t len = sizeof(version) - 1;

	for (size_t i = 0; i < SL_COUNT(starts); i++)
		if (line.len > strlen(starts[i].word) &&
		    memcmp(line.data, starts[i].word, strlen(starts[i].word)) == 0)
			head->upload = starts[i].upload;
	if (line.len <= len + 1 || memcmp(line.data + line.len - len - 1, version, len) != 0)
		return false;
	line.len -= len + 1;
	head->telemetry = ends_in_signal(line);
	return true;
}

bool http_head_read(struct sl_slice head, struct http_head *result)
{
	struct sl_slice line;
	bool response;

	*result = (struct http_head){ 0 };
	if (http_begins(head) != VERDICT_YES || !next_line(&head, &line))
		return false;
	response = line.len > 4 && memcmp(line.data, "HTTP", 4) == 0;
	if (response ? !read_status_line(result, line) : !read_request_line(result, line))
		return false;
	while (next_line(&head, &line) && line.len > 0)
		if (!read_field(result, line))
			return false;
	if (result->sized || result->chunked)
		result->to_the_end = false;
	return true;
}

bool http_chunk_size(struct sl_slice line, uint64_t *size)
{
	size_t digits = 0;

	*size = 0;
	for (; digits < line.len && digits < 15; digits++) {
		char digit = lower(line.data[digits]);

		if (digit >= '0' && digit <= '9')
			*size = *size << 4 | (uint64_t)(digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			*size = *size << 4 | (uint64_t)(digit - 'a' + 10);
		else
			break;
	}
	/* behind it may stand "\r", spaces, or an extension */
	return digits > 0 && (digits == line.len || strchr("\r; \t", line.data[digits]) != NULL);
}
