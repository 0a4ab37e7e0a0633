span() {
	printf '{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"%s","parent_span_id":"%s","name":"%s","service":"%s","kind":"%s","start":"2026-01-01T00:00:00.%sZ","duration_ms":%s}\n' "$@"
}
{
	span 00000000000000a1 '' GET shop server 500 100
	span 00000000000000a2 00000000000000a1 call shop client 510 80
	span 00000000000000a3 00000000000000a2 answer price server 300 60
	span 00000000000000a4 00000000000000a3 query price client 310 20
} >skew.jsonl
trace-tree --all skew.jsonl
trace-tree --all --adjust-skew skew.jsonl
