/* When requests are sent again, how they are cut in two, and what a checkpoint remembers. */
#include "../../lib/deliver/checkpoint.h"
#include "../../lib/deliver/reread.h"
#include "../../lib/deliver/retry.h"
#include "scratch.h"
#include "spanline/sink.h"
#include "tap.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000000)

static const struct sl_answer again = { .kind = SL_ANSWER_AGAIN };

static void test_pauses(void)
{
	struct chance chance;
	struct retry retry = { .first_ns = SECOND, .retry_for_ns = 0, .chance = &chance };
	uint64_t pause, base = SECOND, last = 0;
	bool within = true, varied = false;

	chance_begin(&chance, 7);
	for (int i = 0; i < 40; i++) {
		uint64_t least = base > 5 * SECOND ? 0 : base - base / 5;
		uint64_t most = base > 5 * SECOND ? base : base + base / 5;

		within = within && retry_pause(&retry, &again, 1, &pause) && pause >= least &&
			 pause <= most;
		varied = varied || (i > 20 && pause != last);
		last = pause;
		base = base + base / 2 < 30 * SECOND ? base + base / 2 : 30 * SECOND;
	}
	ok(within, "pauses grow by half, up to 30 s, a fifth more or less");
	ok(varied, "and by chance");
	ok(retry.pause_ns == 30 * SECOND, "and no further");
}

static void test_waits(void)
{
	struct sl_answer wait = { .kind = SL_ANSWER_AGAIN,
				  .has_wait = true,
				  .wait_ns = 12 * SECOND };
	struct chance chance;
	struct retry retry = { .first_ns = SECOND, .retry_for_ns = 0, .chance = &chance };
	uint64_t pause = 0;
	bool obeyed = true;

	chance_begin(&chance, 7);
	for (int i = 0; i < 20; i++) {
		retry.pause_ns = 0;
		obeyed = obeyed && retry_pause(&retry, &wait, 1, &pause) && pause >= 12 * SECOND &&
			 pause <= 15 * SECOND;
	}
	ok(obeyed, "never earlier than the server asks");
	ok(retry_pause(&retry, &again, 1, &pause) && retry.pause_ns == 18 * SECOND,
	   "which sets the pace from then on");
	wait.wait_ns = 0;
	retry.pause_ns = 0;
	ok(retry_pause(&retry, &wait, 1, &pause) && pause >= SECOND - SECOND / 5,
	   "who asks for no pause gets one all the same");
}

static void test_giving_up(void)
{
	struct sl_answer wait = { .kind = SL_ANSWER_AGAIN,
				  .has_wait = true,
				  .wait_ns = UINT64_MAX };
	struct chance chance;
	struct retry retry = {
		.begun_ns = 100, .first_ns = SECOND, .retry_for_ns = 10 * SECOND, .chance = &chance
	};
	uint64_t pause;

	chance_begin(&chance, 7);
	ok(retry_pause(&retry, &again, 100, &pause), "within --retry-for");
	ok(!retry_pause(&retry, &again, 100 + 10 * SECOND, &pause), "not behind it");
	retry.pause_ns = 0;
	ok(!retry_pause(&retry, &again, 100 + 9 * SECOND + SECOND / 2, &pause),
	   "nor where the pause would end behind it");
	ok(!retry_pause(&retry, &wait, 100, &pause), "nor where the server asks for longer");
}

/* A request of `count` spans in two resources. */
static enum sl_status make_request(const char *form, size_t count, struct sl_buffer *request)
{
	struct sl_sink_options options = { .to = form,
					   .batch_spans = count,
					   .batch_bytes = SIZE_MAX };
	struct sl_resource resources[2] = { { .serial = 1 }, { .serial = 2, .present = true } };
	struct sl_packer *packer = NULL;
	struct sl_sink *sink = NULL;
	struct sl_buffer packed = { 0 };
	struct sl_notes notes = { 0 };
	struct sl_error err;
	enum sl_status status = sl_packer_open(&packer, form, &notes, &err);

	if (status == SL_OK)
		status = sl_sink_open(&sink, &options, &notes, &err);
	for (size_t i = 0; status == SL_OK && i < count; i++) {
		struct sl_span span = sl_span_empty;

		span.name = (struct sl_slice){ &"abcdefghijklmnopqrstuvwxyz"[i], 1 };
		span.resource = &resources[i % 2];
		status = sl_packer_add(packer, &span, &packed, &err);
	}
	if (status == SL_OK)
		status = sl_sink_gather(sink, sl_buffer_slice(&packed), request, &err);
	sl_sink_close(sink);
	sl_packer_close(packer);
	sl_buffer_free(&packed);
	return status;
}

static enum sl_status add_name(void *context, const struct sl_span *span, struct sl_error *err)
{
	(void)err;
	sl_buffer_add_slice(context, span->name);
	return SL_OK;
}

/* The names of the spans, in the request's order. */
static struct sl_slice names_of(const struct sl_buffer *request, struct sl_buffer *names)
{
	struct sl_error err;

	names->len = 0;
	if (reread(sl_buffer_slice(request), add_name, names, &err) != SL_OK)
		sl_buffer_printf(names, "%s", err.text);
	return sl_buffer_slice(names);
}

