/* Queries of whole traces: the spansets, their values, what cannot be answered; and that no shape
 * of a trace takes long. */
#include "query_trace.h"
#include "spanline/query.h"
#include "tap.h"
#include <time.h>

#define KEY(literal)                                                                               \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

/*
 * 0 root a [0, 100)
 *   1 b [10, 40)
 *     2 c [20, 60), error
 *   3 b [30, 50)
 * 4 orphan d of x, 5 orphan d of x, 6 orphan c of y
 */
static const struct sl_scope scope = { .present = false };
static struct sl_attribute of_shop[] = { { KEY("service.name"),
					   { .type = SL_VALUE_STRING, .text = KEY("shop") } } };
static struct sl_attribute of_tax[] = { { KEY("service.name"),
					  { .type = SL_VALUE_STRING, .text = KEY("tax") } } };
static struct sl_resource shop = { .attributes = { of_shop, 1 } };
static struct sl_resource tax = { .attributes = { of_tax, 1 } };
static struct sl_attribute of_c[] = {
	{ KEY("n"), { .type = SL_VALUE_INT, .integer = 3 } },
};

#define SPAN(name_, parent_, start_, end_, resource_)                                              \
	{                                                                                          \
		.name = KEY(name_), .parent_span_id = KEY(parent_), .start_unix_nano = (start_),   \
		.end_unix_nano = (end_), .scope = &scope, .resource = &(resource_)                 \
	}

static struct sl_span spans[] = {
	SPAN("a", "", 0, 100, shop),  SPAN("b", "0", 10, 40, shop), SPAN("c", "1", 20, 60, tax),
	SPAN("b", "0", 30, 50, shop), SPAN("d", "x", 0, 7, tax),    SPAN("d", "x", 1, 3, tax),
	SPAN("c", "y", 2, 4, shop),
};
static const uint32_t parents[] = { SL_NO_SPAN, 0, 1, 0, SL_NO_SPAN, SL_NO_SPAN, SL_NO_SPAN };

static void make_trace(struct sl_trace *trace, struct sl_trace_node *nodes)
{
	sl_resource_settle(&shop);
	sl_resource_settle(&tax);
	spans[2].status_code = SL_STATUS_ERROR;
	spans[2].attributes = (struct sl_attributes){ of_c, 1 };
	for (uint32_t i = 0; i < SL_COUNT(spans); i++)
		nodes[i] = (struct sl_trace_node){ .span = &spans[i],
						   .parent = parents[i],
						   .orphan = i >= 4 };
	*trace = (struct sl_trace){ .nodes = nodes, .count = SL_COUNT(spans), .end_ns = 100 };
	query_trace_link(trace);
}

static void add_value(struct sl_buffer *out, const struct sl_named_value *named)
{
	const struct sl_query_value *value = &named->value;

	sl_buffer_printf(out, " %.*s=", (int)named->name.len, named->name.data);
	if (value->type == SL_TYPE_STRING)
		sl_buffer_add_slice(out, value->text);
	else if (value->type == SL_TYPE_FLOAT)
		sl_buffer_printf(out, "%g", value->number);
	else if (value->type == SL_TYPE_NIL)
		sl_buffer_add_literal(out, "nil");
	else
		sl_buffer_printf(out, "%lld", (long long)value->integer);
}

/* "0 1; 2 by(...)=x;": the spansets with their values; or the error. */
static void answer(struct sl_matcher *matcher, const struct sl_trace *trace, struct sl_buffer *out)
{
	const struct sl_spanset *sets;
	struct sl_error err;
	size_t count;

	if (sl_query_trace(matcher, trace, &sets, &count, &err) != SL_OK) {
		sl_buffer_printf(out, "%s", err.text);
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < sets[i].count; k++)
			sl_buffer_printf(out, "%s%u", k > 0 ? " " : "", sets[i].spans[k]);
		for (size_t k = 0; k < sets[i].value_count; k++)
			add_value(out, &sets[i].values[k]);
		sl_buffer_add_byte(out, ';');
	}
}

static struct sl_query *compile(const char *text, bool tempo, bool field)
{
	struct sl_query_options options = { .tempo = tempo };
	struct sl_slice slice = { text, strlen(text) };
	struct sl_query_fault fault;
	struct sl_query *query;
	enum sl_status status = field ? sl_query_compile_field(&query, slice, &options, &fault)
				      : sl_query_compile(&query, slice, &options, &fault);

	if (status == SL_OK)
		return query;
	ok(false, "%s: %s", text, fault.text);
	exit(1);
}

static struct sl_matcher *open_matcher(const struct sl_query *query)
{
	struct sl_matcher *matcher;
	struct sl_error err;

	if (sl_matcher_open(&matcher, query, &err) != SL_OK)
		abort();
	return matcher;
}

