/*
 * Regular expressions by PCRE2: anchored at both ends, '.' matches newlines.
 *
 * TraceQL means RE2's language.  All of it that people write is the same here, (?P<name>...), (?U),
 * \pN, \z and \Q...\E included.  What differs: \C (one byte) is refused; \s and \v take what PCRE2
 * says (\s has the vertical tab, \v all vertical space); and what only PCRE2 has works besides:
 * backreferences, lookaround, possessive repeats, recursion, \h \R \X \K.  Verbs such as (*FAIL),
 * of which some could lift the limits, are refused, as RE2 does.
 *
 * Matching backtracks, and so has limits: where one is hit the answer is not known.  What people
 * write takes n * n steps of a text of n bytes at most, some of it a few times that (.*a.*[bc].*
 * where there are only a's: n * n / 2); what takes 2^n hits the limit, however short the text.  The
 * ceiling is some 15 ms compiled, 100 ms interpreted.
 *
 * As in RE2, a byte that is no UTF-8 counts as one U+FFFD.  (PCRE2's own way, by which it matches
 * nothing, would let no pattern that is anchored at both ends match such a text.)
 *
 * Patterns of letters and `.*` at the ends need no PCRE2.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "match.h"
#include "parser.h"
#include "spanline/text.h"
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	LEAST_MATCH_LIMIT = 100 * 1000,
	MOST_MATCH_LIMIT = 10 * 1000 * 1000,
	STEPS_PER_SQUARE = 4,
	DEPTH_LIMIT = 1000,
	HEAP_LIMIT_KIB = 20 * 1024,
	JIT_STACK_FIRST_BYTES = 32 * 1024,
	JIT_STACK_LIMIT_BYTES = 1024 * 1024,
};

struct query_regex {
	pcre2_code *code; /* NULL: it is plain */
	bool jit;
	bool open_start, open_end; /* of a plain one: `.*` stood there */
	struct sl_slice literal;
};

struct regex_state {
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
	struct sl_buffer repaired; /* a subject that was not UTF-8 */
	uint64_t limits_hit;
};

static bool is_plain(struct sl_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte >= 0x80 || (byte != 0 && strchr("\\.[](){}*+?^$|", byte) != NULL))
			return false;
	}
	return true;
}

static bool find_plain(struct query_regex *regex, struct sl_slice pattern)
{
	struct sl_slice rest = pattern;

	if (rest.len >= 2 && memcmp(rest.data, ".*", 2) == 0) {
		regex->open_start = true;
		rest.data += 2;
		rest.len -= 2;
	}
	if (rest.len >= 2 && memcmp(rest.data + rest.len - 2, ".*", 2) == 0) {
		regex->open_end = true;
		rest.len -= 2;
	}
	regex->literal = rest;
	return is_plain(rest);
}

/* The length of "[:alpha:]" or "[:^alpha:]" at `at`, or 0. */
static size_t named_class_length(struct sl_slice pattern, size_t at)
{
	size_t i = at + 2;

	if (pattern.len - at < 4 || memcmp(pattern.data + at, "[:", 2) != 0)
		return 0;
	while (i < pattern.len &&
	       (pattern.data[i] == '^' || (pattern.data[i] >= 'a' && pattern.data[i] <= 'z')))
		i++;
	return pattern.len - i >= 2 && memcmp(pattern.data + i, ":]", 2) == 0 ? i + 2 - at : 0;
}

/* Behind the class that begins at `at`, or the end. */
static size_t skip_class(struct sl_slice pattern, size_t at)
{
	at++;
	if (at < pattern.len && pattern.data[at] == '^')
		at++;
	if (at < pattern.len && pattern.data[at] == ']')
		at++;
	while (at < pattern.len && pattern.data[at] != ']') {
		size_t named = named_class_length(pattern, at);

		at += named != 0 ? named : pattern.data[at] == '\\' ? 2 : 1;
	}
	return at + 1;
}

/* Behind what is quoted by \Q and \E, of which the first is at `at`. */
static size_t skip_quoted(struct sl_slice pattern, size_t at)
{
	for (at += 2; at + 1 < pattern.len; at++)
		if (pattern.data[at] == '\\' && pattern.data[at + 1] == 'E')
			return at + 2;
	return pattern.len;
}

