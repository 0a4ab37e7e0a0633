/* The values of a line that are needed, taken from where they stand, in whatever order that is. */
#ifndef JSON_LINE_LAZY_VALUES_H
#define JSON_LINE_LAZY_VALUES_H

#include "line_lazy.h"

static inline bool needs(const struct line_lazy *lazy, unsigned bits)
{
	return (lazy->needs & bits) != 0;
}

/* The string whose opening quote is at `quote`: behind its closing quote, or NULL.  *high is not 0
 * if it is not ASCII. */
static inline const char *take_text(struct line_lazy *lazy, const char *quote,
				    struct sl_slice *text, unsigned *high)
{
	const char *start = quote + 1, *stop = sl_scan_string(start, lazy->end, high);

	if (SL_UNLIKELY(*stop != '"' || stop >= lazy->end)) {
		*high = 0x80;
		return line_lazy_decode_text(lazy, quote, text);
	}
	*text = (struct sl_slice){ start, (size_t)(stop - start) };
	return SL_UNLIKELY(*high != 0) && line_lazy_may_be_exact(*text) ? NULL : stop + 1;
}

static inline const char *pass_text(struct line_lazy *lazy, const char *quote)
{
	const char *stop = find_quote(quote + 1, lazy->end);

	if (SL_LIKELY(*stop == '"' && stop < lazy->end))
		return stop + 1;
	return line_lazy_skip_text(stop, lazy->end);
}

/* The string at `quote`, into *text if that bit is needed. */
static inline const char *take_or_pass(struct line_lazy *lazy, const char *quote, unsigned need,
				       struct sl_slice *text)
{
	unsigned high = 0;

	return needs(lazy, need) ? take_text(lazy, quote, text, &high) : pass_text(lazy, quote);
}

static inline const char *take_service(struct line_lazy *lazy, const char *quote)
{
	struct sl_slice *text = &lazy->service_name.value.text;
	unsigned high = 0;

	lazy->service = quote;
	if (!needs(lazy, SL_NEED_SERVICE))
		return pass_text(lazy, quote);
	quote = take_text(lazy, quote, text, &high);
	lazy->resource.service = &lazy->service_name;
	if (SL_UNLIKELY(high != 0) && quote != NULL)
		sl_resource_settle(&lazy->resource);
	return quote;
}

/* The name at `at`, which is behind the quote: what `parse` makes of it. */
static inline const char *take_enum(struct line_lazy *lazy, const char *quote,
				    int32_t (*parse)(struct sl_slice name), int32_t *number)
{
	const char *stop = find_quote(quote + 1, lazy->end);

	if (*stop != '"' || stop >= lazy->end)
		return NULL;
	*number = parse((struct sl_slice){ quote + 1, (size_t)(stop - quote) - 1 });
	return *number >= 0 ? stop + 1 : NULL;
}

static inline const char *take_nanos(struct line_lazy *lazy, const char *quote, uint64_t *ns)
{
	struct sl_cursor cursor = { .at = quote, .end = lazy->end };

	if (!needs(lazy, SL_NEED_TIMES))
		return pass_text(lazy, quote);
	return sl_cursor_plain_unsigned(&cursor, ns) ? cursor.at : NULL;
}

static inline bool fails_duration(struct line_lazy *lazy)
{
	int64_t ns = sl_span_duration_ns(&lazy->span);

	if (lazy->tests.on_duration)
		lazy->failed = ns < lazy->tests.least_ns || ns > lazy->tests.most_ns;
	return lazy->failed;
}

/* What is known of the line before. */
static inline void forget(struct line_lazy *lazy)
{
	lazy->missed = 0;
	lazy->failed = false;
	lazy->service = lazy->attributes = NULL;
	lazy->walked = lazy->pending = lazy->read_whole = lazy->in_any_order = false;
	if (SL_UNLIKELY(lazy->arena_used)) {
		sl_arena_reset(&lazy->arena);
		lazy->arena_used = false;
	}
}

/*
 * The line that is at `at` ends at lazy->end: with '}', and a document or nothing follows.  As
 * within a document only ',', '}' and ']' may follow a bracket that closes, it does not go on
 * there.
 */
static inline bool find_end(struct line_lazy *lazy, const char *at, const char *end)
{
	const char *newline = at < end && *at == '\n' ? at : sl_find_newline(at, end);

	if (newline == end || newline[-1] != '}' || (newline + 1 < end && newline[1] != '{'))
		return false;
	lazy->end = newline;
	return true;
}

#endif
