/* The one table of what spans and traces have by themselves: spellings, types, meanings. */
#include "node.h"

#define STRING	 SL_TYPE_STRING
#define DURATION SL_TYPE_DURATION
#define INT	 SL_TYPE_INT

static const struct intrinsic_row rows[INTRINSIC_COUNT] = {
	[INTRINSIC_NONE] = { "", NULL, NULL, SL_TYPE_NIL, false, false, "" },
	[INTRINSIC_DURATION] = { "span:duration", "duration", NULL, DURATION, false, false,
				 "end less start" },
	[INTRINSIC_NAME] = { "span:name", "name", NULL, STRING, false, false, "name" },
	[INTRINSIC_STATUS] = { "span:status", "status", NULL, SL_TYPE_STATUS, false, false,
			       "unset, ok or error" },
	[INTRINSIC_STATUS_MESSAGE] = { "span:statusMessage", "statusMessage", "status_message",
				       STRING, false, false, "text of the status" },
	[INTRINSIC_KIND] = { "span:kind", "kind", NULL, SL_TYPE_KIND, false, false,
			     "unspecified, internal, server, client, producer or consumer" },
	[INTRINSIC_SPAN_ID] = { "span:id", NULL, "span_id", STRING, false, false,
				"lower-case hex" },
	[INTRINSIC_PARENT_ID] = { "span:parentID", NULL, "parent_span_id", STRING, false, false,
				  "the parent's span:id, \"\" if it has none" },
	[INTRINSIC_CHILD_COUNT] = { "span:childCount", NULL, NULL, INT, false, false,
				    "direct children" },
	[INTRINSIC_TRACE_ID] = { "trace:id", NULL, "trace_id", STRING, false, false,
				 "lower-case hex" },
	[INTRINSIC_TRACE_DURATION] = { "trace:duration", "traceDuration", NULL, DURATION, false,
				       false, "from the trace's first start to its last end" },
	[INTRINSIC_ROOT_NAME] = { "trace:rootName", "rootName", NULL, STRING, false, false,
				  "name of the trace's root" },
	[INTRINSIC_ROOT_SERVICE] = { "trace:rootService", "rootServiceName", NULL, STRING, false,
				     false, "service of the trace's root" },
	[INTRINSIC_NESTED_SET_LEFT] = { "nestedSetLeft", NULL, NULL, INT, false, false,
					"number on the way down the tree" },
	[INTRINSIC_NESTED_SET_RIGHT] = { "nestedSetRight", NULL, NULL, INT, false, false,
					 "number on the way up" },
	[INTRINSIC_NESTED_SET_PARENT] = { "nestedSetParent", NULL, NULL, INT, false, false,
					  "the parent's nestedSetLeft, -1 of a root" },
	[INTRINSIC_EVENT_NAME] = { "event:name", NULL, NULL, STRING, true, false,
				   "name of any event" },
	[INTRINSIC_EVENT_TIME_SINCE_START] = { "event:timeSinceStart", NULL, NULL, DURATION, true,
					       false, "any event's time less the span's start" },
	[INTRINSIC_LINK_TRACE_ID] = { "link:traceID", NULL, NULL, STRING, true, false,
				      "trace of any link" },
	[INTRINSIC_LINK_SPAN_ID] = { "link:spanID", NULL, NULL, STRING, true, false,
				     "span of any link" },
	[INTRINSIC_INSTRUMENTATION_NAME] = { "instrumentation:name", NULL, NULL, STRING, true,
					     false, "name of the scope" },
	[INTRINSIC_INSTRUMENTATION_VERSION] = { "instrumentation:version", NULL, NULL, STRING, true,
						false, "version of the scope" },
	[INTRINSIC_PARENT] = { "parent", NULL, NULL, SL_TYPE_DYNAMIC, true, false,
			       "the parent span, compared with nil" },
	[INTRINSIC_SERVICE] = { "service", NULL, NULL, STRING, true, true,
				"resource.service.name" },
	[INTRINSIC_START] = { "start", NULL, NULL, SL_TYPE_TIME, false, true,
			      "compared with an RFC 3339 time in quotes" },
	[INTRINSIC_DURATION_MS] = { "duration_ms", NULL, NULL, SL_TYPE_FLOAT, false, true,
				    "duration in milliseconds" },
	[INTRINSIC_ROOT] = { "root", NULL, NULL, SL_TYPE_BOOL, false, true,
			     "it is its trace's root" },
	[INTRINSIC_SELF_TIME] = { "span:selfTime", NULL, NULL, DURATION, false, true,
				  "duration that no child covers" },
	[INTRINSIC_TRACE_SPAN_COUNT] = { "trace:spanCount", NULL, NULL, INT, false, true,
					 "spans of the trace" },
};

