/* otlp-send: spans to an OTLP server, every one of them accounted for. */
#include "spanline/deliver.h"
#include "spanline/exporter.h"
#include "spanline/flow.h"
#include "spanline/replay.h"
#include "spanline/sink.h"
#include "spanline/text.h"
#include <stdio.h>
#include <stdlib.h>

static struct {
	const char *retry_for, *retry_pause, *wait, *grace, *flush, *dead_letter, *checkpoint;
	uint64_t batch_spans, concurrency;
	size_t batch_bytes;
	bool dead_letter_partial, resume, print_config, dry_run;
} opt = { .retry_for = "300s",
	  .retry_pause = "1s",
	  .wait = "0s",
	  .grace = "5s",
	  .flush = "1s",
	  .batch_spans = 8192,
	  .batch_bytes = ((size_t)4 << 20) - ((size_t)64 << 10),
	  .concurrency = 1 };

static const struct sl_option options[] = {
	{ 0, "batch-spans", "N", "most spans in a request (8192)", .count = &opt.batch_spans,
	  .least = 1, .most = SIZE_MAX },
	{ 0, "batch-bytes", "SIZE", "most bytes in a request of several (4032k)",
	  .size = &opt.batch_bytes, .least = 1, .most = (size_t)64 << 20 },
	{ 0, "flush", "DURATION", "send what there is when the input rests (1s)",
	  .text = &opt.flush },
	{ 0, "concurrency", "N", "requests under way at a time (1)", .count = &opt.concurrency,
	  .least = 1, .most = 256 },
	{ 0, "retry-for", "DURATION", "give a batch up after this (300s); 0s: never",
	  .text = &opt.retry_for },
	{ 0, "retry-pause", "DURATION", "before the first retry (1s), then longer",
	  .text = &opt.retry_pause },
	{ 0, "wait", "DURATION", "for the server to be there (0s)", .text = &opt.wait },
	{ 0, "grace", "DURATION", "for what is under way when interrupted (5s)",
	  .text = &opt.grace },
	{ 0, "dead-letter", "FILE", "append what is not delivered", .text = &opt.dead_letter },
	{ 0, "dead-letter-partial", NULL, "with batches of which a part was rejected",
	  .flag = &opt.dead_letter_partial },
	{ 0, "checkpoint", "FILE", "remember how far all is settled", .text = &opt.checkpoint },
	{ 0, "resume", NULL, "go on where the checkpoint says", .flag = &opt.resume },
	{ 0, "print-config", NULL, "show the settings and where they came from",
	  .flag = &opt.print_config },
	{ 0, "dry-run", NULL, "show what would be sent, and send nothing", .flag = &opt.dry_run },
	{ 0 },
};

static const struct sl_command command = {
	.name = "otlp-send",
	.purpose = "spans to an OpenTelemetry server, every one of them accounted for",
	.operands = "[FILE ...]",
	.options = options,
	.shared = (const struct sl_option *const[]){ sl_exporter_options, sl_where_options,
						     sl_selecting_options, sl_replay_options,
						     sl_input_options, NULL },
};

/* What the functions below share. */
static struct {
	struct sl_exporter exporter;
	struct sl_replay replay;
	struct sl_deliver_options deliver;
	struct sl_deliverer *deliverer;
	uint64_t flush_ns;
	uint64_t skipped;   /* by --resume */
	bool no_checkpoint; /* though it is to be gone on from */
	/* the account */
	struct sl_account account;
	uint64_t read, invalid;
	/* of a dry run */
	uint64_t batches, bytes;
	bool endless;
	struct sl_error err;
} run;

static const struct sl_named_count counts[] = {
	{ "read", &run.read },
	{ "accepted", &run.account.accepted },
	{ "rejected", &run.account.rejected },
	{ "refused", &run.account.refused },
	{ "undelivered", &run.account.undelivered },
	{ "oversize", &run.account.oversize },
	{ "invalid", &run.invalid },
	{ "resumed", &run.skipped },
	{ "requests", &run.account.requests },
	{ "retries", &run.account.retries },
	{ "unanswered", &run.account.unanswered },
	{ "resent", &run.account.resent },
	{ "sent_bytes", &run.account.bytes },
	{ NULL, NULL },
};

static const char *form(void)
{
	return run.exporter.protocol == SL_PROTOCOL_HTTP_JSON ? "jsonl" : "pb";
}

static enum sl_status open_packer(void **worker, void *context, struct sl_notes *notes,
				  struct sl_error *err)
{
	struct sl_replay_packer *packer = NULL;
	enum sl_status status = sl_replay_packer_open(&packer, context, notes, err);

