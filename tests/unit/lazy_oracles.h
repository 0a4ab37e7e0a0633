/* Parts of span lines, and the lazy readers under several needs, each with its judge. */
#ifndef LAZY_ORACLES_H
#define LAZY_ORACLES_H

#include "../fuzz/lazy_oracle.h"
#include "tap.h"

#define IDS    "{\"trace_id\":\"5b8efff798038103d269b633813fc60c\",\"span_id\":\"eee19b7ec3c1b174\""
#define PARENT ",\"parent_span_id\":\"eee19b7ec3c1b173\""
#define TIMES                                                                                      \
	",\"start\":\"2025-04-07T09:45:12.345678901Z\",\"duration_ms\":12.345678,"                 \
	"\"start_unix_nano\":\"1744019112345678901\",\"end_unix_nano\":\"1744019112358024579\""
#define HEAD   IDS PARENT ",\"name\":\"POST /cart\",\"service\":\"shop\",\"kind\":\"server\""
#define STATUS ",\"status\":\"error\",\"status_message\":\"declined\""
#define RESOURCE                                                                                   \
	",\"scope\":{\"name\":\"net/http\",\"attributes\":{\"s\":1}},"                             \
	"\"resource\":{\"attributes\":{\"host.name\":\"a\",\"n\":-3}}}"

enum { BASIC = SL_NEED_NAME | SL_NEED_SERVICE | SL_NEED_STATUS };

enum { MASKS = 8 };
static const unsigned masks[MASKS] = {
	ORACLE_ALL,
	0,
	BASIC,
	SL_NEED_ATTRIBUTES,
	SL_NEED_TIMES,
	SL_NEED_TRACE_ID | SL_NEED_STATUS,
	SL_NEED_PARENT_SPAN_ID,
	SL_NEED_KIND | SL_NEED_STATUS_MESSAGE,
};

struct oracles {
	struct lazy_oracle by_mask[MASKS];
	size_t turn;
	bool good;
};

static inline void judge_with(struct oracles *oracles, size_t mask, struct sl_slice line)
{
	struct lazy_oracle *oracle = &oracles->by_mask[mask];

	if (!oracles->good)
		return;
	oracles->good = oracle_agrees(oracle, line);
	if (!oracles->good)
		printf("# needs %x: %s: %.*s\n", oracle->needs, oracle->problem, (int)line.len,
		       line.data);
}

/* With all that can be needed, and with one of the others in turn. */
static inline void judge(struct oracles *oracles, struct sl_slice line)
{
	judge_with(oracles, 0, line);
	judge_with(oracles, 1 + oracles->turn++ % (MASKS - 1), line);
}

static inline void oracles_open(struct oracles *oracles)
{
	*oracles = (struct oracles){ .good = true };
	for (size_t i = 0; i < MASKS; i++)
		oracle_open(&oracles->by_mask[i], masks[i], NULL, NULL);
}

static inline void oracles_close(struct oracles *oracles)
{
	for (size_t i = 0; i < MASKS; i++)
		oracle_close(&oracles->by_mask[i]);
}

static inline uint64_t lazy_lines(const struct oracles *oracles)
{
	uint64_t count = 0;

	for (size_t i = 0; i < MASKS; i++)
		count += oracles->by_mask[i].lazy_count;
	return count;
}

static inline uint64_t any_lines(const struct oracles *oracles)
{
	uint64_t count = 0;

	for (size_t i = 0; i < MASKS; i++)
		count += oracles->by_mask[i].any_count;
	return count;
}

/* Every prefix, with and without the bracket that it must end in, and other bytes in every place.
 */
static inline bool agree_on_mutations(const char *text)
{
	static const char bytes[] = "\"\\}{,]: 0z\t\xef";
	size_t len = strlen(text);
	char *line = malloc(len + 1);
	struct oracles oracles;

	if (line == NULL)
		abort();
	oracles_open(&oracles);
	for (size_t at = 0; at < len; at++) {
		memcpy(line, text, len);
		judge(&oracles, (struct sl_slice){ line, at });
		line[at] = '}';
		judge(&oracles, (struct sl_slice){ line, at + 1 });
		for (size_t k = 0; k < sizeof(bytes) - 1; k++) {
			line[at] = bytes[k];
			judge(&oracles, (struct sl_slice){ line, len });
		}
	}
	oracles_close(&oracles);
	free(line);
	return oracles.good;
}

struct lazy_row {
	const char *name;
	const char *line;
	unsigned needs;
	bool lazy; /* it is read so */
};

static inline void test_lazy_row(const struct lazy_row *row, lazy_function *read)
{
	struct lazy_oracle oracle;
	uint64_t count;
	bool agrees;

	oracle_open(&oracle, row->needs, NULL, NULL);
	agrees = oracle_agrees(&oracle, (struct sl_slice){ row->line, strlen(row->line) });
	count = read == line_lazy_read ? oracle.lazy_count : oracle.any_count;
	if (!ok(agrees && (count > 0) == row->lazy, "%s", row->name))
		printf("# lazy: %d, %s\n", (int)count, agrees ? "agrees" : oracle.problem);
	oracle_close(&oracle);
}

/* Some text of some attribute. */
#define TEST_TEXT                                                                                  \
	{                                                                                          \
		.type = SL_VALUE_STRING, .text = { "needle", 6 }                                   \
	}
#define TEST_KEY(...)                                                                              \
	{                                                                                          \
		.key = { "a.b", 3 }, __VA_ARGS__                                                   \
	}

struct attribute_row {
	const char *name;
	const char *line;
	struct sl_attribute_test test;
	enum line_lazy_outcome outcome;
};

static inline void test_attribute_row(const struct attribute_row *row, lazy_function *read)
{
	struct lazy_oracle oracle;
	struct sl_slice line = { row->line, strlen(row->line) };

	oracle_open(&oracle, SL_NEED_NAME, NULL, &row->test);
	ok(oracle_take(&oracle, line) && oracle_read(&oracle, read, line.len) == row->outcome,
	   "attribute: %s", row->name);
	oracle_close(&oracle);
}

#endif
