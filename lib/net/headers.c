/* The user's headers: as lines, and as the list of OTEL_EXPORTER_OTLP_HEADERS (W3C Baggage). */
#include "reply.h"
#include "spanline/text.h"
#include <stdlib.h>
#include <strings.h>

/* What the protocols set themselves. */
static const char *const reserved[] = {
	"content-type",
	"content-encoding",
	"content-length",
	"transfer-encoding",
	"te",
	"expect",
	"connection",
	"grpc-encoding",
	"grpc-accept-encoding",
	"grpc-timeout",
};

/* What the text begins with that is a token (RFC 9110, 5.6.2). */
static size_t token_len(struct sl_slice text)
{
	size_t len = 0;

	for (; len < text.len; len++) {
		char c = text.data[len];
		bool alphanumeric =
			(c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

		if (c == '\0' || (!alphanumeric && strchr("!#$%&'*+-.^_`|~", c) == NULL))
			break;
	}
	return len;
}

static bool is_token(struct sl_slice text)
{
	return text.len != 0 && token_len(text) == text.len;
}

static bool is_named(struct sl_slice name, const char *other)
{
	return strlen(other) == name.len && strncasecmp(name.data, other, name.len) == 0;
}

/* A value that could end its line, or the head of the request. */
static bool has_control(struct sl_slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (((unsigned char)value.data[i] < 0x20 && value.data[i] != '\t') ||
		    value.data[i] == 0x7f)
			return true;
	return false;
}

/* Behind what no name has, a secret may stand. */
static enum sl_status refuse(struct sl_slice name, const char *why, struct sl_error *err)
{
	size_t len = token_len(name);

	return sl_reject(err, SL_MALFORMED, SL_NOWHERE, "header '%.*s': %s",
			 (int)(len < 60 ? len : 60), name.data, why);
}

static struct sl_slice name_of(const char *item)
{
	return (struct sl_slice){ item, strcspn(item, ":") };
}

static char **find_item(const struct sl_headers *headers, struct sl_slice name)
{
	for (size_t i = 0; i < headers->count; i++) {
		struct sl_slice other = name_of(headers->items[i]);

		if (other.len == name.len && strncasecmp(other.data, name.data, name.len) == 0)
			return &headers->items[i];
	}
	return NULL;
}

struct sl_slice sl_headers_find(const struct sl_headers *headers, struct sl_slice name)
{
	char **item = find_item(headers, name);
	const char *value;

	if (item == NULL)
		return (struct sl_slice){ NULL, 0 };
	value = *item + name.len + 2;
	return (struct sl_slice){ value, strlen(value) };
}

static enum sl_status put(struct sl_headers *headers, char *line, struct sl_slice name,
			  struct sl_error *err)
{
	void *items = headers->items;
	char **old = find_item(headers, name);
	bool reserved_room;

	if (old != NULL) {
		free(*old);
		*old = line;
		return SL_OK;
	}
	reserved_room = sl_array_reserve(&items, &headers->capacity, headers->count + 1,
					 sizeof(*headers->items));
	headers->items = items;
	if (!reserved_room) {
		free(line);
		return sl_fail_memory(err);
	}
	headers->items[headers->count++] = line;
	return SL_OK;
}

static enum sl_status add(struct sl_headers *headers, struct sl_slice name, struct sl_slice value,
			  struct sl_error *err)
{
	char *line;

	if (!is_token(name))
		return refuse(name, "what follows is no part of a name", err);
	for (size_t i = 0; i < SL_COUNT(reserved); i++)
		if (is_named(name, reserved[i]))
			return refuse(name, "is set by the protocol", err);
	if (has_control(value))
		return refuse(name, "its value holds a control character", err);
	line = malloc(name.len + value.len + 3);
	if (line == NULL)
		return sl_fail_memory(err);
	memcpy(line, name.data, name.len);
	memcpy(line + name.len, ": ", 2);
	if (value.len != 0)
		memcpy(line + name.len + 2, value.data, value.len);
	line[name.len + 2 + value.len] = '\0';
	return put(headers, line, name, err);
}

enum sl_status sl_headers_add(struct sl_headers *headers, struct sl_slice line,
			      struct sl_error *err)
{
	const char *colon = line.len != 0 ? memchr(line.data, ':', line.len) : NULL;
	struct sl_slice name, value;

	/* what stands there may be the secret itself */
	if (colon == NULL)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE,
				 "a header is 'Name: value', and this one has no ':'");
	name = (struct sl_slice){ line.data, (size_t)(colon - line.data) };
	value = (struct sl_slice){ colon + 1, line.len - name.len - 1 };
	return add(headers, name, sl_trim(value), err);
}

