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
