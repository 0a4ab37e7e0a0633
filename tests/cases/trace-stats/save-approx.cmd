cat "$DATA/n_plus_one_checkout.pb" "$DATA/auth_expired.pb" >both
trace-stats --approx --save all.stats --to json both >all.json
for part in 1 2 3 4 5 6 7; do
	span-filter --shard $part/7 both | trace-stats --approx --save $part.stats -j $((part % 2 + 1)) >/dev/null
done
trace-stats --to json [1-7].stats | cmp - all.json
cat [1-7].stats | trace-stats --to json | cmp - all.json
trace-stats --save merged.stats [1-7].stats >/dev/null
cmp merged.stats all.stats
span-filter --shard 1/2 both | trace-stats --approx --to json --save half.stats - >/dev/null
span-filter --shard 2/2 both | trace-stats --approx --to json - half.stats | cmp - all.json
head -n 2 all.stats
trace-stats --measure count,sum,p50,max --top 2 all.stats
# what ends before it starts, 0, more buckets than a line has; by the summary and without it
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "{\"trace_id\":\"%032x\",\"span_id\":\"%016x\",\"name\":\"x\",\"start_unix_nano\":\"10000000000\",\"end_unix_nano\":\"%.0f\"}\n", i + 1, i + 1, 10000000000 + (i - 500) * 2048 }' |
	trace-stats --approx-error 0.1% --by '' --save wide.stats --to json >wide.json 2>/dev/null
trace-stats --to json wide.stats | cmp - wide.json
grep -c buckets wide.stats
# exact ones may be had roughly, not the other way round
trace-stats --save exact.stats both >/dev/null
trace-stats --approx --to json exact.stats | cmp - all.json
refused() { "$@" >out; echo "$? $(wc -l <out)"; }
refused trace-stats exact.stats all.stats
refused trace-stats all.stats exact.stats
refused trace-stats both all.stats
refused trace-stats --approx-error 2% all.stats
refused trace-stats --plot all.stats
refused trace-stats --measure stdev all.stats
refused trace-stats --baseline both all.stats
refused trace-stats --baseline all.stats both
# damage
for edit in 's/count":./count":9/' 's/"sum":\[0/"sum":[x/' 's/"least":2/"least":8/' 's/"buckets":"..../"buckets":"/' \
	's/"buckets":"/"buckets":"gICAgICAgICAgICA/' 's/"buckets":"[^"]*"/"buckets":"gICAgICAgIABAQ=="/' \
	's/"count":[0-9]*/"count":9223372036854775807/;s/"buckets":"[^"]*"/"buckets":"AP\/\/\/\/\/\/\/\/9\/"/'; do
	sed "2$edit" all.stats >bad.stats
	refused trace-stats --top 1 bad.stats
done
sed '1s/"error":0.01/"error":0/' all.stats >bad.stats
refused trace-stats bad.stats
sed '1s/"traces":false/"traces":true/' all.stats >bad.stats
refused trace-stats bad.stats
