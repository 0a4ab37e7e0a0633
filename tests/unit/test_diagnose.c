/*
 * Findings of made traces, for each kind positives and near misses.  A span is written
 *
 *	id parent start end WORD...
 *
 * ids are letters ('.': none), times in ms; a word is a kind (c s p q i), a service in capitals,
 * '!' for an error, '+' for ok, or KEY=TEXT ('_' is a blank).  What is found of the row's kind is
 * written "severity chain|others", by ids, one finding after another.
 *
 * Each row is tried many times, with other names of services and spans, other ids, at other times
 * and in another order of the input.
 */
#include "diagnosing.h"
#include "random.h"
#include "tap.h"

enum { NS_PER_MS = 1000000, ROUNDS = 12, MOST_TEXT = 64, MOST_TEXTS = 4096 };

struct row {
	enum sl_finding_kind kind;
	const char *what;
	const char *spans;
	const char *found;
};

static const struct row rows[] = {
	/* error-origin */
	{ SL_FINDING_ERROR_ORIGIN, "none fails", "a. 0 90 sA, ba 10 80 cA", "" },
	{ SL_FINDING_ERROR_ORIGIN, "the root alone", "a. 0 90 sA!", "error a" },
	{ SL_FINDING_ERROR_ORIGIN, "the deepest", "a. 0 90 sA!, ba 10 80 cA!, cb 20 70 sB!",
	  "error cba" },
	{ SL_FINDING_ERROR_ORIGIN, "through a silent inner span",
	  "a. 0 90 sA!, ba 10 80 iA, cb 20 70 cA!", "error cba" },
	{ SL_FINDING_ERROR_ORIGIN, "not through one that says ok",
	  "a. 0 90 sA!, ba 10 80 iA+, cb 20 70 cA!", "error a; info cba" },
	{ SL_FINDING_ERROR_ORIGIN, "the caller succeeded", "a. 0 90 sA, ba 10 80 cA!", "info ba" },
	{ SL_FINDING_ERROR_ORIGIN, "... the call did", "a. 0 90 sA!, ba 10 80 cA, cb 20 70 sB!",
	  "error a; info cba" },
	{ SL_FINDING_ERROR_ORIGIN, "HTTP 401 below a call that failed",
	  "a. 0 90 sA!, ba 10 80 cA!, cb 20 70 sB http=401", "error cba" },
	{ SL_FINDING_ERROR_ORIGIN, "... by its old name",
	  "a. 0 90 sA!, ba 10 80 cA!, cb 20 70 sB oldhttp=404", "error cba" },
	{ SL_FINDING_ERROR_ORIGIN, "... is none by itself", "a. 0 90 sA http=404", "" },
	{ SL_FINDING_ERROR_ORIGIN, "... nor where the call succeeded",
	  "a. 0 90 sA, ba 10 80 cA, cb 20 70 sB http=404", "" },
	{ SL_FINDING_ERROR_ORIGIN, "HTTP 503 is one by itself", "a. 0 90 sA http=503", "error a" },
	{ SL_FINDING_ERROR_ORIGIN, "... but not where the span is ok", "a. 0 90 sA+ http=503", "" },
	{ SL_FINDING_ERROR_ORIGIN, "gRPC unavailable", "a. 0 90 sA grpc=14", "error a" },
	{ SL_FINDING_ERROR_ORIGIN, "gRPC not found below an error",
	  "a. 0 90 sA!, ba 10 80 cA!, cb 20 70 sB grpc=5", "error cba" },
	{ SL_FINDING_ERROR_ORIGIN, "an exception below an error",
	  "a. 0 90 sA!, ba 10 80 iA, cb 20 70 iA thrown=Oh", "error cba" },
	{ SL_FINDING_ERROR_ORIGIN, "an exception that was caught",
	  "a. 0 90 sA, ba 10 80 iA thrown=Oh", "" },
	{ SL_FINDING_ERROR_ORIGIN, "a server that was given up on",
	  "a. 0 90 sA!, ba 10 80 cA!, cb 20 100 sB, dc 30 95 cB!", "error dcba" },
	{ SL_FINDING_ERROR_ORIGIN, "alike: the first of the deepest",
	  "a. 0 90 sA!, ba 10 20 cA!, ca 30 40 cA!", "error ba|c" },
	{ SL_FINDING_ERROR_ORIGIN, "not alike",
	  "a. 0 90 sA!, ba 10 20 cA! http=503, ca 30 40 iA, dc 32 38 cA! http=500",
	  "error dca; error ba" },
	/* retry-storm */
	{ SL_FINDING_RETRY_STORM, "five attempts of one call",
	  "a. 0 90 sA!, ba 10 20 cA!, ca 21 30 cA!, da 31 40 cA!, ea 41 50 cA!, fa 51 60 cA",
	  "warning ba|cdef" },
	{ SL_FINDING_RETRY_STORM, "four",
	  "a. 0 90 sA!, ba 10 20 cA!, ca 21 30 cA!, da 31 40 cA!, ea 41 50 cA", "" },
	{ SL_FINDING_RETRY_STORM, "two hops multiply",
	  "a. 0 99 sA!, ba 10 40 cA!, cb 11 39 sB!, dc 12 20 cB!, ec 21 30 cB!, fc 31 38 cB!, "
	  "ga 50 90 cA!, hg 51 89 sB!, ih 52 60 cB!, jh 61 70 cB!",
	  "warning dcba|efgij" },
	{ SL_FINDING_RETRY_STORM, "starts may be rounded",
	  "a. 0 90 sA!, ba 10 20 cA!, ca 18 30 cA!, da 29 40 cA!, ea 40 50 cA!, fa 49 60 cA!",
	  "warning ba|cdef" },
	{ SL_FINDING_RETRY_STORM, "all succeed",
	  "a. 0 90 sA, ba 10 20 cA, ca 21 30 cA, da 31 40 cA, ea 41 50 cA, fa 51 60 cA", "" },
	{ SL_FINDING_RETRY_STORM, "at once: no retries",
	  "a. 0 90 sA!, ba 10 50 cA!, ca 11 50 cA!, da 12 50 cA!, ea 13 50 cA!, fa 14 50 cA!", "" },
	{ SL_FINDING_RETRY_STORM, "other addresses",
	  "a. 0 90 sA!, ba 10 20 cA! url=u1, ca 21 30 cA! url=u2, da 31 40 cA! url=u3, ea 41 50 "
	  "cA! "
	  "url=u4, fa 51 60 cA! url=u5",
	  "" },
	/* timeout-cascade */
	{ SL_FINDING_TIMEOUT_CASCADE, "a server goes on", "a. 0 50 sA!, ba 10 40 cA!, cb 12 80 sB",
	  "warning cba" },
	{ SL_FINDING_TIMEOUT_CASCADE, "... and what it calls, though it is done itself",
	  "a. 0 50 sA!, ba 10 40 cA!, cb 12 41 sB, dc 14 90 cB", "warning dcba" },
	{ SL_FINDING_TIMEOUT_CASCADE, "by little", "a. 0 50 sA!, ba 10 40 cA!, cb 12 44 sB", "" },
	{ SL_FINDING_TIMEOUT_CASCADE, "its caller was done", "a. 0 50 sA, ba 10 40 iA, cb 12 80 iA",
	  "info cba" },
	{ SL_FINDING_TIMEOUT_CASCADE, "clocks differ", "a. 0 40 cA, ba 70 100 sB", "" },
	{ SL_FINDING_TIMEOUT_CASCADE, "a message", "a. 0 50 sA!, ba 10 40 pA!, cb 50 80 qB", "" },
	{ SL_FINDING_TIMEOUT_CASCADE, "two of them, the longest first",
	  "a. 0 50 sA!, ba 10 40 cA!, cb 12 41 sB, dc 14 60 iB, ec 16 70 iB", "warning ecba|d" },
	/* n-plus-one */
	{ SL_FINDING_N_PLUS_ONE, "five equal queries",
	  "a. 0 90 sA, ba 1 9 cA db=select_1, ca 11 19 cA db=select_1, da 21 29 cA db=select_1, "
	  "ea 31 39 cA db=select_1, fa 41 49 cA db=select_1",
	  "warning a|bcdef" },
	{ SL_FINDING_N_PLUS_ONE, "by the old name",
	  "a. 0 90 sA, ba 1 9 cA olddb=select_1, ca 11 19 cA olddb=select_1, da 21 29 cA "
	  "olddb=select_1, ea 31 39 cA olddb=select_1, fa 41 49 cA olddb=select_1",
	  "warning a|bcdef" },
	{ SL_FINDING_N_PLUS_ONE, "without statements",
	  "a. 0 90 sA, ba 1 9 cA sys=x, ca 11 19 cA sys=x, da 21 29 cA sys=x, ea 31 39 cA sys=x, "
	  "fa 41 49 cA sys=x",
	  "warning a|bcdef" },
	{ SL_FINDING_N_PLUS_ONE, "that differ in literals",
	  "a. 0 90 sA, ba 1 9 cA db=get_'x'_1, ca 11 19 cA db=get_'yy'_22, da 21 29 cA "
	  "db=get__''_3.5, ea 31 39 cA db=get_'z'_4, fa 41 49 cA db=get_'q'_5",
	  "warning a|bcdef" },
	{ SL_FINDING_N_PLUS_ONE, "four",
	  "a. 0 90 sA, ba 1 9 cA db=select_1, ca 11 19 cA db=select_1, da 21 29 cA db=select_1, "
	  "ea 31 39 cA db=select_1",
	  "" },
	{ SL_FINDING_N_PLUS_ONE, "five that differ",
	  "a. 0 90 sA, ba 1 9 cA db=select_a, ca 11 19 cA db=select_b, da 21 29 cA db=select_c, "
	  "ea 31 39 cA db=select_d, fa 41 49 cA db=select_e",
	  "" },
	{ SL_FINDING_N_PLUS_ONE, "five that take nothing",
	  "a. 0 9000 sA, ba 1 9 cA db=select_1, ca 11 19 cA db=select_1, da 21 29 cA db=select_1, "
	  "ea 31 39 cA db=select_1, fa 41 49 cA db=select_1",
	  "" },
	{ SL_FINDING_N_PLUS_ONE, "calls that are no queries",
	  "a. 0 90 sA, ba 1 9 cA url=u, ca 11 19 cA url=u, da 21 29 cA url=u, ea 31 39 cA url=u, "
	  "fa 41 49 cA url=u",
	  "" },
	{ SL_FINDING_N_PLUS_ONE, "below two servers",
	  "a. 0 90 iA, ba 0 30 sA, ca 30 60 sA, db 1 9 cA db=select_1, eb 11 19 cA db=select_1, "
	  "fb 21 29 cA db=select_1, gc 31 39 cA db=select_1, hc 41 49 cA db=select_1",
	  "" },
	{ SL_FINDING_N_PLUS_ONE, "each in a span of its own",
	  "a. 0 90 sA, ba 1 9 iA, ca 11 19 iA, da 21 29 iA, ea 31 39 iA, fa 41 49 iA, gb 2 8 cA "
	  "db=select_1, hc 12 18 cA db=select_1, id 22 28 cA db=select_1, je 32 38 cA db=select_1, "
	  "kf 42 48 cA db=select_1",
	  "warning a|ghijk" },
	/* duplicate-query */
	{ SL_FINDING_DUPLICATE_QUERY, "from two services",
	  "a. 0 90 sA, ba 10 40 cA, cb 11 39 sB, dc 12 20 cB db=select_x_from_where, ea 50 60 cA "
	  "db=select_x_from_where",
	  "warning dcba|e" },
	{ SL_FINDING_DUPLICATE_QUERY, "from one",
	  "a. 0 90 sA, ba 10 40 cA db=select_x_from_where, ca 50 60 cA db=select_x_from_where",
	  "" },
	{ SL_FINDING_DUPLICATE_QUERY, "not the same",
	  "a. 0 90 sA, ba 10 40 cA, cb 11 39 sB, dc 12 20 cB db=select_x_from_there, ea 50 60 cA "
	  "db=select_x_from_where",
	  "" },
	{ SL_FINDING_DUPLICATE_QUERY, "too short to tell",
	  "a. 0 90 sA, ba 10 40 cA, cb 11 39 sB, dc 12 20 cB db=begin, ea 50 60 cA db=begin", "" },
	{ SL_FINDING_DUPLICATE_QUERY, "one failed",
	  "a. 0 90 sA, ba 10 40 cA, cb 11 39 sB, dc 12 20 cB! db=select_x_from_where, ea 50 60 cA "
	  "db=select_x_from_where",
	  "" },
	/* straggler */
	{ SL_FINDING_STRAGGLER, "one of three", "a. 0 99 sA, ba 1 20 cA, ca 2 19 cA, da 3 90 cA",
	  "warning da|bc" },
	{ SL_FINDING_STRAGGLER, "... down to what is slow in it",
	  "a. 0 99 sA, ba 1 20 cA, ca 2 19 cA, da 3 90 cA, ed 4 89 sB, fe 6 10 iB, ge 10 88 iB",
	  "warning geda|bc" },
	{ SL_FINDING_STRAGGLER, "two branches are no fan-out", "a. 0 99 sA, ba 1 20 cA, ca 2 90 cA",
	  "" },
	{ SL_FINDING_STRAGGLER, "not slow enough", "a. 0 99 sA, ba 1 40 cA, ca 2 39 cA, da 3 90 cA",
	  "" },
	{ SL_FINDING_STRAGGLER, "two slow ones",
	  "a. 0 99 sA, ba 1 20 cA, ca 2 89 cA, da 3 90 cA, ea 3 19 cA, fa 3 18 cA", "" },
	{ SL_FINDING_STRAGGLER, "of a long trace",
	  "a. 0 9999 sA, ba 1 20 cA, ca 2 19 cA, da 3 90 cA", "" },
	{ SL_FINDING_STRAGGLER, "one after another",
	  "a. 0 120 sA, ba 1 10 cA, ca 11 19 cA, da 20 110 cA", "" },
	{ SL_FINDING_STRAGGLER, "not alike",
	  "a. 0 99 sA, ba 1 20 cA name=one, ca 2 19 cA name=two, da 3 90 cA name=three", "" },
	/* sequential-calls */
	{ SL_FINDING_SEQUENTIAL_CALLS, "three", "a. 0 99 sA, ba 1 30 cA, ca 30 60 cA, da 61 90 cA",
	  "info a|bcd" },
	{ SL_FINDING_SEQUENTIAL_CALLS, "two", "a. 0 99 sA, ba 1 30 cA, ca 30 60 cA", "" },
	{ SL_FINDING_SEQUENTIAL_CALLS, "that overlap",
	  "a. 0 99 sA, ba 1 60 cA, ca 30 60 cA, da 61 90 cA", "" },
	{ SL_FINDING_SEQUENTIAL_CALLS, "not calls",
	  "a. 0 99 sA, ba 1 30 iA, ca 30 60 iA, da 61 90 iA", "" },
	{ SL_FINDING_SEQUENTIAL_CALLS, "retries",
	  "a. 0 99 sA, ba 1 30 cA!, ca 30 60 cA!, da 61 90 cA", "" },
	{ SL_FINDING_SEQUENTIAL_CALLS, "too short",
	  "a. 0 999 sA, ba 1 30 cA, ca 30 60 cA, da 61 90 cA", "" },
	{ SL_FINDING_SEQUENTIAL_CALLS, "not alike",
	  "a. 0 99 sA, ba 1 30 cA name=one, ca 30 60 cA name=two, da 61 90 cA name=three", "" },
	/* lost-context */
	{ SL_FINDING_LOST_CONTEXT, "others were answered",
	  "a. 0 99 sA, ba 1 30 cA to=b, cb 2 29 sB, da 31 60 cA to=b", "warning da" },
	{ SL_FINDING_LOST_CONTEXT, "none was", "a. 0 99 sA, ba 1 30 cA to=b, da 31 60 cA to=b",
	  "" },
	{ SL_FINDING_LOST_CONTEXT, "another address",
	  "a. 0 99 sA, ba 1 30 cA to=b, cb 2 29 sB, da 31 60 cA to=c", "" },
	{ SL_FINDING_LOST_CONTEXT, "another port",
	  "a. 0 99 sA, ba 1 30 cA to=b port=1, cb 2 29 sB, da 31 60 cA to=b port=2", "" },
	{ SL_FINDING_LOST_CONTEXT, "it failed",
	  "a. 0 99 sA, ba 1 30 cA to=b, cb 2 29 sB, da 31 60 cA! to=b", "" },
	{ SL_FINDING_LOST_CONTEXT, "a query",
	  "a. 0 99 sA, ba 1 30 cA to=b, cb 2 29 sB, da 31 60 cA to=b db=get", "" },
	/* orphan */
	{ SL_FINDING_ORPHAN, "one", "a. 0 99 sA, bx 1 30 sB, cb 2 20 iB", "warning b" },
	{ SL_FINDING_ORPHAN, "two of one parent", "a. 0 99 sA, bx 1 30 sB, cx 2 20 iB",
	  "warning b|c" },
	{ SL_FINDING_ORPHAN, "two of two, the longer first", "a. 0 99 sA, bx 1 10 sB, cy 2 20 iB",
	  "warning c; warning b" },
	{ SL_FINDING_ORPHAN, "the root: a caller that was not recorded", "bx 1 30 sB, cb 2 20 iB",
	  "info b" },
	{ SL_FINDING_ORPHAN, "none", "a. 0 99 sA, ba 1 30 sB", "" },
	/* clock-skew */
	{ SL_FINDING_CLOCK_SKEW, "before its caller", "a. 50 90 cA, ba 0 30 sB", "warning ba" },
	{ SL_FINDING_CLOCK_SKEW, "after its caller", "a. 0 40 cA, ba 70 100 sB", "warning ba" },
	{ SL_FINDING_CLOCK_SKEW, "by 2 ms is rounding", "a. 2 90 cA, ba 0 80 sB", "" },
	{ SL_FINDING_CLOCK_SKEW, "within a service", "a. 50 90 cA, ba 0 30 sA", "" },
	{ SL_FINDING_CLOCK_SKEW, "a late message", "a. 0 40 pA, ba 70 100 qB", "" },
	{ SL_FINDING_CLOCK_SKEW, "a pair of services is told once",
	  "a. 50 190 iA, ba 60 90 cA, ca 100 180 cA, db 0 20 sB, ec 60 80 sB", "warning dba|e" },
	/* shapes */
	{ SL_FINDING_CYCLE, "of two", "a. 0 99 sA, bc 1 30 iA, cb 2 20 iA", "warning b|c" },
	{ SL_FINDING_CYCLE, "and what hangs on it", "a. 0 99 sA, bc 1 30 iA, cb 2 20 iA, db 3 9 iA",
	  "warning b|c" },
	{ SL_FINDING_CYCLE, "none", "a. 0 99 sA, ba 1 30 iA, cb 2 20 iA", "" },
	{ SL_FINDING_DUPLICATE_ID, "twice", "a. 0 99 sA, ba 1 30 iA, ba 2 30 iA", "warning ba|b" },
	{ SL_FINDING_DUPLICATE_ID, "the two sides of a call", "a. 0 99 sA, ba 1 30 cA, ba 2 29 sB",
	  "info ba|b" },
	{ SL_FINDING_DUPLICATE_ID, "none", "a. 0 99 sA, ba 1 30 iA, ca 2 30 iA", "" },
	{ SL_FINDING_SEVERAL_ROOTS, "two", "a. 0 99 sA, b. 1 30 iA", "info a|b" },
	{ SL_FINDING_SEVERAL_ROOTS, "one and an orphan", "a. 0 99 sA, bx 1 30 iA", "" },
	/* critical-path */
	{ SL_FINDING_CRITICAL_PATH, "one span", "a. 0 99 sA", "info a" },
	{ SL_FINDING_CRITICAL_PATH, "the longest first, as far as is needed",
	  "a. 0 100 sA, ba 0 50 iA, ca 50 85 iA, da 85 100 iA", "info ba|c" },
	{ SL_FINDING_CRITICAL_PATH, "no time", "a. 5 5 sA, ba 0 9 iA", "" },
	/* gap */
	{ SL_FINDING_GAP, "between two trees", "a. 0 30 sA, b. 80 90 sA", "info b" },
	{ SL_FINDING_GAP, "covered by another", "a. 0 30 sA, b. 80 90 sA, cx 20 85 sB", "" },
	{ SL_FINDING_GAP, "below a span", "a. 0 90 sA, ba 0 20 iA, ca 70 90 iA", "info a" },
	{ SL_FINDING_GAP, "not where there is nothing below", "a. 0 90 sA", "" },
	{ SL_FINDING_GAP, "not where clocks differ", "a. 0 40 cA, ba 70 100 sB", "" },
	{ SL_FINDING_GAP, "short", "a. 0 30 sA, b. 39 90 sA", "" },
	{ SL_FINDING_GAP, "little of it", "a. 0 900 sA, ba 0 450 iA, ca 470 900 iA", "" },
};

