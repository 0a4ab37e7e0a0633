# the stories that the recorded shop tells, each with its first row
cd "$SPANLINE_CAPTURES/shop/scenarios" || exit
first() {
	trace-diff --to json "$@" | tee -a "$OLDPWD/all" |
		jq -r '.rows[0] | "\(.kind) \(.what): \(.right.traces) of \(.right.of), \(.left.traces) of \(.left.of); calls \(.right.mean), \(.left.mean)"'
}
echo 'what a cache that misses falls through to'
first --split 'root && duration > 200ms' cache_hit.pb cache_miss.pb
first --split-quantile 0.98 cache_hit.pb cache_miss.pb
first cache_hit.jsonl cache_miss.jsonl
echo 'one query for each item'
first --split 'root && duration > 50ms' fast_checkout.pb n_plus_one_checkout.pb
first fast_checkout.jsonl n_plus_one_checkout.jsonl
echo 'attempts'
rest=$(ls ./*.pb | grep -v 'retry\|warmup')
# shellcheck disable=SC2086 # a list of files
first --split 'root && duration > 1s' retry_storm.pb $rest
# shellcheck disable=SC2086
cat $rest >"$OLDPWD/rest.pb"
first "$OLDPWD/rest.pb" retry_storm.pb
echo 'the same of every form'
for form in pb jsonl; do
	trace-diff --to json --split 'root && duration > 50ms' "fast_checkout.$form" "n_plus_one_checkout.$form" | cksum
done
jq -s -c '[.[] | .total_ms, .p95_total_ms]' "$OLDPWD/all"
