/* What is known and not read here: formats by their first bytes and what to do about each, and text
 * that is no JSON. */
#include "unread.h"
#include "spanline/scan.h"

struct foreign {
	size_t len; /* of the magic */
	char magic[16];
	const char *what;  /* and what to do about it */
	size_t further_at; /* where the magic alone is not enough */
	size_t further_len;
	char further[8];
};

static const char twice[] = "compressed twice; undo the outer layer first (gzip -dc or zstd -dc)";
static const char pcapng[] = "a packet capture (pcapng); tcpflow -r takes the streams out of it";
static const char pcap[] = "a packet capture (pcap); tcpflow -r takes the streams out of it";
static const char utf16[] = "UTF-16 text; pipe it through iconv -f UTF-16 -t UTF-8";

static const struct foreign foreigns[] = {
	{ 3, "\x1f\x8b\x08", twice, 0, 0, "" },
	{ 4, "\x28\xb5\x2f\xfd", twice, 0, 0, "" },
	{ 6, "\xfd\x37\x7a\x58\x5a\x00", "xz data; pipe it through xz -dc", 0, 0, "" },
	{ 3, "BZh", "bzip2 data; pipe it through bzip2 -dc", 4, 6, "1AY&SY" },
	{ 4, "\x04\x22\x4d\x18", "lz4 data; pipe it through lz4 -dc", 0, 0, "" },
	{ 10, "\xff\x06\x00\x00sNaPpY", "snappy data; pipe it through snzip -dc", 0, 0, "" },
	{ 5, "LZIP\x01", "lzip data; pipe it through lzip -dc", 0, 0, "" },
	{ 6, "7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it with 7z x -so", 0, 0, "" },
	{ 4, "PK\x03\x04", "a zip archive; unpack it with unzip -p", 0, 0, "" },
	{ 4, "PAR1", "a Parquet file; duckdb -json writes its rows as JSON", 0, 0, "" },
	{ 8, "ARROW1\0", "an Arrow file; pyarrow writes its rows as JSON", 0, 0, "" },
	{ 4, "\xff\xff\xff\xff",
	  "an Arrow stream; the Collector's otelarrow receiver makes OTLP of it", 6, 2, "\0" },
	{ 4, "Obj\x01", "an Avro file; avro-tools tojson writes its records as JSON", 0, 0, "" },
	{ 4, "\x0a\x0d\x0d\x0a", pcapng, 8, 4, "\x1a\x2b\x3c\x4d" },
	{ 4, "\x0a\x0d\x0d\x0a", pcapng, 8, 4, "\x4d\x3c\x2b\x1a" },
	{ 4, "\xd4\xc3\xb2\xa1", pcap, 0, 0, "" },
	{ 4, "\xa1\xb2\xc3\xd4", pcap, 0, 0, "" },
	{ 4, "\x4d\x3c\xb2\xa1", pcap, 0, 0, "" },
	{ 15, "SQLite format 3", "a SQLite database; sqlite3 -json writes rows of it as JSON", 0, 0,
	  "" },
	{ 14, "PRI * HTTP/2.0",
	  "raw HTTP/2 traffic; pipe its gRPC messages alone in here, or record OTLP over HTTP/1.1",
	  0, 0, "" },
	{ 2, "\xff\xfe", utf16, 0, 0, "" },
	{ 2, "\xfe\xff", utf16, 0, 0, "" },
	{ 4, "{\0\"\0", "UTF-16 text; pipe it through iconv -f UTF-16LE -t UTF-8", 0, 0, "" },
	{ 4, "\0{\0\"", "UTF-16 text; pipe it through iconv -f UTF-16BE -t UTF-8", 0, 0, "" },
};

/* `part` stands at `at`; open: `start` ends before that can be told. */
static enum verdict stands_at(struct sl_slice start, size_t at, const char *part, size_t len)
{
	size_t have;

	if (start.len <= at)
		return VERDICT_OPEN;
	have = start.len - at < len ? start.len - at : len;
	if (memcmp(start.data + at, part, have) != 0)
		return VERDICT_NO;
	return have == len ? VERDICT_YES : VERDICT_OPEN;
}

