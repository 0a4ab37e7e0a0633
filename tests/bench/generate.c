/*
 * Makes a corpus of realistic spans from a seed: generate --spans N --seed S --to FORM.
 * One model and three writers that share nothing with the library, so that they can also judge it:
 * `jsonl` and `be32` as the Collector's file exporter writes, `lines` as otlp-decode must show
 * them.
 */
#include "corpus_json.h"
#include "corpus_wire.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REQUEST_TRACES_MIN = 16, REQUEST_TRACES_MAX = 38 };
enum { REQUEST_SPANS = REQUEST_TRACES_MAX * TRACE_SPANS };
enum { SERVICE_COUNT = COUNT(services) - 1, SCOPE_COUNT = COUNT(scopes) };

/* How one form writes what stands around spans, and a span. */
struct form {
	const char *name;
	void (*request)(struct text *out, bool begin);
	void (*resource)(struct text *out, const struct resource *resource, bool begin);
	void (*scope)(struct text *out, unsigned scope, bool begin);
	void (*span)(struct text *out, const struct span *span);
};

static const struct form forms[] = {
	{ "jsonl", jsonl_request, jsonl_resource, jsonl_scope, jsonl_span },
	{ "be32", be32_request, be32_resource, be32_scope, be32_span },
	{ "lines", lines_request, lines_resource, lines_scope, lines_span },
};

static uint64_t random_state;

/* splitmix64 */
static uint64_t draw(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static uint64_t draw_below(uint64_t limit)
{
	return draw() % limit;
}

static void make_trace(struct span *spans, uint64_t start)
{
	uint64_t trace_high = draw(), trace_low = draw();
	unsigned first = (unsigned)draw_below(SERVICE_COUNT);

	for (size_t i = 0; i < TRACE_SPANS; i++) {
		struct span *span = &spans[i];
		bool is_root = shape[i].parent < 0;
		const struct span *parent = &spans[is_root ? 0 : shape[i].parent];
		uint64_t room_ns = is_root ? 500000000 : parent->end - parent->start;

		*span = (struct span){ .trace_id = { trace_high, trace_low } };
		span->span_id = draw() | 1;
		span->parent_id = is_root ? 0 : parent->span_id;
		span->service = (first + shape[i].service) % SERVICE_COUNT;
		span->operation = &operations[shape[i].operation];
		span->name = pick(span->operation->names, draw());
		span->start = (is_root ? start : parent->start) + draw_below(room_ns / 4 + 1);
		span->end = span->start + room_ns / 4 + draw_below(room_ns / 4 + 1) + 1000;
		for (size_t k = 0; k < SPAN_FIELDS; k++)
			span->values[k] = draw();
		span->error = draw_below(100) == 0;
		if (span->error || draw_below(100) < 8)
			span->event = span->error ? exception_fields : log_fields;
		for (size_t k = 0; k < EVENT_FIELDS; k++)
			span->event_values[k] = draw();
	}
}

static void write_scope(struct text *out, const struct form *form, const struct span *spans,
			size_t count, unsigned place)
{
	unsigned service = place / SCOPE_COUNT, scope = place % SCOPE_COUNT;
	bool begun = false;

	for (size_t i = 0; i < count; i++) {
		if (spans[i].service != service || spans[i].operation->scope != scope)
			continue;
		if (!begun)
			form->scope(out, scope, true);
		begun = true;
		form->span(out, &spans[i]);
	}
	if (begun)
		form->scope(out, scope, false);
}

static void write_request(struct text *out, const struct form *form, const struct span *spans,
			  size_t count, const struct resource *resources)
{
	bool present[SERVICE_COUNT] = { false };

	for (size_t i = 0; i < count; i++)
		present[spans[i].service] = true;
	out->len = 0;
	form->request(out, true);
	for (unsigned service = 0; service < SERVICE_COUNT; service++) {
		if (!present[service])
			continue;
		form->resource(out, &resources[service], true);
		for (unsigned scope = 0; scope < SCOPE_COUNT; scope++)
			write_scope(out, form, spans, count, service * SCOPE_COUNT + scope);
		form->resource(out, &resources[service], false);
	}
	form->request(out, false);
	if (fwrite(out->data, 1, out->len, stdout) != out->len) {
		perror("generate");
		exit(2);
	}
}

static void generate(const struct form *form, uint64_t span_count)
{
	static struct span spans[REQUEST_SPANS];
	struct resource resources[SERVICE_COUNT];
	struct text out = { 0 };
	uint64_t now = 1744019112345678901U;

	for (size_t i = 0; i < SERVICE_COUNT; i++) {
		for (size_t k = 0; k < RESOURCE_FIELDS; k++)
			resources[i].values[k] = draw();
		resources[i].values[0] = i;
	}
	while (span_count > 0) {
		size_t traces = REQUEST_TRACES_MIN +
				draw_below(REQUEST_TRACES_MAX - REQUEST_TRACES_MIN + 1);
		size_t count = traces * TRACE_SPANS;

		for (size_t i = 0; i < traces; i++)
			make_trace(&spans[i * TRACE_SPANS], now += draw_below(2000000));
		if (count > span_count)
			count = (size_t)span_count;
		write_request(&out, form, spans, count, resources);
		span_count -= count;
	}
	free(out.data);
}

static int usage(void)
{
	fputs("usage: generate --spans N [--seed S] --to jsonl|be32|lines\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const struct form *form = NULL;
	uint64_t spans = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--spans") == 0)
			spans = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0)
			random_state = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--to") != 0)
			return usage();
		for (size_t k = 0; k < COUNT(forms); k++)
			if (strcmp(argv[i + 1], forms[k].name) == 0)
				form = &forms[k];
	}
	if (form == NULL || spans == 0 || argc % 2 == 0)
		return usage();
	generate(form, spans);
	return fflush(stdout) == 0 ? 0 : 2;
}