/* Where "(*" stands and means it; false: nowhere. */
static bool find_verb(struct sl_slice pattern, size_t *at)
{
	size_t i = 0;

	while (i + 1 < pattern.len) {
		char byte = pattern.data[i], next = pattern.data[i + 1];

		if (byte == '(' && next == '*') {
			*at = i;
			return true;
		}
		if (byte == '\\')
			i = next == 'Q' ? skip_quoted(pattern, i) : i + 2;
		else
			i = byte == '[' ? skip_class(pattern, i) : i + 1;
	}
	return false;
}

/* Bytes of the pattern as bytes of the query: where it stands in one literal without escapes. */
static struct place place_in_query(const struct expression *expression, size_t at, size_t len)
{
	struct place place = expression->right->place;

	if (expression->right->kind != EXPRESSION_CONSTANT ||
	    place.len != expression->pattern.len + 2)
		return place;
	return (struct place){ place.at + 1 + at, len };
}

static enum sl_status refuse_verb(const struct expression *expression, size_t at,
				  struct sl_query_fault *fault)
{
	struct place place = place_in_query(expression, at, 2);

	*fault = (struct sl_query_fault){ .at = place.at, .len = place.len };
	snprintf(fault->text, sizeof(fault->text),
		 "regular expression: there is nothing to repeat, at byte %zu of it (a bracket "
		 "itself is written \\()",
		 at);
	return SL_BAD_RECORD;
}

static enum sl_status compile(struct query_regex *regex, const struct expression *expression,
			      struct sl_query_fault *fault)
{
	uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL | PCRE2_UTF |
			   PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
	struct sl_slice pattern = expression->pattern;
	char message[160];
	int code;
	size_t at;

	if (find_plain(regex, pattern))
		return SL_OK;
	if (find_verb(pattern, &at))
		return refuse_verb(expression, at, fault);
	regex->code =
		pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len, options, &code, &at, NULL);
	if (regex->code != NULL) {
		regex->jit = pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) == 0;
		return SL_OK;
	}
	*fault = (struct sl_query_fault){ .at = expression->right->place.at,
					  .len = expression->right->place.len };
	if (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY) {
		snprintf(fault->text, sizeof(fault->text), "out of memory");
		return SL_FAILED;
	}
	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof(message)) < 0)
		message[0] = '\0';
	snprintf(fault->text, sizeof(fault->text), "regular expression: %s, at byte %zu of it",
		 message, at);
	return SL_BAD_RECORD;
}

enum sl_status query_compile_regexes(struct sl_query *query, struct sl_query_fault *fault)
{
	size_t size = query->regex_count * sizeof(*query->compiled);

	if (query->regex_count == 0)
		return SL_OK;
	query->compiled = sl_arena_alloc(&query->arena, size);
	if (query->compiled == NULL) {
		*fault = (struct sl_query_fault){ .text = "out of memory" };
		return SL_FAILED;
	}
	memset(query->compiled, 0, size);
	for (unsigned i = 0; i < query->regex_count; i++) {
		enum sl_status status = compile(&query->compiled[i], query->regexes[i], fault);

		if (status != SL_OK)
			return status;
	}
	return SL_OK;
}

void query_free_regexes(struct sl_query *query)
{
	for (unsigned i = 0; query->compiled != NULL && i < query->regex_count; i++)
		pcre2_code_free(query->compiled[i].code);
	query->compiled = NULL;
}

void sl_query_print_patterns(const struct sl_query *query, struct sl_buffer *out)
{
	char quoted[QUOTED_SIZE];

	for (unsigned i = 0; query->compiled != NULL && i < query->regex_count; i++) {
		const struct query_regex *regex = &query->compiled[i];

		quote_text(quoted, query->regexes[i]->pattern);
		sl_buffer_printf(out, "pattern %s: %s\n", quoted,
				 regex->code == NULL ? "looked for as text"
				 : regex->jit	     ? "PCRE2, as machine code"
						     : "PCRE2, interpreted");
	}
}

const struct query_regex *query_regex(const struct sl_query *query, unsigned number)
{
	return &query->compiled[number];
}

struct regex_state *regex_state_open(const struct sl_query *query)
{
	struct regex_state *state = calloc(1, sizeof(*state));
	bool needed = false, jit = false;

