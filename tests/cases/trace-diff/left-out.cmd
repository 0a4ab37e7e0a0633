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