static const struct {
	const char *text, *answer, *of_tempo; /* NULL: the same */
} rows[] = {
	{ "{ name = \"b\" }", "1 3;", NULL },
	{ "{ name = \"z\" }", "", NULL },
	{ "{ name = \"b\" } && { name = \"z\" }", "", NULL },
	{ "{ name = \"b\" } && { name = \"a\" }", "0 1 3;", NULL },
	{ "{ name = \"b\" } || { name = \"z\" }", "1 3;", NULL },
	{ "{ name = \"a\" } > {}", "1 3;", NULL },
	{ "{ name = \"a\" } >> {}", "1 2 3;", NULL },
	{ "{ name = \"c\" } < {}", "1;", NULL },
	{ "{ name = \"c\" } << {}", "0 1;", NULL },
	{ "{ name = \"b\" } ~ { name = \"b\" }", "1 3;", NULL },
	{ "{ name = \"a\" } !>> {}", "0 4 5 6;", NULL },
	{ "{ name = \"z\" } !> { name = \"b\" }", "1 3;", NULL },
	{ "{ name = \"a\" } !>> { name = \"z\" }", "", NULL },
	{ "{ name = \"a\" } &> { name = \"b\" }", "0 1 3;", NULL },
	{ "{ name = \"a\" } &>> { name = \"z\" }", "", NULL },
	{ "{ name = \"c\" } &<< { name = \"b\" }", "1 2;", NULL },
	/* orphans of one parent are siblings; Tempo does not know where they stand */
	{ "{ name = \"d\" } ~ {}", "4 5;", "" },
	{ "{ name = \"d\" } !~ {}", "0 1 2 3 6;", "0 1 2 3 4 5 6;" },
	{ "{ nestedSetParent < 0 }", "0 4 5 6;", "0;" },
	{ "{ nestedSetLeft = 2 && nestedSetRight = 5 && nestedSetParent = 1 }", "1;", NULL },
	{ "{ span:childCount = 2 }", "0;", NULL },
	{ "{ trace:duration = 100ns && rootName = \"a\" && rootServiceName = \"shop\" }",
	  "0 1 2 3 4 5 6;", NULL },
	{ "{} | count() = 7", "0 1 2 3 4 5 6 count()=7;", NULL },
	{ "{ name = \"b\" } | avg(duration) = 25ns", "1 3 avg(span:duration)=25;", NULL },
	{ "{ name = \"d\" } | avg(duration) = 4ns", "4 5 avg(span:duration)=4;", NULL },
	{ "{} | max(.n) = 3", "0 1 2 3 4 5 6 max(.\"n\")=3;", NULL },
	{ "{ name = \"b\" } | max(.n) != 3", "", NULL },
	{ "{} | avg(.n) = 3.0", "0 1 2 3 4 5 6 avg(.\"n\")=3;", NULL },
	{ "{} | by(name) | count() > 1",
	  "1 3 by(span:name)=b count()=2;2 6 by(span:name)=c count()=2;"
	  "4 5 by(span:name)=d count()=2;",
	  NULL },
	{ "{} | by(.n)", "0 1 3 4 5 6 by(.\"n\")=nil;2 by(.\"n\")=3;", NULL },
	{ "{} | by(name) | by(.n) | coalesce() | { name = \"c\" }", "2 6;", NULL },
	{ "{ name = \"z\" } | count() = 0", " count()=0;", "" },
	{ "{} | by(resource.service.name) | { name = \"a\" } >> { name = \"c\" }", "", NULL },
	{ "{} | select(name)", "0 1 2 3 4 5 6;", NULL },
	/* nil where there is to be yes or no: only span 2 has .n, which is 3 */
	{ "{ .n = nil || true }", "0 1 2 3 4 5 6;", NULL },
	{ "{ .z || true }", "0 1 2 3 4 5 6;", "" },
	{ "{ true || .n }", "0 1 2 3 4 5 6;", "" },
	{ "{ .z || true || true }", "0 1 2 3 4 5 6;", NULL },
	{ "{ true || true || .z }", "0 1 2 3 4 5 6;", "" },
	{ "{ !(.z || true) }", "", "0 1 2 3 4 5 6;" },
	{ "{ .z && true }", "", NULL },
	{ "{ !(.z && true) }", "0 1 2 3 4 5 6;", NULL },
	{ "{ .z && true || true }", "0 1 2 3 4 5 6;", NULL },
	{ "{ !.z }", "0 1 2 3 4 5 6;", NULL },
	{ "{ -.n = -3 }", "2;", NULL },
	{ "{ duration / 0 = 1 }", "", NULL },
};

static const struct {
	const char *text, *answer;
} extensions[] = {
	{ "({} | by(name)) > {}", "an operand gives several spansets: use coalesce()" },
	{ "({} | by(name) | coalesce()) > {}", "1 2 3;" },
	{ "not { name = \"z\" }", "0 1 2 3 4 5 6;" },
	{ "not { name = \"a\" }", "" },
	{ "{ root }", "0;" },
	{ "{ parent.name = \"b\" }", "2;" },
	{ "{ parent.duration > 90ns }", "1 3;" },
	{ "{ parent = nil }", "0 4 5 6;" },
	{ "{ span:selfTime = 60ns }", "0;" },
	{ "{ parent.span:selfTime = 60ns }", "1 3;" },
	{ "{ name = \"b\" && span:selfTime = 10ns }", "1;" },
	{ "{ trace:spanCount = 7 && status = error }", "2;" },
	{ "{ name = \"b\" } | count() < max(duration)", "1 3 count()=2 max(span:duration)=30;" },
	{ "{ name = \"b\" } | sum(duration) / count() = 25",
	  "1 3 sum(span:duration)=50 count()=2;" },
};