static enum verdict is_foreign(struct sl_slice start, const struct foreign *foreign)
{
	enum verdict verdict = stands_at(start, 0, foreign->magic, foreign->len);

	if (verdict == VERDICT_YES && foreign->further_len > 0)
		verdict = stands_at(start, foreign->further_at, foreign->further,
				    foreign->further_len);
	return verdict;
}

enum verdict unread_begins(struct sl_slice start, struct sl_error *err)
{
	enum verdict all = VERDICT_NO;

	for (size_t i = 0; i < SL_COUNT(foreigns); i++) {
		enum verdict one = is_foreign(start, &foreigns[i]);

		if (one == VERDICT_YES) {
			(void)sl_fail(err, "this is %s", foreigns[i].what);
			err->reason = SL_UNSUPPORTED;
			return VERDICT_YES;
		}
		if (one == VERDICT_OPEN)
			all = VERDICT_OPEN;
	}
	return all;
}

static bool holds(struct sl_slice text, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.data + i, part, len) == 0)
			return true;
	return false;
}

/* A line begins with the word, behind blanks. */
static bool has_line(struct sl_slice text, const char *word)
{
	size_t len = strlen(word);

	while (text.len > 0) {
		const char *newline = memchr(text.data, '\n', text.len);
		size_t blank = blank_prefix(text);
		size_t line = newline != NULL ? (size_t)(newline - text.data) + 1 : text.len;

		if (blank + len <= text.len && memcmp(text.data + blank, word, len) == 0)
			return true;
		line = line > blank ? line : blank;
		text.data += line;
		text.len -= line;
	}
	return false;
}

static const char javascript[] =
	" (objects as JavaScript's ConsoleSpanExporter prints them; export OTLP instead, or print "
	"JSON.stringify of what JsonTraceSerializer makes)";

/* Values of JSON and nothing else, as far as they are looked at. */
static bool is_json(struct sl_slice text)
{
	enum { LOOK_BYTES = 1024 };
	char bytes[LOOK_BYTES + SL_PADDING] = { 0 };
	size_t len = text.len < LOOK_BYTES ? text.len : LOOK_BYTES;
	struct sl_cursor cursor = { .strict = true };

	if (len != 0)
		memcpy(bytes, text.data, len);
	cursor.at = cursor.begin = bytes;
	cursor.end = bytes + len;
	do {
		const char *value = cursor.at;

		if (!sl_cursor_skip_value(&cursor))
			return cursor.fault == SL_FAULT_CUT && len < text.len;
		if (cursor.at < cursor.end && strchr(" \t\r\n", *cursor.at) == NULL)
			return false;
		sl_cursor_skip_space(&cursor);
		if (cursor.at == value)
			return false;
	} while (cursor.at < cursor.end);
	return true;
}

enum sl_status unread_text(struct sl_slice start, struct sl_error *err)
{
	size_t blank = blank_prefix(start), shown = 0;
	struct sl_slice line = { start.data + blank, start.len - blank };
	const char *end = memchr(line.data, '\n', line.len);
	const char *what = "text, but not JSON", *hint = "";

	if (is_json(line))
		what = "JSON, but no object or array of objects";
	if (end != NULL)
		line.len = (size_t)(end - line.data);
	if (line.len > 0 && line.data[0] == '<')
		hint = " (XML or HTML)";
	else if (holds(line, "{\"") || holds(line, "{\\\""))
		hint = " (JSON inside log lines; cut it out with sed or jq first)";
	else if (line.len > 0 && line.data[0] == '{')
		hint = has_line(start, "traceId:") ? javascript
						   : " (perhaps objects as a console prints them)";
	while (shown < line.len && shown < 40 && (unsigned char)line.data[shown] < 0x7f)
		shown++;
	(void)sl_fail(err, "this is %s%s: it begins '%.*s'", what, hint, (int)shown, line.data);
	err->reason = SL_UNSUPPORTED;
	return SL_FAILED;
}
