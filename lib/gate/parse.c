/* Assertions as text into gates. */
#include "gate.h"
#include "spanline/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_LIMIT = 64 * 1024 };

struct reader {
	struct sl_slice text;
	size_t at;
	struct sl_query_fault *fault;
};

SL_PRINTF(4, 5)
static bool fault_at(struct reader *reader, size_t at, size_t len, const char *format, ...)
{
	va_list arguments;

	*reader->fault = (struct sl_query_fault){ .at = at, .len = len };
	va_start(arguments, format);
	vsnprintf(reader->fault->text, sizeof(reader->fault->text), format, arguments);
	va_end(arguments);
	return false;
}

static char byte_at(const struct reader *reader, size_t at)
{
	if (at >= reader->text.len)
		return '\0';
	return reader->text.data[at];
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void skip_blanks(struct reader *reader)
{
	while (is_blank(byte_at(reader, reader->at)))
		reader->at++;
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.' ||
	       byte == '/';
}

static struct sl_slice word_at(const struct reader *reader)
{
	size_t end = reader->at;

	while (is_word_byte(byte_at(reader, end)))
		end++;
	return (struct sl_slice){ reader->text.data + reader->at, end - reader->at };
}

static bool take_word(struct reader *reader, const char *word)
{
	struct sl_slice found = word_at(reader);

	if (!sl_slice_equal(found, sl_slice_of(word)))
		return false;
	reader->at += found.len;
	skip_blanks(reader);
	return true;
}

static struct sl_slice take_name(struct reader *reader)
{
	struct sl_slice name = word_at(reader);
	struct reader behind = *reader;

	behind.at += name.len;
	skip_blanks(&behind);
	if (name.len == 0 || byte_at(&behind, behind.at) != ':')
		return (struct sl_slice){ "", 0 };
	behind.at++;
	skip_blanks(&behind);
	reader->at = behind.at;
	return name;
}

/* Behind the string that begins at `at`, or the end of the text. */
static size_t skip_string(const struct reader *reader, size_t at)
{
	char quote = byte_at(reader, at++);

	while (at < reader->text.len && byte_at(reader, at) != quote)
		at += quote == '"' && byte_at(reader, at) == '\\' ? 2 : 1;
	return at < reader->text.len ? at + 1 : reader->text.len;
}

/* Behind the bracket that closes the one at `at`, or 0: there is none. */
static size_t skip_brackets(const struct reader *reader, size_t at)
{
	size_t depth = 0;

	while (at < reader->text.len) {
		char byte = byte_at(reader, at);

		if (byte == '"' || byte == '`') {
			at = skip_string(reader, at);
			continue;
		}
		depth += byte == '{' || byte == '(';
		depth -= byte == '}' || byte == ')';
		at++;
		if (depth == 0)
			return at;
	}
	return 0;
}

static bool is_open(char byte)
{
	return byte == '{' || byte == '(';
}

/* The query goes on behind a bracket where an operator stands, and then another bracket. */
static size_t query_end(struct reader *reader)
{
	size_t end = skip_brackets(reader, reader->at), next = end;

	while (end != 0) {
		while (is_blank(byte_at(reader, next)) ||
		       (byte_at(reader, next) != '\0' &&
			strchr("&|<>!~=", byte_at(reader, next)) != NULL))
			next++;
		if (next == end || !is_open(byte_at(reader, next)))
			return end;
		end = next = skip_brackets(reader, next);
	}
	fault_at(reader, reader->at, 1, "nothing closes this bracket");
	return 0;
}

static bool compile(struct reader *reader, struct sl_slice text, bool field,
		    struct sl_query **query)
{
	const struct sl_query_options options = { 0 };
	enum sl_status status = field ? sl_query_compile_field(query, text, &options, reader->fault)
				      : sl_query_compile(query, text, &options, reader->fault);

	if (status == SL_OK)
		return true;
	*query = NULL;
	reader->fault->at += (size_t)(text.data - reader->text.data);
	return false;
}

static bool take_query(struct reader *reader, struct gate *gate)
{
	struct sl_slice text = { reader->text.data + reader->at, 0 };
	size_t end;

	if (!is_open(byte_at(reader, reader->at)))
		return true;
	end = query_end(reader);
	if (end == 0)
		return false;
	text.len = end - reader->at;
	if (!compile(reader, text, false, &gate->query))
		return false;
	reader->at = end;
	skip_blanks(reader);
	if (!take_word(reader, "by"))
		return true;
	if (byte_at(reader, reader->at) != '(')
		return fault_at(reader, reader->at, 1, "expected '(' and a field behind 'by'");
	end = skip_brackets(reader, reader->at);
	if (end == 0)
		return fault_at(reader, reader->at, 1, "nothing closes this bracket");
	text = (struct sl_slice){ reader->text.data + reader->at + 1, end - reader->at - 2 };
	if (!compile(reader, text, true, &gate->by))
		return false;
	reader->at = end;
	skip_blanks(reader);
	return true;
}

static const struct {
	const char *name;
	enum measure measure;
} measures[] = {
	{ "min", MEASURE_MIN },	      { "max", MEASURE_MAX },
	{ "mean", MEASURE_MEAN },     { "count", MEASURE_COUNT },
	{ "traces", MEASURE_TRACES }, { "error_rate", MEASURE_ERROR_RATE },
	{ "rate", MEASURE_RATE },     { "count/trace", MEASURE_PER_TRACE },
};

static bool take_percentile(struct reader *reader, struct gate *gate, struct sl_slice word)
{
	struct sl_slice digits = { word.data + 1, word.len - 1 };
	size_t start = reader->at;

	reader->at += word.len;
	if (word.len == 1) {
		size_t end =
			byte_at(reader, reader->at) == '(' ? skip_brackets(reader, reader->at) : 0;

		if (end == 0)
			return fault_at(reader, start, word.len,
					"expected a percentile, as p95 or p(99.9)");
		digits.data = reader->text.data + reader->at + 1;
		digits.len = end - reader->at - 2;
		reader->at = end;
	}
	gate->measure = MEASURE_QUANTILE;
	if (!sl_parse_percentile(sl_trim(digits), &gate->quantile))
		return fault_at(reader, (size_t)(digits.data - reader->text.data), digits.len,
				"expected a percentile above 0 and below 100 of at most seven "
				"places; there are min and max");
	return true;
}

static bool take_measure(struct reader *reader, struct gate *gate)
{
	struct sl_slice word = word_at(reader);
	size_t start = reader->at;

	for (size_t i = 0; i < SL_COUNT(measures); i++) {
		if (!sl_slice_equal(word, sl_slice_of(measures[i].name)))
			continue;
		gate->measure = measures[i].measure;
		reader->at += word.len;
		return true;
	}
	if (word.len != 0 && word.data[0] == 'p' && (word.len == 1 || word.data[1] <= '9'))
		return take_percentile(reader, gate, word);
	return fault_at(reader, start, word.len != 0 ? word.len : 1,
			"expected a measure: p95, min, max, mean, count, traces, error_rate, rate "
			"or count/trace");
}

static bool take_part(struct reader *reader, struct gate *gate)
{
	static const char *const parts[] = { [PART_SELF] = "self.", [PART_CRITICAL] = "critical." };
	struct sl_slice word = word_at(reader);
	size_t start = reader->at;

	for (enum part part = PART_SELF; part <= PART_CRITICAL; part++) {
		size_t len = strlen(parts[part]);

		if (word.len <= len || memcmp(word.data, parts[part], len) != 0)
			continue;
		gate->part = part;
		reader->at += len;
		if (!take_measure(reader, gate))
			return false;
		if (is_latency(gate))
			return true;
		return fault_at(reader, start, word.len,
				"'%s' goes with p95, min, max and mean only", parts[part]);
	}
	return take_measure(reader, gate);
}

/* Longer ones before those that begin them. */
static const struct {
	const char *text;
	enum op op;
} operators[] = {
	{ "<=", OP_LESS_EQUAL }, { "<", OP_LESS },  { ">=", OP_GREATER_EQUAL },
	{ ">", OP_GREATER },	 { "=", OP_EQUAL }, { "!=", OP_UNEQUAL },
};

static bool take_operator(struct reader *reader, struct gate *gate)
{
	skip_blanks(reader);
	for (size_t i = 0; i < SL_COUNT(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (reader->text.len - reader->at < len ||
		    memcmp(reader->text.data + reader->at, operators[i].text, len) != 0)
			continue;
		gate->op = operators[i].op;
		reader->at += len;
		if (byte_at(reader, reader->at) == '=')
			return fault_at(reader, reader->at - len, len + 1, "write '%s' for '%s='",
					operators[i].text, operators[i].text);
		skip_blanks(reader);
		return true;
	}
	return fault_at(reader, reader->at, 1, "expected <, <=, >, >=, = or !=");
}

static bool parse(struct reader *reader, struct gate *gate)
{
	struct sl_slice rest;

	skip_blanks(reader);
	gate->name = take_name(reader);
	gate->only_warns = take_word(reader, "warn");
	if (!take_query(reader, gate) || !take_part(reader, gate) || !take_operator(reader, gate))
		return false;
	rest = sl_trim(
		(struct sl_slice){ reader->text.data + reader->at, reader->text.len - reader->at });
	gate->bound_text = rest;
	if (gate_read_bound(gate, rest, reader->fault))
		return true;
	reader->fault->at += reader->at;
	return false;
}

static void gate_free(struct gate *gate)
{
	sl_query_free(gate->query);
	sl_query_free(gate->by);
}

static void note_needs(struct sl_gates *gates, const struct gate *gate)
{
	gates->needs |= SL_NEED_TRACE_ID | SL_NEED_TIMES | SL_NEED_STATUS;
	if (gate->query != NULL)
		gates->needs |= sl_query_needs(gate->query);
	if (gate->by != NULL)
		gates->needs |= sl_query_needs(gate->by);
	gates->needs_traces |= gate->query == NULL || sl_query_needs_traces(gate->query) ||
			       (gate->by != NULL && sl_query_needs_traces(gate->by)) ||
			       gate->part != PART_ALL || gate->measure == MEASURE_PER_TRACE;
}

enum sl_status sl_gates_add(struct sl_gates *gates, struct sl_slice text,
			    struct sl_query_fault *fault)
{
	struct reader reader = { .fault = fault };
	struct gate gate = { 0 };

	*fault = (struct sl_query_fault){ .text = "no memory" };
	if (text.len > TEXT_LIMIT) {
		fault_at(&reader, 0, 0, "longer than %d bytes", TEXT_LIMIT);
		return SL_BAD_RECORD;
	}
	reader.text = sl_arena_copy(&gates->arena, text);
	if (reader.text.data == NULL)
		reader.text = (struct sl_slice){ "", 0 };
	if (!sl_array_reserve((void **)&gates->items, &gates->capacity, gates->count + 1,
			      sizeof(*gates->items)))
		return SL_FAILED;
	gate.text = sl_trim(reader.text);
	if (!parse(&reader, &gate)) {
		gate_free(&gate);
		return SL_BAD_RECORD;
	}
	note_needs(gates, &gate);
	gates->items[gates->count++] = gate;
	return SL_OK;
}

enum sl_status sl_gates_add_lines(struct sl_gates *gates, struct sl_slice text,
				  struct sl_query_fault *fault)
{
	for (size_t at = 0, len; at < text.len; at += len + 1) {
		const char *start = text.data + at, *end = memchr(start, '\n', text.len - at);
		struct sl_slice line;
		enum sl_status status;

		len = end != NULL ? (size_t)(end - start) : text.len - at;
		line = sl_trim(
			(struct sl_slice){ start, len - (len != 0 && start[len - 1] == '\r') });
		if (line.len == 0 || line.data[0] == '#')
			continue;
		status = sl_gates_add(gates, line, fault);
		if (status != SL_OK) {
			fault->at += (size_t)(line.data - text.data);
			return status;
		}
	}
	return SL_OK;
}

enum sl_status sl_gates_open(struct sl_gates **gates, struct sl_error *err)
{
	*gates = calloc(1, sizeof(**gates));
	return *gates != NULL ? SL_OK : sl_fail_memory(err);
}

void sl_gates_close(struct sl_gates *gates)
{
	if (gates == NULL)
		return;
	for (size_t i = 0; i < gates->count; i++)
		gate_free(&gates->items[i]);
	free(gates->items);
	sl_arena_free(&gates->arena);
	free(gates);
}

void sl_gates_approximate(struct sl_gates *gates, double error)
{
	gates->error = error;
}

size_t sl_gates_count(const struct sl_gates *gates)
{
	return gates->count;
}

unsigned sl_gates_needs(const struct sl_gates *gates)
{
	return gates->needs;
}

bool sl_gates_needs_traces(const struct sl_gates *gates)
{
	return gates->needs_traces;
}