/* Keys of words. */
static const struct {
	const char *word, *key;
	bool number;
} keys[] = {
	{ "http", "http.response.status_code", true },
	{ "oldhttp", "http.status_code", true },
	{ "grpc", "rpc.grpc.status_code", true },
	{ "db", "db.query.text", false },
	{ "olddb", "db.statement", false },
	{ "sys", "db.system", false },
	{ "url", "url.full", false },
	{ "to", "server.address", false },
	{ "port", "server.port", true },
};

/* What is other in each round. */
struct disguise {
	uint64_t state;
	uint64_t base_ns;
	uint64_t ids; /* the upper bytes of all */
	char services[26][MOST_TEXT];
	char names[26][MOST_TEXT];
	char texts[MOST_TEXTS];
	size_t used;
};

static void disguise_as(struct disguise *disguise, unsigned round)
{
	*disguise = (struct disguise){ .state = round + 1 };
	disguise->base_ns = 1 + next_random(&disguise->state) % 1000000000000000000U;
	disguise->ids = next_random(&disguise->state) << 8;
	for (int i = 0; i < 26; i++) {
		uint64_t salt = next_random(&disguise->state) % 1000000;

		snprintf(disguise->services[i], MOST_TEXT, "%llu-%d", (unsigned long long)salt, i);
		/* all spans of a service are alike, if no name is given */
		snprintf(disguise->names[i], MOST_TEXT, "%s %llu", i % 2 ? "GET" : "",
			 (unsigned long long)(salt / 7));
	}
}

