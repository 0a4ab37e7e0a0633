# what is not tried, and what is: 60 traces, half of them on the right
i=0
while [ $i -lt 60 ]; do
	i=$((i + 1))
	side=$((i % 2))
	printf '{"trace_id":"%032d","span_id":"%016d","name":"a","service":"s",' $i $i
	printf '"start":"2026-01-01T00:00:00Z","duration_ms":1,"attributes":{'
	printf '"side":%d,"unique":"id-%d","pair":%d,"some":%d,' $side $i $((i / 2)) $((i / 4))
	printf '"day":"2026-11-2%dT00:00:00Z","date":"2026-11-2%d","constant":true' $side $side
	[ $i -gt 3 ] || printf ',"rare":1'
	[ $side = 0 ] || printf ',"only":"%s"' $i
	printf '}}\n'
done >lines
trace-diff --to json --split '{ span.side = 1 }' lines |
	jq -c '[.tried, .keys_left_out], (.rows[] | [.kind, .what, .follows])'
# an attribute of one long value takes no page
for set in old new; do
	for trace in 1 2 3 4 5 6; do
		printf '{"trace_id":"%s%031d","span_id":"01","name":"work","service":"s","start_unix_nano":"1000","end_unix_nano":"2000","attributes":{"q":"%s%0400d"}}\n' ${#set} $trace $set 0 | sed "s/\"3/\"$([ $set = old ] && echo 3 || echo 4)/"
	done >$set
done
trace-diff --to html old new | grep -o '<code>span.q[^<]*' | sed 's/0*…0*/…/'
# traces of many values each: these are in all traces, and those in one
rm -f lines
for trace in 1 2 3 4 5 6 7 8 9 10 11 12; do
	for span in 1 2 3 4 5 6 7 8; do
		printf '{"trace_id":"%032d","span_id":"%016d","name":"%s","service":"s","start_unix_nano":"1000","end_unix_nano":"2000","attributes":{"shard":%d,"id":"%d-%d"}}\n' \
			$trace $span $((trace % 2)) $((span + 3 * (trace % 2))) $trace $span
	done >>lines
done
trace-diff --to json --split '{ name = "1" }' lines | jq -c '.keys_left_out, (.rows[] | select(.kind == "attribute") | .what)'
