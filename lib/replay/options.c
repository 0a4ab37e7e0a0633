/* What the user says of replaying, and what it means. */
#include "spanline/replay.h"
#include "spanline/text.h"
#include <stdlib.h>

static struct {
	struct sl_texts edits;
	const char *seed, *rounds, *shift, *pace, *rate;
	uint64_t copies;
} opt = { .copies = 1 };

const struct sl_option sl_replay_options[] = {
	{ 0, "set", "KEY=VALUE", "set name, span.K or resource.K", .texts = &opt.edits },
	{ 0, "new-ids", "SEED", "other ids that hold together as the old ones", .text = &opt.seed,
	  .otherwise = "" },
	{ 0, "multiply", "N", "each span N times, with new ids", .count = &opt.copies, .least = 1 },
	{ 0, "loop", "N", "all of it N times, or 'forever', with new ids", .text = &opt.rounds },
	{ 0, "shift", "TIME", "move spans: now, end=now, start=TIME, +1h, -1h",
	  .text = &opt.shift },
	{ 0, "pace", "SPEED", "1x: as captured, 10x: faster, none (the usual)", .text = &opt.pace },
	{ 0, "rate", "RATE", "so many a second: 5000/s, 10traces/s, 1Mbytes/s", .text = &opt.rate },
	{ 0 },
};

static void read_edits(struct sl_changes *changes)
{
	struct sl_error err;

	changes->edits = calloc(opt.edits.count + 1, sizeof(*changes->edits));
	if (changes->edits == NULL)
		sl_die("out of memory");
	for (size_t i = 0; i < opt.edits.count; i++)
		if (sl_edit_parse(&changes->edits[i], sl_slice_of(opt.edits.items[i]), &err) !=
		    SL_OK)
			sl_die_usage("option '--set': %s", err.text);
	changes->edit_count = opt.edits.count;
}

static uint64_t read_rounds(void)
{
	uint64_t rounds = 1;

	if (opt.rounds == NULL)
		return 1;
	if (strcmp(opt.rounds, "forever") == 0)
		return UINT64_MAX;
	if (!sl_parse_u64(sl_slice_of(opt.rounds), &rounds) || rounds == 0)
		sl_die_usage("option '--loop': '%s' is neither a number above 0 nor forever",
			     opt.rounds);
	return rounds;
}

static void read_shift(struct sl_replay *replay)
{
	if (opt.shift != NULL &&
	    !sl_shift_parse(&replay->shift, sl_slice_of(opt.shift), replay->start_ns))
		sl_die_usage("option '--shift': '%s' is none of now, end=now, start=TIME, +1h and "
			     "-1h",
			     opt.shift);
}

static void read_pace(struct sl_replay *replay)
{
	if (opt.pace != NULL && opt.rate != NULL)
		sl_die_usage("--pace and --rate contradict each other");
	if (opt.pace != NULL && !sl_pace_parse(&replay->pace, sl_slice_of(opt.pace)))
		sl_die_usage("option '--pace': '%s' is none of none, 1x and 10x", opt.pace);
	if (opt.rate != NULL && !sl_rate_parse(&replay->pace, sl_slice_of(opt.rate)))
		sl_die_usage("option '--rate': '%s' is none of 5000/s, 10traces/s and 1Mbytes/s",
			     opt.rate);
}

void sl_replay_fill(struct sl_replay *replay, bool live)
{
	replay->start_ns = sl_cli_now();
	sl_selecting_fill(&replay->wanted);
	sl_selecting_gather(&replay->traces, &replay->idle_ns);
	replay->traces.gather.live = replay->live = live;
	read_edits(&replay->changes);
	replay->copies = opt.copies;
	replay->rounds = read_rounds();
	replay->changes.new_ids = opt.seed != NULL || opt.copies > 1 || replay->rounds > 1;
	read_shift(replay);
	read_pace(replay);
	replay->spooled =
		replay->rounds > 1 || replay->pace.kind != SL_PACE_NONE ||
		(replay->shift.kind != SL_SHIFT_NONE && replay->shift.kind != SL_SHIFT_BY);
	replay->changes.seed = sl_slice_of(opt.seed != NULL ? opt.seed : "");
}

void sl_replay_free(struct sl_replay *replay)
{
	for (size_t i = 0; i < replay->changes.edit_count; i++)
		sl_edit_free(&replay->changes.edits[i]);
	free(replay->changes.edits);
	free(opt.edits.items);
	sl_selecting_free();
}

/* Also that there is none: the next one must not stand in for it. */
static uint64_t hash_text(const char *text, uint64_t seed)
{
	return text == NULL ? sl_hash64("", 0, seed) : sl_hash64(text, strlen(text) + 1, seed);
}

uint64_t sl_replay_hash(const struct sl_replay *replay, uint64_t seed)
{
	uint64_t hash = sl_selecting_hash(&replay->wanted, seed);

	for (size_t i = 0; i < opt.edits.count; i++)
		hash = hash_text(opt.edits.items[i], hash);
	hash = sl_hash64(&opt.edits.count, sizeof(opt.edits.count), hash);
	hash = hash_text(opt.seed, hash);
	hash = hash_text(opt.rounds, hash_text(opt.shift, hash));
	hash = hash_text(opt.pace, hash_text(opt.rate, hash));
	return sl_hash64(&opt.copies, sizeof(opt.copies), hash);
}

void sl_replay_tell(const struct sl_replay *replay)
{
	if (replay->old_count != 0)
		sl_warn("%llu span%s older than an hour, which not every server takes or shows: "
			"--shift now moves them",
			(unsigned long long)replay->old_count,
			replay->old_count == 1 ? " is" : "s are");
	if (replay->lost_count != 0)
		sl_warn("%llu span%s not sent, as --shift would move them before 1970 or behind "
			"2554",
			(unsigned long long)replay->lost_count,
			replay->lost_count == 1 ? " is" : "s are");
	(void)sl_selecting_settle(replay->reopened, SL_EXIT_OK); /* all is sent */
	if (replay->limits_hit != 0)
		sl_warn("a regular expression gave up %llu time%s: what it was asked of is left "
			"out",
			(unsigned long long)replay->limits_hit, replay->limits_hit == 1 ? "" : "s");
}