static const char *keep_text(struct disguise *disguise, const char *text, size_t len)
{
	char *kept = disguise->texts + disguise->used;

	disguise->used += len + 1;
	if (disguise->used > MOST_TEXTS)
		abort();
	memcpy(kept, text, len);
	for (size_t i = 0; i < len; i++)
		if (kept[i] == '_')
			kept[i] = ' ';
	kept[len] = '\0';
	return kept;
}

static void add_pair(struct disguise *disguise, struct made_span *item, const char *word,
		     size_t len)
{
	size_t key_len = strcspn(word, "=");
	const char *text = keep_text(disguise, word + key_len + 1, len - key_len - 1);

	if (key_len == 4 && memcmp(word, "name", 4) == 0)
		item->span.name = made_text(text);
	if (key_len == 6 && memcmp(word, "thrown", 6) == 0)
		made_exception(item, text, "it was thrown");
	for (size_t i = 0; i < SL_COUNT(keys); i++) {
		if (strlen(keys[i].word) != key_len || memcmp(keys[i].word, word, key_len) != 0)
			continue;
		if (keys[i].number)
			made_number_attribute(item, keys[i].key, atoi(text));
		else
			made_text_attribute(item, keys[i].key, text);
	}
}

static void add_letter(struct disguise *disguise, struct made_span *item, char letter)
{
	static const char kinds[] = "_iscpq";

	if (letter >= 'A' && letter <= 'Z') {
		made_serve(item, disguise->services[letter - 'A']);
		if (item->span.name.len == 0)
			item->span.name = made_text(disguise->names[letter - 'A']);
	} else if (letter == '!') {
		item->span.status_code = SL_STATUS_ERROR;
	} else if (letter == '+') {
		item->span.status_code = SL_STATUS_OK;
	} else {
		item->span.kind = (int32_t)(strchr(kinds, letter) - kinds);
	}
}