const struct intrinsic_row *intrinsic_row(enum intrinsic intrinsic)
{
	return &rows[intrinsic];
}

static bool spelled(const char *spelling, struct sl_slice text)
{
	return spelling != NULL && strlen(spelling) == text.len &&
	       memcmp(spelling, text.data, text.len) == 0;
}

enum intrinsic intrinsic_find(struct sl_slice spelling, bool tempo)
{
	for (int i = INTRINSIC_NONE + 1; i < INTRINSIC_COUNT; i++) {
		if (tempo && rows[i].extension)
			continue;
		if (spelled(rows[i].name, spelling) || spelled(rows[i].other, spelling) ||
		    (!tempo && spelled(rows[i].field, spelling)))
			return (enum intrinsic)i;
	}
	return INTRINSIC_NONE;
}

static char lower(char byte)
{
	return (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
}

static bool alike(const char *spelling, struct sl_slice text)
{
	if (spelling == NULL || strlen(spelling) != text.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (lower(spelling[i]) != lower(text.data[i]))
			return false;
	return true;
}

static const char *behind_scope(const char *spelling)
{
	const char *colon = strchr(spelling, ':');

	return colon != NULL ? colon + 1 : spelling;
}

const char *intrinsic_near(struct sl_slice spelling, bool tempo)
{
	const char *colon = spelling.len > 0 ? memchr(spelling.data, ':', spelling.len) : NULL;
	struct sl_slice last = spelling;

	if (colon == NULL && (alike("traceID", spelling) || alike("spanID", spelling)))
		return lower(spelling.data[0]) == 't' ? rows[INTRINSIC_TRACE_ID].name
						      : rows[INTRINSIC_SPAN_ID].name;
	if (colon != NULL)
		last = (struct sl_slice){ colon + 1,
					  spelling.len - (size_t)(colon + 1 - spelling.data) };
	for (int i = INTRINSIC_NONE + 1; i < INTRINSIC_COUNT; i++) {
		if (tempo && rows[i].extension)
			continue;
		if (alike(rows[i].other, last))
			return rows[i].other;
		if (!tempo && alike(rows[i].field, last))
			return rows[i].field;
		if (alike(rows[i].name, spelling) || alike(behind_scope(rows[i].name), last))
			return rows[i].name;
	}
	return NULL;
}

const char *type_name(enum sl_query_type type)
{
	static const char *const names[] = {
		[SL_TYPE_NIL] = "nil",
		[SL_TYPE_BOOL] = "a truth value",
		[SL_TYPE_INT] = "an integer",
		[SL_TYPE_FLOAT] = "a float",
		[SL_TYPE_STRING] = "a string",
		[SL_TYPE_DURATION] = "a duration",
		[SL_TYPE_TIME] = "a time",
		[SL_TYPE_STATUS] = "a status",
		[SL_TYPE_KIND] = "a kind",
		[SL_TYPE_ARRAY] = "an array",
		[SL_TYPE_DYNAMIC] = "an attribute",
	};

	return names[type];
}

bool type_is_numeric(enum sl_query_type type)
{
	return type == SL_TYPE_INT || type == SL_TYPE_FLOAT || type == SL_TYPE_DURATION;
}