static int hex_digit(char c)
{
	char folded = (char)(c | 0x20);

	if (c >= '0' && c <= '9')
		return c - '0';
	return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/* In place of `value`, with `plus` for a '+': false where a '%' has no two digits behind it. */
static bool decode_percents(struct sl_slice value, char plus, struct sl_buffer *out)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];
		int high, low;

		if (c == '+')
			c = plus;
		if (c != '%') {
			sl_buffer_add_byte(out, c);
			continue;
		}
		if (value.len - i < 3)
			return false;
		high = hex_digit(value.data[i + 1]);
		low = hex_digit(value.data[i + 2]);
		if (high < 0 || low < 0)
			return false;
		sl_buffer_add_byte(out, (char)(high << 4 | low));
		i += 2;
	}
	return true;
}

/* The text before the first comma; *list begins behind it. */
static struct sl_slice take_pair(struct sl_slice *list)
{
	const char *comma = list->len != 0 ? memchr(list->data, ',', list->len) : NULL;
	struct sl_slice pair = *list;

	if (comma != NULL)
		pair.len = (size_t)(comma - list->data);
	list->data += pair.len + (comma != NULL);
	list->len -= pair.len + (comma != NULL);
	return sl_trim(pair);
}

enum sl_status sl_headers_add_pair(struct sl_headers *headers, struct sl_slice *list,
				   struct sl_error *err)
{
	struct sl_slice pair = { NULL, 0 }, name, value;
	struct sl_buffer decoded = { 0 };
	const char *equals;
	enum sl_status status;

	while (pair.len == 0) {
		if (list->len == 0)
			return SL_END;
		pair = take_pair(list);
	}
	equals = memchr(pair.data, '=', pair.len);
	if (equals == NULL)
		return sl_reject(err, SL_MALFORMED, SL_NOWHERE,
				 "a pair without '=' in the list of headers");
	name = sl_trim((struct sl_slice){ pair.data, (size_t)(equals - pair.data) });
	value = sl_trim(
		(struct sl_slice){ equals + 1, (size_t)(pair.data + pair.len - equals - 1) });
	if (!decode_percents(value, '+', &decoded))
		status = refuse(name, "its value has a '%' without two hex digits", err);
	else if (decoded.failed)
		status = sl_fail_memory(err);
	else
		status = add(headers, name, sl_buffer_slice(&decoded), err);
	sl_buffer_free(&decoded);
	return status;
}

/* Stars over the word wherever it stands in the text, which may end within it. */
static void cover(char *text, struct sl_slice word)
{
	/* less stands everywhere */
	enum { TELLING = 4 };
	size_t len = strlen(text);

	if (word.len < TELLING)
		return;
	for (size_t at = 0; at + TELLING <= len; at++) {
		size_t part = word.len < len - at ? word.len : len - at;

		if (memcmp(text + at, word.data, part) == 0)
			memset(text + at, '*', part);
	}
}

static void cover_words(char *text, const char *secret, const char *separators)
{
	/* shorter words are no secrets: "Bearer" */
	enum { SECRET_LEAST = 8 };

	while (*(secret += strspn(secret, separators)) != '\0') {
		struct sl_slice word = { secret, strcspn(secret, separators) };

		if (word.len >= SECRET_LEAST)
			cover(text, word);
		secret += word.len;
	}
}

void headers_hide(const struct sl_headers *headers, char *text)
{
	for (size_t i = 0; i < headers->count; i++) {
		const char *value = strchr(headers->items[i], ':') + 2;
		const char *space = strchr(value, ' ');

		cover(text, sl_slice_of(value));
		/* behind the scheme */
		if (space != NULL)
			cover(text, sl_trim(sl_slice_of(space)));
		cover_words(text, value, ": ");
	}
}

/* As it stands, and as a server may have decoded it. */
static void cover_encoded(char *text, struct sl_slice value)
{
	cover(text, value);
	for (const char *plus = "+ "; *plus != '\0'; plus++) {
		struct sl_buffer decoded = { 0 };

		if (decode_percents(value, *plus, &decoded) && !decoded.failed)
			cover(text, sl_buffer_slice(&decoded));
		/* rather no message than one that tells */
		if (decoded.failed)
			text[0] = '\0';
		sl_buffer_free(&decoded);
	}
}

void query_hide(const char *url, char *text)
{
	const char *query = url + strcspn(url, "?");

	for (const char *at = query; *at != '\0';) {
		struct sl_slice value = { at + 1, strcspn(at + 1, "&") };
		const char *equals = memchr(value.data, '=', value.len);

		at = value.data + value.len;
		if (equals != NULL)
			value = (struct sl_slice){ equals + 1, (size_t)(at - equals - 1) };
		cover_encoded(text, value);
	}
	cover_words(text, query, "?&=");
}

void sl_headers_free(struct sl_headers *headers)
{
	for (size_t i = 0; i < headers->count; i++)
		free(headers->items[i]);
	free(headers->items);
	*headers = (struct sl_headers){ 0 };
}