	*worker = packer;
	return status;
}

static enum sl_status pack_span(void *worker, const struct sl_span *span, struct sl_buffer *out,
				struct sl_error *err)
{
	return sl_replay_pack(worker, span, out, err);
}

static void close_packer(void *worker)
{
	sl_replay_packer_close(worker);
}

/* Batches on their way from the sink to the deliverer. */
struct gathering {
	struct sl_sink *sink;
	struct sl_replayer *replayer;
	uint64_t last_ns; /* when the last batch was given */
};

static enum sl_status give(void *context, const struct sl_request *request, struct sl_error *err)
{
	struct gathering *gathering = context;
	enum sl_status status;

	gathering->last_ns = sl_cli_elapsed();
	if (opt.dry_run) {
		run.batches++;
		run.bytes += request->bytes->len;
		return SL_OK;
	}
	status = run.replay.unsent ? sl_deliver_give_up(run.deliverer, request, err)
				   : sl_deliver_give(run.deliverer, request, err);
	if (status != SL_END || run.replay.unsent)
		return status == SL_END ? SL_OK : status;
	/* What was read is accounted for, if only as undelivered, and all of what is at hand goes
	 * to the dead letters. */
	run.replay.over = true;
	return run.replay.total_spans == 0 || opt.dead_letter != NULL ? SL_OK : SL_END;
}

static void close_gathering(void *gatherer)
{
	struct gathering *gathering = gatherer;

	if (gathering == NULL)
		return;
	run.read = sl_sink_span_count(gathering->sink);
	run.read = run.read > run.skipped ? run.read - run.skipped : 0;
	sl_replayer_close(gathering->replayer);
	sl_sink_close(gathering->sink);
	free(gathering);
}

static enum sl_status open_gathering(void **gatherer, void *context, struct sl_notes *notes,
				     struct sl_error *err)
{
	struct gathering *gathering = calloc(1, sizeof(*gathering));
	struct sl_sink_options sink = { .to = form(),
					.batch_spans = (size_t)opt.batch_spans,
					.batch_bytes = opt.batch_bytes,
					.skip = run.skipped,
					.request = give,
					.context = gathering };
	enum sl_status status;

	*gatherer = gathering;
	if (gathering == NULL)
		return sl_fail_memory(err);
	gathering->last_ns = sl_cli_elapsed();
	status = sl_sink_open(&gathering->sink, &sink, notes, err);
	if (status == SL_OK)
		status = sl_replayer_open(&gathering->replayer, context, gathering->sink, notes,
					  err);
	if (status != SL_OK) {
		sl_sink_close(gathering->sink);
		free(gathering);
		*gatherer = NULL;
	}
	return status;
}

/* Ends the run where nothing arrives any more; what was taken is accounted for. */
static enum sl_status settle(struct gathering *gathering, enum sl_status status,
			     struct sl_buffer *out)
{
	struct sl_error ignored;

	if (status == SL_OK && run.replay.over)
		status = SL_END;
	if (status == SL_END && sl_sink_flush(gathering->sink, out, &ignored) == SL_FAILED)
		sl_warn("%s", ignored.text);
	return status;
}

static enum sl_status gather(void *gatherer, struct sl_slice written, struct sl_buffer *out,
			     struct sl_error *err)
{
	struct gathering *gathering = gatherer;

	return settle(gathering, sl_replayer_take(gathering->replayer, written, err), out);
}

/* Nobody gives anything now, but senders find out that nobody is there. */
static void look(struct sl_replay *replay)
{
	replay->over |= run.deliverer != NULL && !sl_deliver_look(run.deliverer);
}

static enum sl_status idle(void *gatherer, struct sl_buffer *out, struct sl_error *err)
{
	struct gathering *gathering = gatherer;
	enum sl_status status;

	look(&run.replay);
	status = settle(gathering, sl_replayer_idle(gathering->replayer, err), out);
	return status != SL_OK || sl_cli_elapsed() - gathering->last_ns < run.flush_ns
		       ? status
		       : sl_sink_flush(gathering->sink, out, err);
}

static enum sl_status finish(void *gatherer, struct sl_buffer *out, struct sl_error *err)
{
	struct gathering *gathering = gatherer;
	enum sl_status status = sl_replayer_finish(gathering->replayer, err);

	if (status != SL_FAILED)
		status = sl_sink_flush(gathering->sink, out, err);
	if (status != SL_FAILED && !opt.dry_run)
		status = sl_deliver_finish(run.deliverer, err);
	return status == SL_OK ? SL_END : status;
}