static void shuffle(struct made *made, uint64_t *state)
{
	for (size_t i = made->count; i > 1; i--) {
		size_t other = (size_t)(next_random(state) % i);
		struct made_span *item = made->items[i - 1];

		made->items[i - 1] = made->items[other];
		made->items[other] = item;
	}
}

static void make(struct made *made, const char *text, struct disguise *disguise)
{
	unsigned start, end;
	char id, parent;
	int used;

	while (sscanf(text, " %c%c %u %u%n", &id, &parent, &start, &end, &used) == 4) {
		struct made_span *item =
			made_add(made, disguise->ids | (unsigned char)id,
				 parent == '.' ? 0 : disguise->ids | (unsigned char)parent,
				 disguise->base_ns + (uint64_t)start * NS_PER_MS,
				 disguise->base_ns + (uint64_t)end * NS_PER_MS);
		text += used;
		while (*text == ' ') {
			size_t len = strcspn(++text, " ,");

			if (memchr(text, '=', len) != NULL)
				add_pair(disguise, item, text, len);
			else
				for (size_t i = 0; i < len; i++)
					add_letter(disguise, item, text[i]);
			text += len;
		}
		text += *text == ',';
	}
	shuffle(made, &disguise->state);
	made_build(made);
}

static void show(const struct made *made, const struct sl_findings *findings,
		 enum sl_finding_kind kind, struct sl_buffer *out)
{
	out->len = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct sl_finding *finding = &findings->items[i];

