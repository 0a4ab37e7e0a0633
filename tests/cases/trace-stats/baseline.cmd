# usage: spans SEED PERCENT: 200 traces of a root and two calls, PERCENT of the usual duration
spans() {
	awk -v seed="$1" -v percent="$2" 'BEGIN {
		for (i = 1; i <= 200; i++) {
			state = (state * 1103515245 + 12345 + seed * 7919) % 2147483648
			ms = (50 + int(state / 2147483648 * 100)) * percent / 100
			span = "{\"trace_id\":\"%016d%016d\",\"span_id\":\"%016d\",\"name\":\"%s\"," \
				"\"service\":\"%s\",\"status\":\"%s\",\"start\":\"2026-01-01T00:00:00Z\"," \
				"\"duration_ms\":%d}\n"
			printf span, seed, i, 1, "GET /", "shop", "unset", ms
			printf span, seed, i, 2, "SELECT", "db", "unset", 20 + i % 3
			printf span, seed, i, 3, percent == 100 ? "old" : "new", "db", \
				percent == 100 ? "unset" : "error", 5
		}
	}'
}
spans 1 100 >before.ndjson
spans 2 100 >again.ndjson
spans 3 130 >slower.ndjson
compare() {
	trace-stats --measure count "$@"
	echo "exit $?"
}
compare --baseline before.ndjson slower.ndjson
compare --baseline before.ndjson again.ndjson
compare --baseline slower.ndjson before.ndjson
# a saved summary says the same as the spans; what is compared are summaries, too
trace-stats --save before.stats before.ndjson >/dev/null
trace-stats --save slower.stats slower.ndjson >/dev/null
for form in json markdown junit github; do
	compare --baseline before.stats --to $form slower.ndjson >of-summary 2>&1
	compare --baseline before.ndjson -j 1 --to $form slower.ndjson >of-spans 2>&1
	compare --baseline before.stats --to $form slower.stats >of-both 2>&1
	cmp of-summary of-spans
	cmp of-summary of-both
	cat of-summary
done
# what counts, and what fails
compare --baseline before.stats --min-effect 50% slower.ndjson 2>&1
compare --baseline before.stats --fail-on new-errors --by service slower.stats
compare --baseline before.stats --fail-on new,vanished slower.stats >/dev/null
compare --baseline before.stats --fail-on inconclusive --alpha 0.0001 again.ndjson
# a baseline that is not there
compare --baseline missing again.ndjson
compare --baseline missing --baseline-optional --top 1 again.ndjson
trace-stats --save bare.stats --no-traces before.ndjson >/dev/null
compare --baseline bare.stats again.ndjson
compare --baseline before.stats --min-effect 5 again.ndjson
compare --baseline before.stats --alpha 2 again.ndjson
compare --baseline before.stats --fail-on slow again.ndjson
compare --alpha 0.1 again.ndjson
# one that is there is no missing one; nothing is no baseline, and nothing to compare with one
: >empty
mkdir directory
for baseline in directory empty before.ndjson; do
	compare --baseline $baseline --where 'name = "none"' again.ndjson
	compare --baseline $baseline --baseline-optional --where 'name = "none"' again.ndjson
done
compare --baseline before.ndjson empty