static void test_splitting(void)
{
	static const struct {
		enum sl_protocol protocol;
		size_t count;
		const char *first, *second;
	} rows[] = {
		{ SL_PROTOCOL_HTTP_PROTOBUF, 2, "a", "b" },
		{ SL_PROTOCOL_HTTP_PROTOBUF, 7, "aceg", "bdf" },
		{ SL_PROTOCOL_GRPC, 8, "aceg", "bdfh" },
		{ SL_PROTOCOL_HTTP_JSON, 2, "a", "b" },
		{ SL_PROTOCOL_HTTP_JSON, 7, "aceg", "bdf" },
		{ SL_PROTOCOL_HTTP_JSON, 5, "ace", "bd" },
	};

	for (size_t i = 0; i < SL_COUNT(rows); i++) {
		struct sl_buffer request = { 0 }, halves[2] = { { 0 } }, names[2] = { { 0 } };
		struct sl_error err;
		bool good = make_request(form_of_protocol(rows[i].protocol), rows[i].count,
					 &request) == SL_OK &&
			    split_request(sl_buffer_slice(&request), rows[i].protocol,
					  rows[i].count, halves, &err) == SL_OK;

		ok(good &&
			   sl_slice_equal(
				   names_of(&halves[0], &names[0]),
				   (struct sl_slice){ rows[i].first, strlen(rows[i].first) }) &&
			   sl_slice_equal(
				   names_of(&halves[1], &names[1]),
				   (struct sl_slice){ rows[i].second, strlen(rows[i].second) }),
		   "%zu spans by %s: %.*s and %.*s", rows[i].count,
		   sl_protocol_names[rows[i].protocol], (int)names[0].len, names[0].data,
		   (int)names[1].len, names[1].data);
		sl_buffer_free(&request);
		for (size_t k = 0; k < 2; k++) {
			sl_buffer_free(&halves[k]);
			sl_buffer_free(&names[k]);
		}
	}
}

static enum sl_status read_back(const char *name, uint64_t inputs, uint64_t *spans)
{
	struct sl_error err;

	return sl_checkpoint_read(scratch_path(name), inputs, spans, &err);
}

static void test_checkpoints(void)
{
	static const char *const bad[] = { "",
					   "spanline-checkpoint 1 0123456789abcdef 5",
					   "spanline-checkpoint 1 xyz 5\n",
					   "spanline-checkpoint 2 0123456789abcdef 5\n",
					   "spanline-checkpoint 1 0123456789abcdef -5\n",
					   "spanline-checkpoint 1 0123456789abcdef \n",
					   "{}\n" };
	uint64_t spans = 0;
	struct sl_error err;

	ok(read_back("none", 1, &spans) == SL_END, "there is none");
	ok(checkpoint_write(scratch_path("c"), 0xfedcba9876543210, 8192, &err) == SL_OK &&
		   read_back("c", 0xfedcba9876543210, &spans) == SL_OK && spans == 8192,
	   "written and read");
	ok(checkpoint_write(scratch_path("c"), 5, UINT64_MAX, &err) == SL_OK &&
		   read_back("c", 5, &spans) == SL_OK && spans == UINT64_MAX,
	   "replaced");
	ok(read_back("c", 6, &spans) == SL_BAD_RECORD, "of other inputs");
	for (size_t i = 0; i < SL_COUNT(bad); i++) {
		scratch_write("bad", "w", (struct sl_slice){ bad[i], strlen(bad[i]) });
		ok(read_back("bad", 0x0123456789abcdef, &spans) == SL_BAD_RECORD,
		   "no checkpoint %zu", i);
	}
	ok(checkpoint_write(scratch_path("no/such"), 1, 1, &err) == SL_FAILED,
	   "where there is no directory: %s", err.text);
}

static uint64_t read_monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

/* A time of day that somebody sets an hour ahead and back again. */
static uint64_t read_jumping(void)
{
	static uint64_t asked;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec + (asked++ % 2 == 0 ? 3600 : 0)) * SECOND;
}

/* Were a wait to end by the time of day, this would last an hour. */
static void test_clocks(void)
{
	struct sl_endpoint endpoint = { 0 };
	const struct sl_endpoint_rules rules = { .form = SL_ENDPOINT_BASE };
	const struct sl_headers headers = { 0 };
	struct sl_deliver_options options = {
		.client = { .endpoint = &endpoint,
			    .headers = &headers,
			    .user_agent = "test",
			    .timeout_ms = 1000 },
		.concurrency = 1,
		.wait_ns = SECOND / 2,
		.clock = { .elapsed = read_monotonic, .now = read_jumping },
	};
	struct sl_buffer bytes = { 0 };
	const struct sl_request request = { .bytes = &bytes, .span_count = 1 };
	struct sl_deliverer *deliverer;
	struct sl_error err;

	sl_buffer_add_literal(&bytes, "\n");
	if (sl_net_start(&err) != SL_OK ||
	    sl_endpoint_parse(&endpoint, "http://127.0.0.1:1", &rules, &err) != SL_OK ||
	    sl_deliver_open(&deliverer, &options, &err) != SL_OK)
		abort();
	ok(sl_deliver_give(deliverer, &request, &err) == SL_OK &&
		   sl_deliver_finish(deliverer, &err) == SL_END &&
		   sl_deliver_unreached(deliverer) &&
		   sl_deliver_account(deliverer).undelivered == 1,
	   "no wait depends on the time of day");
	sl_deliver_close(deliverer);
	sl_endpoint_free(&endpoint);
	sl_buffer_free(&bytes);
}

int main(void)
{
	scratch_make();
	test_pauses();
	test_waits();
	test_giving_up();
	test_splitting();
	test_checkpoints();
	test_clocks();
	return done_testing();
}
