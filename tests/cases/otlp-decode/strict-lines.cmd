# one line each of what strict refuses, behind one that is good
good='{"trace_id":"01","span_id":"02","start_unix_nano":"1","end_unix_nano":"2"}'
for odd in '"colour":"red"' '"events":[{"colour":"red"}]' '"links":[{"colour":"red"}]' \
	'"scope":{"colour":"red"}' '"resource":{"colour":"red"}' \
	'"resource":{"entity_refs":[{"colour":"red"}]}' '"duration_ms":5' \
	'"start":"1970-01-01T00:00:01Z"' '"exact":{"/name":{"stringValueBytes":"/w=="}}' \
	'"service":"a","resource":{"attributes":{"service.name":"b"}}' '"trace_id":"03"' \
	'"kind":"srver"' '"flags":"x"' '"name":5' '"attributes":{"a":1e400}' '"events":[null]'; do
	printf '%s\n' "$good" "${good%\}},$odd}" >lines
	otlp-decode --strict lines >/dev/null
	[ $? = 3 ] || echo "not refused: $odd"
done
