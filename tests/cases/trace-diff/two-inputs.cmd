cp "$DATA/auth_expired.pb" "$DATA/tcp-http1-proto-1.bin" .
# the same captures, told apart only by which comes first
old=tcp-http1-proto-1.bin new=auth_expired.pb
shown() {
	jq -c '[.total_ms, .p95_total_ms, .duration, ([.rows[] | [.kind, .what, .effect]] | sort | length)]'
}
trace-diff --to json "$old" "$new" | shown
trace-diff --to json "$new" "$old" | shown
otlp-decode "$new" | trace-diff --to json "$old" - | shown
trace-diff --to json "$old" "$old" | jq -c '[.verdict, .rows, .total_ms, .p95_total_ms]'
trace-diff --where '{ status = error }' "$old" "$new"
# what was exported once more was not called twice
otlp-decode "$DATA/tcp-http1-proto-1.bin" >once
cat once once >twice
trace-diff --fail-on different,errors once twice
