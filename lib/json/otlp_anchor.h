/*
 * Where reading may go on behind damage: the next object that can be told for what it is.
 *
 * Brackets and quotes cannot be counted any more once one is missing, so what is looked for is what
 * stands in no string: a brace, a quote and a letter (in a string the quote would be escaped).  The
 * keys then say whether it is a record, a ScopeSpans, a ResourceSpans or a request.
 */
#ifndef JSON_OTLP_ANCHOR_H
#define JSON_OTLP_ANCHOR_H

#include "otlp_walk.h"

enum anchor_kind {
	ANCHOR_END, /* there is none: behind the last byte */
	ANCHOR_DOCUMENT,
	ANCHOR_RESOURCE_SPANS, /* or ResourceLogs, as the walk is for */
	ANCHOR_RESOURCE,       /* the value of "resource" that is not known yet */
	ANCHOR_SCOPE_SPANS,
	ANCHOR_SCOPE,
	ANCHOR_RECORD,
};

struct anchor {
	enum anchor_kind kind;
	const char *at;
	bool in_line; /* not at the start of one */
};

/* Between two searches the last result is kept: none begins before it. */
struct anchor_search {
	struct anchor found;
	const char *from; /* where that search began; NULL: there was none */
	bool in_part, wants_resource, wants_scope;
	bool within_line; /* the text begins in the middle of one */
	size_t may_read;  /* bytes that looking into candidates may cost from now on */
};

/* The first anchor at `from` or behind it; records and resources only while the walk is in a
 * ResourceSpans. */
struct anchor find_anchor(struct anchor_search *search, const struct walk *walk, const char *from);

/* What stands at `at` in a ResourceSpans: no link, but perhaps a record, or for certain a
 * ScopeSpans.
 */
bool may_be_record(struct anchor_search *search, const struct walk *walk, const char *at);
bool is_scope_spans(struct anchor_search *search, const struct walk *walk, const char *at);

/* The last byte before `at` that is no white space; `begin` where there is none. */
const char *ink_before(const char *at, const char *begin);
/* No document begins with this key, but a part of a request does. */
bool is_part_key(struct sl_slice key);
/* The key that follows the brace or comma at `at`; false: none that is plain. */
bool first_key(const char *at, const char *end, struct sl_slice *key);

#endif