	for (unsigned i = 0; i < query->regex_count; i++) {
		needed |= query->compiled[i].code != NULL;
		jit |= query->compiled[i].jit;
	}
	if (state == NULL || !needed)
		return state;
	state->context = pcre2_match_context_create(NULL);
	/* whether it matches is all that is asked: one pair is enough */
	state->data = pcre2_match_data_create(1, NULL);
	if (jit)
		state->stack =
			pcre2_jit_stack_create(JIT_STACK_FIRST_BYTES, JIT_STACK_LIMIT_BYTES, NULL);
	if (state->context == NULL || state->data == NULL || (jit && state->stack == NULL)) {
		regex_state_close(state);
		return NULL;
	}
	pcre2_set_depth_limit(state->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(state->context, HEAP_LIMIT_KIB);
	if (jit)
		pcre2_jit_stack_assign(state->context, NULL, state->stack);
	return state;
}

void regex_state_close(struct regex_state *state)
{
	if (state == NULL)
		return;
	pcre2_match_data_free(state->data);
	pcre2_match_context_free(state->context);
	pcre2_jit_stack_free(state->stack);
	sl_buffer_free(&state->repaired);
	free(state);
}

uint64_t regex_limits_hit(const struct regex_state *state)
{
	return state->limits_hit;
}

static bool contains(struct sl_slice text, struct sl_slice part)
{
	const char *at = text.data;
	size_t left = text.len;

	if (part.len == 0)
		return true;
	while (left >= part.len) {
		const char *found = memchr(at, part.data[0], left - part.len + 1);

		if (found == NULL)
			return false;
		if (memcmp(found, part.data, part.len) == 0)
			return true;
		left -= (size_t)(found - at) + 1;
		at = found + 1;
	}
	return false;
}

static bool match_plain(const struct query_regex *regex, struct sl_slice subject)
{
	struct sl_slice literal = regex->literal;

	if (regex->open_start && regex->open_end)
		return contains(subject, literal);
	if (subject.len < literal.len)
		return false;
	if (regex->open_start) {
		subject.data += subject.len - literal.len;
		subject.len = literal.len;
	} else if (regex->open_end) {
		subject.len = literal.len;
	}
	return sl_slice_equal(subject, literal);
}

/* A copy with U+FFFD for each byte that is not part of UTF-8. */
static struct sl_slice repair(struct regex_state *state, struct sl_slice subject)
{
	struct sl_buffer *out = &state->repaired;

	out->len = 0;
	while (subject.len > 0) {
		size_t good = sl_utf8_prefix(subject);

		sl_buffer_add(out, subject.data, good);
		subject.data += good;
		subject.len -= good;
		if (subject.len > 0) {
			sl_buffer_add_literal(out, "\xef\xbf\xbd");
			subject.data++;
			subject.len--;
		}
	}
	return sl_buffer_slice(out);
}

static uint32_t match_limit(size_t len)
{
	uint64_t square = len < 65536 ? (uint64_t)len * len : UINT32_MAX;

	if (square * STEPS_PER_SQUARE < LEAST_MATCH_LIMIT)
		return LEAST_MATCH_LIMIT;
	if (square * STEPS_PER_SQUARE > MOST_MATCH_LIMIT)
		return MOST_MATCH_LIMIT;
	return (uint32_t)(square * STEPS_PER_SQUARE);
}

enum answer regex_match(struct regex_state *state, const struct query_regex *regex,
			struct sl_slice subject)
{
	int result = PCRE2_ERROR_JIT_STACKLIMIT;
	PCRE2_SPTR text;

	if (regex->code == NULL)
		return match_plain(regex, subject) ? YES : NO;
	if (!sl_utf8_valid(subject))
		subject = repair(state, subject);
	pcre2_set_match_limit(state->context, match_limit(subject.len));
	text = (PCRE2_SPTR)(subject.len != 0 ? subject.data : "");
	if (regex->jit && !state->repaired.failed)
		result = pcre2_jit_match(regex->code, text, subject.len, 0, 0, state->data,
					 state->context);
	/* a subject that is too long for the stack is not for the interpreter, which has the heap
	 */
	if (result == PCRE2_ERROR_JIT_STACKLIMIT && !state->repaired.failed)
		result =
			pcre2_match(regex->code, text, subject.len, 0,
				    PCRE2_NO_JIT | PCRE2_NO_UTF_CHECK, state->data, state->context);
	if (result >= 0)
		return YES;
	if (result == PCRE2_ERROR_NOMATCH)
		return NO;
	/* limits, memory: whatever else there is, it is no answer */
	state->repaired.failed = false;
	state->limits_hit++;
	return UNKNOWN;
}
