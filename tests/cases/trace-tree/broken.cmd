# two roots, a cycle, an own parent, a repeated id, three orphans of two parents, a child that lies
# outside, one that ends before it starts
span() {
	printf '{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"%s","parent_span_id":"%s","name":"%s","service":"%s","start":"2026-01-01T00:00:00.%sZ","duration_ms":%s}\n' "$@"
}
{
	span 00000000000000a1 '' root shop 000 100
	span 00000000000000a2 '' 'second root' shop 010 20
	span 00000000000000a3 00000000000000a4 'cycle one' shop 020 5
	span 00000000000000a4 00000000000000a3 'cycle two' shop 021 5
	span 00000000000000a5 00000000000000a5 'own parent' shop 030 5
	span 00000000000000a6 00000000000000a1 child stock 040 10
	span 00000000000000a6 00000000000000a1 'child again' stock 050 10
	span 00000000000000a7 00000000000000ff 'orphan one' bank 060 10
	span 00000000000000a8 00000000000000fe 'orphan two' bank 065 10
	span 00000000000000a9 00000000000000ff 'orphan three' bank 070 10
	span 00000000000000aa 00000000000000a1 'much later' stock 900 10
	span 00000000000000ab 00000000000000a1 backwards stock 080 -3
	span 00000000000000ac 00000000000000a6 '' stock 041 0
} >broken.jsonl
trace-tree --all broken.jsonl
trace-tree --all --ascii --no-findings broken.jsonl
# what is counted fits the line, too
trace-tree --all --width 44 --rows 1 --no-findings broken.jsonl
