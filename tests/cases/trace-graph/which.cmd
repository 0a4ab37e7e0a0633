# what is chosen of spans; what lies below what is that of whole traces
for where in 'service = "checkout"' 'kind = server' 'status = error' 'name = "nothing"' \
	'{ service = "gateway" } >> { service = "auth" }' '{ .db.system = "postgresql" } || { false }'; do
	echo "$where"
	trace-graph --to csv --where "$where" "$DATA/auth_expired.pb" | cut -d , -f 1-8
done
trace-graph --to csv -t 4bd2 "$DATA/auth_expired.pb" | cut -d , -f 1-8
# a trace by the start of its root
otlp-decode "$DATA/auth_expired.pb" | jq -r 'select(.parent_span_id == null) | .start' | sort
trace-graph --since 2026-11-21T03:22:31.86Z --to csv "$DATA/auth_expired.pb" | cut -d , -f 1-8
trace-graph --until 2026-11-21T03:22:31.86Z --to csv "$DATA/auth_expired.pb" | cut -d , -f 1-8
trace-graph --until 2026-11-21T03:22:31.86Z --where '{ kind = server } >> { kind = client }' --to csv "$DATA/auth_expired.pb" | cut -d , -f 1-8
# whose an address is does not depend on what is chosen
{
	for trace in 1 2 3; do
		printf '{"trace_id":"%032d","span_id":"0000000000000001","name":"GET","service":"a","kind":"client","start_unix_nano":"1000","end_unix_nano":"9000","attributes":{"server.address":"x"}}\n' $trace
		printf '{"trace_id":"%032d","span_id":"0000000000000002","parent_span_id":"0000000000000001","name":"GET","service":"b","kind":"server","start_unix_nano":"2000","end_unix_nano":"5000"}\n' $trace
	done
	printf '{"trace_id":"%032d","span_id":"0000000000000001","name":"GET","service":"a","kind":"client","status":"error","start_unix_nano":"1000","end_unix_nano":"9000","attributes":{"server.address":"x"}}\n' 4
} >lines
trace-graph --to csv --where 'status = error' lines | cut -d , -f 1-8
