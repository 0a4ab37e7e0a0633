span() { # TRACE ID PARENT SERVICE KIND MS [ATTRIBUTES [REST]]
	printf '{"trace_id":"%032d","span_id":"%016x","parent_span_id":"%s",' "$1" "$2" \
		"$([ "$3" = 0 ] || printf '%016x' "$3")"
	printf '"name":"work","service":"%s","kind":"%s","start":"2026-01-01T00:00:00Z",' "$4" "$5"
	printf '"duration_ms":%d,"attributes":{%s}%s}\n' "$6" "$7" "$8"
}
trace=0
while [ $trace -lt 12 ]; do
	trace=$((trace + 1))
	{ span $trace 1 0 a client 9; span $trace 2 1 b server 5; span $trace 3 2 b client 4 '"db.system":"mysql"'; } >>old
	{
		span $trace 1 0 a client 19; span $trace 2 1 b server 5
		span $trace 3 2 b client 4 '"db.system":"redis"'
		span $trace 4 0 a client 1; span $trace 5 4 b server 1 '' "$([ $trace -gt 5 ] || echo ',"status":"error"')"
	} >>new
done
trace-graph --to json:old.json old
trace-graph --diff old.json new >of-json
trace-graph --diff old new | diff of-json -
cat of-json
for form in json dot mermaid csv; do
	trace-graph --diff old --to $form new
done
trace-graph --diff old --to html new | grep -c gone
# the page has room for what has changed, and for what comes back
trace-graph --diff old --to html new | sed -n 's/.*class="label".*>\(.*\)<.*/\1/p'
{ span 1 1 0 a client 9; span 1 2 1 b server 8; span 1 3 2 b client 7; span 1 4 3 a server 6; } |
	trace-graph --to html | sed -n 's/.*class="edge.* d="\([^"]*\)".*/\1/p'
for kind in new-edge gone-edge changed-edge new-errors new-node gone-node orphan new-node,no-service,lost-context; do
	echo "$kind"
	trace-graph --diff old.json --fail-on $kind --to csv new >/dev/null
	echo $?
done
trace-graph --diff old --fail-on new-edge,gone-edge,changed-edge,new-errors,new-node,gone-node old | tail -n 1
trace-graph --diff old --min-change 1000% --fail-on changed-edge new >/dev/null
trace-graph --diff old.json --by service,name new
trace-graph --by service,name --to json:names.json old
trace-graph --diff names.json --by service,name new | tail -n 6
sed 's/"to":"b"/"to":"c"/' old.json >bad.json
trace-graph --diff bad.json new
head -c 300 old.json >cut.json
trace-graph --diff cut.json new
echo '{"nodes":[{"id":"a"}],"edges":[]}' >kindless.json
trace-graph --diff kindless.json new
trace-graph --diff /dev/null new | tail -n 3
# names that are no UTF-8 are the same when they are read back
printf '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"caf\351"}}]},"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"x","kind":2,"startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}' >latin
trace-graph --to json:latin.json latin 2>/dev/null
trace-graph --diff latin.json latin 2>/dev/null | tail -n 1
cat latin.json | trace-graph --diff - latin 2>/dev/null | tail -n 1
trace-graph --diff - latin <latin.json 2>/dev/null | tail -n 1
cat latin | trace-graph --diff - latin
trace-graph --diff - new <new
trace-graph --diff - <latin.json
