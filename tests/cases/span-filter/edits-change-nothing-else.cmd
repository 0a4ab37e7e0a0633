# of a line that is sampled, or whose parent is left out, one value changes and not a byte besides
line() { printf '{"mine": 1, "trace_id":"0000000000000000000000000000000%s","span_id":"000000000000000%s",%s"name": "%s", "start_unix_nano":1,"end_unix_nano":2.0e0,"also":{"x":1e400} }\n' "$@"; }
{
	line 1 1 '' root
	line 1 2 '"parent_span_id":"0000000000000001",' middle
	line 1 3 '"parent_span_id" : "0000000000000002" , "trace_state":"a=b,ot=rv:ffffffffffffff",' leaf
} >lines
span-filter --sample 50% --keep 'true' lines | cmp - lines && echo kept as they are
span-filter --sample 100% lines
span-filter --drop 'name = "middle"' --reparent lines >less
grep -v middle lines | diff - less
span-filter --drop 'name = "root" || name = "middle"' --reparent lines
span-filter --drop 'name = "middle"' --reparent --fields name,parent_span_id lines
span-filter --sample 100% --fields name,trace_state lines