static void test_row(const char *text, const char *expected, bool tempo)
{
	struct sl_trace_node nodes[SL_COUNT(spans)];
	struct sl_query *query = compile(text, tempo, false);
	struct sl_matcher *matcher = open_matcher(query);
	struct sl_buffer out = { .len = 0 };
	struct sl_trace trace;

	make_trace(&trace, nodes);
	answer(matcher, &trace, &out);
	sl_buffer_add_byte(&out, '\0');
	ok(strcmp(out.data, expected) == 0, "%s%s: %s", tempo ? "tempo: " : "", text, out.data);
	sl_buffer_free(&out);
	free(trace.preorder);
	sl_matcher_close(matcher);
	sl_query_free(query);
}

static void test_field(void)
{
	struct sl_trace_node nodes[SL_COUNT(spans)];
	struct sl_query *query = compile("parent.duration", false, true);
	struct sl_matcher *matcher = open_matcher(query);
	struct sl_query_value value;
	struct sl_trace trace;
	struct sl_error err;

	make_trace(&trace, nodes);
	ok(sl_query_value(matcher, &spans[2], &trace, 2, &value, &err) == SL_OK &&
		   value.type == SL_TYPE_DURATION && value.integer == 30,
	   "the value of a field");
	ok(sl_query_value(matcher, &spans[0], &trace, 0, &value, &err) == SL_OK &&
		   value.type == SL_TYPE_NIL,
	   "and of one that is not there");
	ok(sl_query_value(matcher, &spans[0], NULL, 0, &value, &err) == SL_OK &&
		   value.type == SL_TYPE_NIL,
	   "nor without a trace");
	free(trace.preorder);
	sl_matcher_close(matcher);
	sl_query_free(query);
}

/* A chain, or a fan: spans of the same name, every other of them an error. */
static void large_trace(struct sl_trace *trace, struct sl_span *many, uint32_t count, bool chain)
{
	trace->nodes = calloc(count, sizeof(*trace->nodes));
	trace->count = count;
	if (trace->nodes == NULL)
		abort();
	for (uint32_t i = 0; i < count; i++) {
		many[i] = spans[1];
		many[i].status_code = i % 2 == 0 ? SL_STATUS_ERROR : SL_STATUS_UNSET;
		trace->nodes[i].span = &many[i];
		trace->nodes[i].parent = i == 0 ? SL_NO_SPAN : chain ? i - 1 : 0;
	}
	query_trace_link(trace);
}

static void test_large(bool chain, const char *shape)
{
	static const char *const queries[] = {
		"{ status = error } >> { status = unset } | count() > 0",
		"{ status = error } << { status = unset } || {}",
		"{ status = error } !>> { status = unset } || { status = error } &>> {}",
		"{ status = error } ~ { status = unset } || {}",
		"{ status = error } &< { status = unset } || {}",
		"{} | by(span:id) | by(span:childCount) | count() > 0",
		"{} | by(nestedSetLeft) | { status = error } >> {} || {}",
		"{ parent.span:selfTime > 0ns } || {}",
	};
	enum { COUNT = 100000 };
	struct sl_span *many = calloc(COUNT, sizeof(*many));
	struct sl_trace trace = { .root = 0 };
	clock_t start = clock();

	if (many == NULL)
		abort();
	large_trace(&trace, many, COUNT, chain);
	for (size_t i = 0; i < SL_COUNT(queries); i++) {
		struct sl_query *query = compile(queries[i], false, false);
		struct sl_matcher *matcher = open_matcher(query);
		const struct sl_spanset *sets;
		struct sl_error err;
		size_t count;

		ok(sl_query_trace(matcher, &trace, &sets, &count, &err) == SL_OK && count > 0,
		   "%s of 100,000: %s", shape, queries[i]);
		sl_matcher_close(matcher);
		sl_query_free(query);
	}
	/* a second is what they take under a sanitizer; what is quadratic takes minutes */
	ok((double)(clock() - start) / CLOCKS_PER_SEC < 30, "%s: soon", shape);
	free(trace.nodes);
	free(trace.preorder);
	free(many);
}

int main(void)
{
	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		test_row(rows[i].text, rows[i].answer, false);
		test_row(rows[i].text, rows[i].of_tempo != NULL ? rows[i].of_tempo : rows[i].answer,
			 true);
	}
	for (size_t i = 0; i < SL_COUNT(extensions); i++)
		test_row(extensions[i].text, extensions[i].answer, false);
	test_field();
	test_large(true, "a chain");
	test_large(false, "a fan");
	return done_testing();
}