static uint64_t duration(const char *name, const char *text)
{
	int64_t ns;

	if (!sl_parse_duration(sl_slice_of(text), &ns))
		sl_die_usage("option '--%s': '%s' is no duration as 1.5s", name, text);
	return (uint64_t)ns;
}

static void tell(void *context, const char *text)
{
	(void)context;
	sl_warn("%s", text);
}

static void wait_for_server(void *context)
{
	(void)context;
	sl_cli_show_progress();
}

/* What an earlier run has settled is neither done nor left. */
static struct sl_progress find_progress(void)
{
	struct sl_account account = sl_deliver_account(run.deliverer);
	uint64_t total = run.replay.total_spans;

	return (struct sl_progress){
		.spans = sl_account_total(&account),
		.bytes = account.bytes,
		.retries = account.retries,
		.total_spans =
			total != UINT64_MAX && total > run.skipped ? total - run.skipped : total,
	};
}

static void fill_deliver(void)
{
	run.flush_ns = duration("flush", opt.flush);
	run.deliver = (struct sl_deliver_options){
		.client = run.exporter.client,
		.concurrency = (unsigned)opt.concurrency,
		.retry_for_ns = duration("retry-for", opt.retry_for),
		.retry_pause_ns = duration("retry-pause", opt.retry_pause),
		.wait_ns = duration("wait", opt.wait),
		.grace_ns = duration("grace", opt.grace),
		.interrupted = &sl_interrupted,
		.clock = { .elapsed = sl_cli_elapsed, .now = sl_cli_now },
		.seed = sl_cli_now(),
		.dead_letter = opt.dead_letter,
		.dead_letter_partial = opt.dead_letter_partial,
		.checkpoint = opt.checkpoint,
		.tell = tell,
		.wait = wait_for_server,
	};
}

/* What a checkpoint is of: the same files with the same content at their starts. */
static uint64_t hash_inputs(char **paths)
{
	uint64_t hash = sl_hash64(form(), strlen(form()), 1);

	if (*paths == NULL)
		hash = sl_cli_hash_file("-", hash);
	for (; *paths != NULL; paths++) {
		hash = sl_hash64(*paths, strlen(*paths) + 1, hash);
		hash = sl_cli_hash_file(*paths, hash);
	}
	/* other limits or another format would read other spans */
	hash = sl_hash64(&sl_reading.from, sizeof(sl_reading.from), hash);
	hash = sl_hash64(&sl_reading.max_message, sizeof(sl_reading.max_message), hash);
	hash = sl_hash64(&sl_reading.max_depth, sizeof(sl_reading.max_depth), hash);
	for (size_t i = 0; i < sl_reading.field_names.count; i++)
		hash = sl_hash64(sl_reading.field_names.items[i],
				 strlen(sl_reading.field_names.items[i]) + 1, hash);
	return sl_replay_hash(&run.replay, hash);
}

static void read_checkpoint(char **paths)
{
	struct sl_error err;
	enum sl_status status;

	if (opt.checkpoint == NULL) {
		if (opt.resume)
			sl_die_usage("--resume needs --checkpoint");
		return;
	}
	if (sl_cli_is_live(paths))
		sl_die_usage("--checkpoint needs files: a pipe cannot be read again");
	run.deliver.inputs = hash_inputs(paths);
	if (!opt.resume)
		return;
	status = sl_checkpoint_read(opt.checkpoint, run.deliver.inputs, &run.skipped, &err);
	run.no_checkpoint = status == SL_END;
	if (status != SL_OK && status != SL_END)
		sl_die("%s", err.text);
	run.deliver.skipped = run.replay.skip = run.skipped;
}

static void count_input(const struct sl_tally *tally)
{
	/* workers looked at others, too: settled before, or never given */
	if (run.replay.old_count > run.read)
		run.replay.old_count = run.read;
	for (size_t i = 0; i < SL_REASON_COUNT; i++)
		run.invalid += tally->skipped[i];
	run.invalid += run.replay.lost_count;
	run.read += run.invalid;
}

/* What nobody knows anything of. */
static void tell_rest(void)
{
	const char *hint = opt.checkpoint != NULL ? ": --resume goes on" : "";
	uint64_t total = run.replay.total_spans, given = run.read - run.invalid + run.skipped;

	if (!run.replay.over && !sl_interrupted)
		return;
	if (total == 0)
		sl_warn("what was not read yet is not sent%s", hint);
	else if (total != UINT64_MAX && total > given)
		sl_warn("%llu of %llu spans are left%s", (unsigned long long)(total - given),
			(unsigned long long)total, hint);
}

