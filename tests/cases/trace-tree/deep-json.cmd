i=0
while [ $i -lt 70 ]; do
	printf '{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"%016x","parent_span_id":"%s","name":"level","service":"shop","start":"2026-01-01T00:00:00Z","duration_ms":%d}\n' $((i + 1)) "$([ $i = 0 ] || printf %016x $i)" $((100 - i))
	i=$((i + 1))
done >deep.jsonl
trace-tree --to json deep.jsonl | jq -c '[.spans, ([.tree | .. | objects | .span_id?] | length), .deeper]'
trace-tree --width 60 --rows 3 --no-findings deep.jsonl
