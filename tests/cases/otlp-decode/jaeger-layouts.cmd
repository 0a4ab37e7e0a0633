# a trace stands alone, in lists, in lines, in pieces of white space, and however its keys are ordered
one() { printf '{"traceID":"%s","spans":[{"traceID":"%s","spanID":"a","operationName":"%s","processID":"p"}],"processes":{"p":{"serviceName":"s"}}}' "$1" "$1" "$2"; }
one 1 one >one.json
{ one 2 lines; echo; one 3 lines; echo; } >lines.jsonl
{ printf '{"data":['; one 4 data; printf ' ,\n'; one 5 data; printf ']}{"data":['; one 6 concat; printf '],"errors":null}\n{"data":[]}'; } >data.json
{ printf '\357\273\277 [ {"data":['; one 7 list; printf ']},\n'; one 8 list; printf '\n]\n'; } >list.json
printf '{\n  "data": [\n    {\n      "processes": {\n        "p": { "serviceName": "s" }\n      },\n      "spans": [\n        {\n          "processID": "p",\n          "operationName": "pretty",\n          "spanID": "a"\n        }\n      ],\n      "traceID": "9"\n    }\n  ]\n}\n' >pretty.json
printf '{"result":{"spans":[{"traceId":"AAAAAAAAAAAAAAAAAAAACg==","spanId":"AAAAAAAAAAs=","operationName":"stream","process":{"serviceName":"s"}}]}}\n' >stream.json
gzip -c lines.jsonl >lines.gz
for file in one.json lines.jsonl data.json list.json pretty.json stream.json lines.gz; do
	otlp-decode "$file" >out || echo "$file: $?"
	sed 's/^{"trace_id":"0*\([^"]*\)".*"name":"\([a-z]*\)".*"service":"\([a-z]*\)".*/\1 \2 \3/' out
	cat "$file" | otlp-decode --from jaeger | cmp - out
done