		if (finding->kind != kind)
			continue;
		sl_buffer_printf(out, "%s%s ", out->len > 0 ? "; " : "",
				 sl_severity_name(finding->severity));
		for (uint32_t k = 0; k < finding->node_count; k++)
			sl_buffer_printf(
				out, "%s%c", k == finding->chain_count ? "|" : "",
				made->trace.nodes[finding->nodes[k]].span->span_id.data[7]);
	}
	sl_buffer_add_byte(out, '\0');
}

static void test_rows(void)
{
	static struct disguise disguise;
	struct sl_thresholds thresholds;

	sl_thresholds_init(&thresholds);
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer shown = { 0 };
		bool right = true;

		for (unsigned round = 0; right && round < ROUNDS; round++) {
			struct made made = { 0 };
			struct sl_findings findings;

			disguise_as(&disguise, round);
			make(&made, rows[i].spans, &disguise);
			find(&made, &thresholds, NULL, &findings);
			show(&made, &findings, rows[i].kind, &shown);
			right = strcmp(shown.data, rows[i].found) == 0;
			made_free(&made);
		}
		ok(right, "%s: %s: %s, expected %s", sl_finding_row(rows[i].kind)->name,
		   rows[i].what, shown.data, rows[i].found);
		sl_buffer_free(&shown);
	}
}

int main(void)
{
	test_rows();
	return done_testing();
}
