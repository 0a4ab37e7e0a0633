/* The tables: kinds of findings, severities, thresholds. */
#include "spanline/diagnose.h"
#include "spanline/text.h"

static const struct sl_finding_row kinds[] = {
	[SL_FINDING_ERROR_ORIGIN] = { "error-origin", SL_ERROR, "where a failure began" },
	[SL_FINDING_RETRY_STORM] = { "retry-storm", SL_WARNING,
				     "calls that failed and were tried again and again" },
	[SL_FINDING_TIMEOUT_CASCADE] = { "timeout-cascade", SL_WARNING,
					 "work that went on after its caller had left" },
	[SL_FINDING_N_PLUS_ONE] = { "n-plus-one", SL_WARNING, "one query many times in a loop" },
	[SL_FINDING_STRAGGLER] = { "straggler", SL_WARNING,
				   "one branch of a fan-out much slower than the others" },
	[SL_FINDING_DUPLICATE_QUERY] = { "duplicate-query", SL_WARNING,
					 "one query from several services" },
	[SL_FINDING_LOST_CONTEXT] = { "lost-context", SL_WARNING,
				      "the trace goes on in another one" },
	[SL_FINDING_ORPHAN] = { "orphan", SL_WARNING, "spans whose parent is not there" },
	[SL_FINDING_CLOCK_SKEW] = { "clock-skew", SL_WARNING,
				    "services whose clocks do not agree" },
	[SL_FINDING_CYCLE] = { "cycle", SL_WARNING, "spans that are their own ancestors" },
	[SL_FINDING_DUPLICATE_ID] = { "duplicate-id", SL_WARNING, "spans with the same id" },
	[SL_FINDING_SEVERAL_ROOTS] = { "several-roots", SL_INFO, "several spans without a parent" },
	[SL_FINDING_CRITICAL_PATH] = { "critical-path", SL_INFO, "where the time went" },
	[SL_FINDING_SEQUENTIAL_CALLS] = { "sequential-calls", SL_INFO,
					  "calls one after another that could overlap" },
	[SL_FINDING_GAP] = { "gap", SL_INFO, "time in no span" },
};

static const char *const severities[] = { "info", "warning", "error" };

static const struct sl_threshold_row thresholds[] = {
	[SL_THRESHOLD_CRITICAL_SHARE] = { "critical-share", SL_UNIT_PERCENT, "80%",
					  "of the root that critical-path explains" },
	[SL_THRESHOLD_QUERIES] = { "queries", SL_UNIT_COUNT, "5",
				   "equal queries that are an n-plus-one" },
	[SL_THRESHOLD_QUERIES_SHARE] = { "queries-share", SL_UNIT_PERCENT, "5%",
					 "of the root that they take" },
	[SL_THRESHOLD_DUPLICATE_SERVICES] = { "duplicate-services", SL_UNIT_COUNT, "2",
					      "services whose query is a duplicate-query" },
	[SL_THRESHOLD_ATTEMPTS] = { "attempts", SL_UNIT_COUNT, "5",
				    "of one call that are a retry-storm" },
	[SL_THRESHOLD_OVERRUN] = { "overrun", SL_UNIT_NS, "5ms",
				   "past the caller's end that are a timeout-cascade" },
	[SL_THRESHOLD_BRANCHES] = { "branches", SL_UNIT_COUNT, "3",
				    "calls at once that are a fan-out" },
	[SL_THRESHOLD_STRAGGLER_RATIO] = { "straggler-ratio", SL_UNIT_COUNT, "3",
					   "times the median that a straggler takes" },
	[SL_THRESHOLD_STRAGGLER_SHARE] = { "straggler-share", SL_UNIT_PERCENT, "10%",
					   "of the root that waited for it alone" },
	[SL_THRESHOLD_SEQUENTIAL] = { "sequential", SL_UNIT_COUNT, "3",
				      "calls in a row that are sequential-calls" },
	[SL_THRESHOLD_SEQUENTIAL_SHARE] = { "sequential-share", SL_UNIT_PERCENT, "20%",
					    "of the root that could be saved" },
	[SL_THRESHOLD_SKEW] = { "skew", SL_UNIT_NS, "2ms",
				"outside the caller that are no clock-skew" },
	[SL_THRESHOLD_GAP] = { "gap", SL_UNIT_NS, "10ms", "in no span that are a gap" },
	[SL_THRESHOLD_GAP_SHARE] = { "gap-share", SL_UNIT_PERCENT, "10%",
				     "of the root that a gap takes" },
	[SL_THRESHOLD_FINDINGS] = { "findings", SL_UNIT_COUNT, "20", "of one kind that are told" },
};

