/* Gates from options and files, and what is told of them. */
#include "spanline/judge.h"
#include "spanline/io.h"
#include "spanline/text.h"
#include <stdlib.h>

enum { MOST_BYTES = 1 << 20, STEP = 65536 };

static bool tell(const struct sl_query_fault *fault, const char *path, struct sl_slice text)
{
	struct sl_buffer lines = { 0 };

	if (path != NULL)
		sl_buffer_printf(&lines, "%s: ", path);
	sl_query_show_fault(fault, text, &lines);
	sl_warn_lines(sl_buffer_slice(&lines));
	sl_buffer_free(&lines);
	return false;
}

static enum sl_status read_whole(const char *path, struct sl_buffer *text, struct sl_error *err)
{
	struct sl_input_options how = { 0 };
	struct sl_input *input;
	enum sl_status status = sl_input_open(&input, path, &how, err);

	if (status != SL_OK)
		return status;
	do {
		char *into = sl_buffer_reserve(text, STEP);
		size_t got = 0;

		if (into == NULL) {
			status = sl_fail(err, "more than %d bytes", MOST_BYTES);
			break;
		}
		status = sl_input_read(input, into, STEP, &got, err);
		text->len += got;
	} while (status == SL_OK);
	sl_input_close(input);
	return status == SL_END ? SL_OK : status;
}

static bool add_file(struct sl_gates *gates, const char *path)
{
	struct sl_buffer text = { .limit = MOST_BYTES };
	struct sl_query_fault fault;
	struct sl_error err;
	bool good = true;

	if (read_whole(path, &text, &err) != SL_OK) {
		sl_warn("%s: %s", path, err.text);
		good = false;
	} else if (sl_gates_add_lines(gates, sl_buffer_slice(&text), &fault) != SL_OK) {
		good = tell(&fault, path, sl_buffer_slice(&text));
	}
	sl_buffer_free(&text);
	return good;
}

static void read_comparing(struct sl_judging *judging)
{
	struct sl_compare_options *options = &judging->comparing;
	const char *fail_on = judging->fail_on != NULL ? judging->fail_on : "regressed";
	struct sl_error err;

	if (judging->least_effect != NULL &&
	    sl_least_effect_parse(sl_slice_of(judging->least_effect), options, &err) != SL_OK)
		sl_die_usage("option '--min-effect': %s", err.text);
	if (judging->alpha != NULL &&
	    (!sl_parse_double(sl_slice_of(judging->alpha), &options->alpha) ||
	     !(options->alpha >= 0.0001 && options->alpha <= 0.5)))
		sl_die_usage("option '--alpha': '%s' is not from 0.0001 to 0.5", judging->alpha);
	if (sl_fail_when_parse(sl_slice_of(fail_on), &judging->fail_when, &err) != SL_OK)
		sl_die_usage("option '--fail-on': %s", err.text);
	if (judging->baseline == NULL &&
	    (judging->least_effect != NULL || judging->alpha != NULL || judging->fail_on != NULL))
		sl_die_usage("--min-effect, --alpha and --fail-on need a --baseline");
}

/* Whoever says how to judge believes that something is judged. */
static void check_options(const struct sl_judging *judging)
{
	bool has_gates = judging->assertions.count != 0 || judging->files.count != 0;

	if (!has_gates && (judging->least_spans != 0 || judging->strict))
		sl_die_usage("--min-spans and --strict-ci need an --assert or --assert-file");
	if (judging->baseline == NULL && judging->baseline_optional)
		sl_die_usage("--baseline-optional needs a --baseline");
	if (!has_gates && judging->baseline == NULL && judging->allow_damaged)
		sl_die_usage("--allow-damaged needs an --assert, --assert-file or --baseline");
}

bool sl_judging_read(struct sl_judging *judging)
{
	struct sl_query_fault fault;
	struct sl_error err;

	sl_compare_options_init(&judging->comparing);
	read_comparing(judging);
	check_options(judging);
	if (judging->assertions.count == 0 && judging->files.count == 0)
		return true;
	if (sl_gates_open(&judging->gates, &err) != SL_OK)
		sl_die("%s", err.text);
	for (size_t i = 0; i < judging->assertions.count; i++) {
		const char *text = judging->assertions.items[i];
		struct sl_slice slice = { text, strlen(text) };

		if (sl_gates_add(judging->gates, slice, &fault) != SL_OK)
			return tell(&fault, NULL, slice);
	}
	for (size_t i = 0; i < judging->files.count; i++)
		if (!add_file(judging->gates, judging->files.items[i]))
			return false;
	if (sl_gates_count(judging->gates) != 0)
		return true;
	/* a job that believes itself guarded is worse than none */
	sl_warn("%s: no assertion in it", judging->files.items[0]);
	return false;
}

enum sl_status sl_judging_judge(struct sl_judging *judging, struct sl_watch *watch,
				struct sl_error *err)
{
	struct sl_gate_rules rules = { judging->least_spans, judging->strict };

	if (judging->gates == NULL)
		return SL_OK;
	judging->is_judged = true;
	return sl_watch_judge(watch, &rules, &judging->results, err);
}

static void tell_result(const struct sl_gate_result *result)
{
	struct sl_buffer line = { 0 };

	sl_gate_show_title(result, &line);
	sl_buffer_printf(&line, ": %s: ", result->verdict == SL_GATE_FAILS ? "failed" : "warning");
	sl_gate_show_finding(result, &line);
	sl_warn("%.*s", (int)line.len, line.data != NULL ? line.data : "");
	sl_buffer_free(&line);
}

int sl_judging_outcome(const struct sl_judging *judging, int outcome)
{
	const struct sl_gate_results *results = &judging->results;

	outcome = (int)sl_exit_worse((enum sl_exit)outcome, (enum sl_exit)judging->before.outcome);
	if (judging->gates == NULL && judging->before.summary == NULL)
		return outcome;
	/* nobody may take that for gates that hold */
	if ((judging->gates != NULL && !judging->is_judged) ||
	    (judging->before.summary != NULL && !judging->is_compared))
		return (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_ERROR);
	for (size_t i = 0; i < results->count; i++)
		if (results->items[i].verdict != SL_GATE_HOLDS)
			tell_result(&results->items[i]);
	if (outcome == SL_EXIT_DAMAGED && judging->allow_damaged)
		outcome = SL_EXIT_OK;
	if (results->failed != 0 || judging->failed_changes != 0)
		outcome = (int)sl_exit_worse((enum sl_exit)outcome, SL_EXIT_NO);
	return outcome;
}

void sl_judging_free(struct sl_judging *judging)
{
	sl_gate_results_free(&judging->results);
	sl_summary_close(judging->before.summary);
	free(judging->changes);
	free(judging->found);
	sl_gates_close(judging->gates);
	judging->gates = NULL;
}
