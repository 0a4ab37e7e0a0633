/* The values of a line that are needed, taken from where they stand and tested, in whatever order
 * that is. */
#ifndef JSON_LINE_LAZY_VALUES_H
#define JSON_LINE_LAZY_VALUES_H

#include "line_lazy.h"

#define BEGINS(at, literal) (memcmp((at), (literal), sizeof(literal) - 1) == 0)
#define LENGTH(literal)	    (sizeof(literal) - 1)

/* A part of what is done with nearly every line: one function, without calls. */
#define HOT __attribute__((always_inline)) static inline

/* What is known of a line when something of it was taken. */
enum line_step {
	STEP_ON,
	STEP_FAILED, /* one of the tests: it is not wanted */
	STEP_OTHER,  /* it is for another reader */
};

HOT bool needs(const struct line_lazy *lazy, unsigned bits)
{
	return (lazy->needs & bits) != 0;
}

/* The string whose opening quote is at `quote`: behind its closing quote, or NULL.  *high is not 0
 * if it is not ASCII. */
HOT const char *take_text(struct line_lazy *lazy, const char *quote, struct sl_slice *text,
			  unsigned *high)
{
	const char *start = quote + 1, *stop = find_end_of_text(start, high);

	if (SL_UNLIKELY(*stop != '"')) {
		*high = 0x80;
		return line_lazy_decode_text(lazy, quote, text);
	}
	*text = (struct sl_slice){ start, (size_t)(stop - start) };
	return SL_UNLIKELY(*high != 0) && line_lazy_may_be_exact(*text) ? NULL : stop + 1;
}

HOT const char *pass_text(const struct line_lazy *lazy, const char *quote)
{
	const char *stop = find_quote(quote + 1);

	return SL_LIKELY(*stop == '"') ? stop + 1 : line_lazy_skip_text(stop, lazy->end);
}

HOT bool is_wanted_text(struct sl_slice wanted, struct sl_slice text)
{
	if (wanted.data == NULL)
		return true;
	/* most differ in their first byte: without a call */
	return text.len == wanted.len &&
	       (text.len == 0 || (*text.data == *wanted.data && sl_slice_equal(text, wanted)));
}

/* The string at *at, which is moved behind it: into *text if that bit is needed. */
HOT enum line_step take_string(struct line_lazy *lazy, unsigned need, struct sl_slice wanted,
			       struct sl_slice *text, const char **at)
{
	unsigned high = 0;

	if (!needs(lazy, need)) {
		*at = pass_text(lazy, *at);
		return SL_LIKELY(*at != NULL) ? STEP_ON : STEP_OTHER;
	}
	*at = take_text(lazy, *at, text, &high);
	if (SL_UNLIKELY(*at == NULL))
		return STEP_OTHER;
	return is_wanted_text(wanted, *text) ? STEP_ON : STEP_FAILED;
}

HOT enum line_step take_service(struct line_lazy *lazy, const char **at)
{
	struct sl_slice *text = &lazy->service_name.value.text;
	unsigned high = 0;

	lazy->service = *at;
	if (!needs(lazy, SL_NEED_SERVICE)) {
		*at = pass_text(lazy, *at);
		return SL_LIKELY(*at != NULL) ? STEP_ON : STEP_OTHER;
	}
	*at = take_text(lazy, *at, text, &high);
	if (SL_UNLIKELY(*at == NULL))
		return STEP_OTHER;
	if (!is_wanted_text(lazy->tests.service, *text))
		return STEP_FAILED;
	lazy->resource.service = &lazy->service_name;
	if (SL_UNLIKELY(high != 0))
		sl_resource_settle(&lazy->resource);
	return STEP_ON;
}

/* The name whose first byte is at `name`, as what mostly follows it shows; -1: perhaps another. */
HOT int32_t usual_kind(const char *name, size_t *len)
{
	uint64_t word = sl_load_8(name);

	*len = LENGTH("server");
	if (word == sl_load_8("server\","))
		return SL_KIND_SERVER;
	if (word == sl_load_8("client\","))
		return SL_KIND_CLIENT;
	*len = LENGTH("internal");
	if (name[8] != '"')
		return -1;
	if (word == sl_load_8("internal"))
		return SL_KIND_INTERNAL;
	if (word == sl_load_8("producer"))
		return SL_KIND_PRODUCER;
	return word == sl_load_8("consumer") ? SL_KIND_CONSUMER : -1;
}

