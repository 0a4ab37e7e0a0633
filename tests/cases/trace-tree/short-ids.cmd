# where a table cuts ids, one of 64 bits is shown by its last digits, and found by what was shown
span() {
	printf '{"trace_id":"%s","span_id":"00000000000000a1","name":"%s","service":"shop","start":"2026-01-01T00:00:00Z","duration_ms":%s}\n' "$@"
}
{
	span 00000000000000000841ba1c16cea86a 'of 64 bits' 2
	span 0000000000000001fedcba9876543210 'of more' 1
} >spans.jsonl
trace-tree --width 80 --rows 1 --no-findings spans.jsonl
trace-tree --width 120 --rows 1 --no-findings spans.jsonl | head -n 3
for id in 0841ba1c16cea86a 841ba1c16cea86a 0000000000000001; do
	span-filter -t $id --fields name '{ }' spans.jsonl
done