const struct sl_finding_row *sl_finding_row(enum sl_finding_kind kind)
{
	return &kinds[kind];
}

const char *sl_severity_name(enum sl_severity severity)
{
	return severities[severity];
}

const struct sl_threshold_row *sl_threshold_row(enum sl_threshold threshold)
{
	return &thresholds[threshold];
}

static bool is_called(struct sl_slice name, const char *text)
{
	return sl_slice_equal(name, sl_slice_of(text));
}

bool sl_finding_parse(struct sl_slice name, enum sl_finding_kind *kind)
{
	for (size_t i = 0; i < SL_COUNT(kinds); i++)
		if (is_called(name, kinds[i].name)) {
			*kind = (enum sl_finding_kind)i;
			return true;
		}
	return false;
}

bool sl_severity_parse(struct sl_slice name, enum sl_severity *severity)
{
	for (size_t i = 0; i < SL_COUNT(severities); i++)
		if (is_called(name, severities[i])) {
			*severity = (enum sl_severity)i;
			return true;
		}
	return false;
}

static bool parse_value(enum sl_threshold_unit unit, struct sl_slice text, uint64_t *value)
{
	int64_t ns;

	switch (unit) {
	case SL_UNIT_COUNT:
		return sl_parse_u64(text, value);
	case SL_UNIT_PERCENT:
		if (text.len > 0 && text.data[text.len - 1] == '%')
			text.len--;
		return sl_parse_u64(text, value) && *value <= 100;
	case SL_UNIT_NS:
		if (!sl_parse_duration(text, &ns))
			return false;
		*value = (uint64_t)ns;
		return true;
	}
	return false;
}

void sl_thresholds_init(struct sl_thresholds *values)
{
	for (size_t i = 0; i < SL_COUNT(thresholds); i++) {
		const char *text = thresholds[i].initial;

		(void)parse_value(thresholds[i].unit, sl_slice_of(text), &values->values[i]);
	}
}

/* How much of the user's text is repeated. */
static int shown(struct sl_slice text)
{
	return text.len < 80 ? (int)text.len : 80;
}

enum sl_status sl_threshold_set(struct sl_thresholds *values, struct sl_slice text,
				struct sl_error *err)
{
	static const char *const expected[] = { "a count", "a duration, as '5ms'",
						"a percentage, as '10%'" };
	const char *equals = text.len > 0 ? memchr(text.data, '=', text.len) : NULL;
	struct sl_slice name = text, value = { NULL, 0 };
	uint64_t parsed = 0;

	if (equals == NULL)
		return sl_fail(err, "'%.*s': expected NAME=VALUE", shown(text),
			       text.len > 0 ? text.data : "");
	name.len = (size_t)(equals - text.data);
	value = (struct sl_slice){ equals + 1, text.len - name.len - 1 };
	for (size_t i = 0; i < SL_COUNT(thresholds); i++) {
		if (!is_called(name, thresholds[i].name))
			continue;
		if (!parse_value(thresholds[i].unit, value, &parsed))
			return sl_fail(err, "%s: expected %s, found '%.*s'", thresholds[i].name,
				       expected[thresholds[i].unit], shown(value), value.data);
		values->values[i] = parsed;
		return SL_OK;
	}
	return sl_fail(err, "there is no threshold '%.*s'", shown(name), name.data);
}