static void tell_account(const struct sl_tally *tally)
{
	const struct sl_account *account = &run.account;

	run.account = sl_deliver_account(run.deliverer);
	if (sl_deliver_unreached(run.deliverer))
		sl_warn("nobody is there: --endpoint URL sends elsewhere, --wait 30s waits");
	count_input(tally);
	sl_replay_tell(&run.replay);
	sl_warn("read %llu = accepted %llu + rejected %llu + refused %llu + undelivered %llu + "
		"oversize %llu + invalid %llu",
		(unsigned long long)run.read, (unsigned long long)account->accepted,
		(unsigned long long)account->rejected, (unsigned long long)account->refused,
		(unsigned long long)account->undelivered, (unsigned long long)account->oversize,
		(unsigned long long)run.invalid);
	tell_rest();
	if (run.skipped != 0)
		sl_warn("%llu spans were settled by an earlier run",
			(unsigned long long)run.skipped);
}

static void tell_dry_run(const struct sl_tally *tally)
{
	const char *each = run.endless ? " in each round" : "";
	uint64_t span_count = run.read;

	count_input(tally);
	sl_replay_tell(&run.replay);
	sl_exporter_print(&run.exporter);
	printf("spans                %llu%s\n", (unsigned long long)span_count, each);
	printf("batches              %llu%s\n", (unsigned long long)run.batches, each);
	printf("bytes                %llu%s, before compression\n", (unsigned long long)run.bytes,
	       each);
	if (run.replay.pace.kind == SL_PACE_NONE)
		printf("duration             as fast as the server takes them\n");
	else
		printf("duration             %.3f s%s\n", run.replay.paced_s, each);
}

static int outcome_of(int outcome)
{
	/* a loop without an end has no other, and what is lost says more */
	if ((outcome == SL_EXIT_INTERRUPTED || outcome == SL_EXIT_TERMINATED) &&
	    (run.replay.rounds > 1 || run.replay.unsent))
		outcome = SL_EXIT_OK;
	if (run.replay.lost_count != 0)
		outcome = (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_DAMAGED);
	if (run.account.accepted + run.invalid != run.read)
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_UNDELIVERED);
	return outcome;
}

static const struct sl_flow_work work = {
	.context = &run.replay,
	.open = open_packer,
	.span = pack_span,
	.close = close_packer,
	.open_gatherer = open_gathering,
	.gather = gather,
	.idle = idle,
	.finish = finish,
	.close_gatherer = close_gathering,
};

/* Where to comes first. */
static void tell_start(void)
{
	sl_warn("%s to %s", sl_protocol_names[run.exporter.protocol], run.exporter.endpoint.shown);
	sl_exporter_warn(&run.exporter);
	if (run.no_checkpoint)
		sl_warn("there is no checkpoint %s: all is sent", opt.checkpoint);
}

static int deliver(char **paths)
{
	int outcome;

	tell_start();
	if (sl_deliver_open(&run.deliverer, &run.deliver, &run.err) != SL_OK)
		sl_die("%s", run.err.text);
	sl_cli_catch_termination();
	sl_reading.ended = tell_account;
	sl_reading.progress = find_progress;
	outcome = outcome_of(sl_reading_run(&sl_reading, paths, &work));
	sl_deliver_close(run.deliverer);
	return outcome;
}

static int try_dry(char **paths)
{
	run.replay.dry = true;
	run.endless = run.replay.rounds == UINT64_MAX;
	if (run.endless)
		run.replay.rounds = 1;
	sl_reading.ended = tell_dry_run;
	return sl_reading_run(&sl_reading, paths, &work);
}

int main(int argc, char **argv)
{
	char **paths = sl_cli_parse(&command, argc, argv);
	int outcome = SL_EXIT_OK;

	if (sl_net_start(&run.err) != SL_OK)
		sl_die("%s", run.err.text);
	sl_selecting_check_standard_input(opt.print_config ? NULL : paths,
					  sl_exporter_count_stdin());
	sl_exporter_fill(&run.exporter);
	fill_deliver();
	sl_replay_fill(&run.replay, sl_cli_is_live(paths));
	run.replay.form = form();
	run.replay.look = look;
	if (!opt.print_config)
		sl_exporter_check_certificates(&run.exporter);
	sl_exporter_check_files(opt.dead_letter, opt.checkpoint, paths);
	read_checkpoint(paths);
	sl_reading.silent = true;
	sl_reading.counts = counts;
	if (opt.print_config)
		sl_exporter_print(&run.exporter);
	else
		outcome = opt.dry_run ? try_dry(paths) : deliver(paths);
	sl_cli_end_answer();
	sl_exporter_free(&run.exporter);
	sl_replay_free(&run.replay);
	return outcome;
}
