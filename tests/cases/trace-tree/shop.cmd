# what is wrong in each scenario whose answers are known: kind, first span, by trace
for scenario in fast_checkout cache_hit n_plus_one_checkout auth_expired auth_expired_no_error_span \
	async_job async_batch retry_storm retry_503_no_timeout retry_storm_concurrent context_dropped \
	orphans clock_skew duplicate_queries fanout_straggler deep bulk_import; do
	echo "== $scenario"
	trace-tree --to json --all "$SPANLINE_CAPTURES/shop/scenarios/$scenario.pb" |
		jq -r '.trace_id[:8] as $id | .findings[] | select(.severity != "info")
			| "\($id) \(.severity) \(.kind) \(.span_ids[0])"'
done
# the critical path of a cache miss goes through the slow query
trace-tree --to json --all "$SPANLINE_CAPTURES/shop/scenarios/cache_miss.pb" |
	jq -r '.trace_id[:8] + " " + (.critical_path | max_by(.self_ms) | .span_id + " " + .name)'