HOT int32_t usual_status(const char *name, size_t *len)
{
	uint64_t word = sl_load_8(name);

	*len = LENGTH("unset");
	if (word == sl_load_8("unset\",\""))
		return SL_STATUS_UNSET;
	if (word == sl_load_8("error\",\""))
		return SL_STATUS_ERROR;
	*len = LENGTH("ok");
	return sl_load_4(name) == sl_load_4("ok\",") ? SL_STATUS_OK : -1;
}

/* The name at `quote`: what `parse` makes of it, and behind it; or NULL. */
static inline const char *take_name(const struct line_lazy *lazy, const char *quote,
				    int32_t (*parse)(struct sl_slice name), int32_t *number)
{
	unsigned high = 0;
	const char *stop = sl_scan_string(quote + 1, lazy->end, &high);

	if (*stop != '"' || stop >= lazy->end)
		return NULL;
	*number = parse((struct sl_slice){ quote + 1, (size_t)(stop - quote) - 1 });
	return *number >= 0 ? stop + 1 : NULL;
}

HOT bool is_wanted_number(uint32_t wanted, int32_t number)
{
	return (wanted >> number & 1) != 0;
}

HOT enum line_step take_kind(struct line_lazy *lazy, const char **at)
{
	size_t len;
	int32_t kind = usual_kind(*at + 1, &len);

	if (SL_LIKELY(kind >= 0))
		*at += len + 2;
	else if (needs(lazy, SL_NEED_KIND))
		*at = take_name(lazy, *at, sl_kind_parse, &kind);
	else
		*at = pass_text(lazy, *at);
	if (SL_UNLIKELY(*at == NULL))
		return STEP_OTHER;
	if (!needs(lazy, SL_NEED_KIND))
		return STEP_ON;
	lazy->span.kind = kind;
	return is_wanted_number(lazy->tests.kinds, kind) ? STEP_ON : STEP_FAILED;
}

HOT enum line_step take_status(struct line_lazy *lazy, const char **at)
{
	size_t len;
	int32_t status = usual_status(*at + 1, &len);

	if (SL_LIKELY(status >= 0))
		*at += len + 2;
	else
		*at = take_name(lazy, *at, sl_status_parse, &status);
	if (SL_UNLIKELY(*at == NULL))
		return STEP_OTHER;
	lazy->span.status_code = status;
	return is_wanted_number(lazy->tests.statuses, status) ? STEP_ON : STEP_FAILED;
}

/* Those of the span, which are known. */
static inline bool are_wanted_times(const struct line_lazy *lazy)
{
	const struct sl_head_tests *tests = &lazy->tests;
	int64_t ns = sl_span_duration_ns(&lazy->span);

	return ns >= tests->least_ns && ns <= tests->most_ns &&
	       lazy->span.start_unix_nano >= tests->least_start_ns &&
	       lazy->span.start_unix_nano <= tests->most_start_ns;
}

/* What was decoded of the line before. */
static inline void forget_arena(struct line_lazy *lazy)
{
	sl_arena_reset(&lazy->arena);
	lazy->arena_used = false;
}

/*
 * The line ends at `newline`, and now lazy->end: with '}', and a document or nothing follows.  As
 * within a document only ',', '}' and ']' may follow a bracket that closes, it does not go on
 * there.
 */
HOT bool ends_at(struct line_lazy *lazy, const char *newline)
{
	const char *next = newline + 1;

	if (newline[-1] != '}' || (next < lazy->block_end && *next != '{'))
		return false;
	lazy->end = newline;
	return true;
}

/* The same for the line that is at `at`, if a newline follows. */
HOT bool find_end(struct line_lazy *lazy, const char *at)
{
	const char *newline = sl_find_newline(at, lazy->lines_end);

	return newline < lazy->lines_end && ends_at(lazy, newline);
}

#endif
