# an array, an array of arrays, lines, one span, and one that does not fit into a message
span() { printf '{"traceId":"%s","id":"%s","name":"%s","timestamp":1}' "$1" "$2" "$3"; }
{ printf '['; span 1 1 array; printf ','; span 1 2 array; printf ']'; } >array.json
{ printf '[\n [ '; span 2 1 arrays; printf ' ], ['; span 3 1 arrays; printf ','; span 3 2 arrays; printf '],[]\n]\n'; } >arrays.json
{ span 4 1 lines; echo; span 5 1 lines; echo; } >lines.jsonl
span 6 1 one >one.json
{ printf '['; for i in 1 2 3 4 5 6 7 8 9; do span 7 $i large; printf ', '; done; span 7 a large; printf ']['; span 8 1 behind; printf ']'; } >large.json
for file in array.json arrays.json lines.jsonl one.json large.json; do
	otlp-decode --max-message 300 "$file" >out || echo "$file: $?"
	sed 's/^{"trace_id":"0*\([^"]*\)","span_id":"0*\([^"]*\)".*"name":"\([a-z]*\)".*/\1 \2 \3/' out
	cat "$file" | otlp-decode --max-message 300 --from zipkin | cmp - out
done
