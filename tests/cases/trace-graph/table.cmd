trace-graph "$DATA/n_plus_one_checkout.pb"
trace-graph --top 2 --width 60 "$DATA/auth_expired.pb"
trace-graph --width 40 "$DATA/auth_expired.pb"
trace-graph --ascii --top 3 <"$DATA/auth_expired.jsonl"
# spans that end before they start
printf '{"trace_id":"01","span_id":"01","service":"a","kind":"server","start_unix_nano":"2000000","end_unix_nano":"1000000"}\n' |
	trace-graph
