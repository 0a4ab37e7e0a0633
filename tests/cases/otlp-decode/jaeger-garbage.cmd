# what stands between traces is told with its place, each time; a trace that is too large is read in
# pieces
one() { printf '{"traceID":"1","spans":[{"traceID":"1","spanID":"%s","operationName":"x","processID":"p"}],"processes":{"p":{"serviceName":"s"}}}' "$1"; }
{
	one a
	printf '\ngarbage\n'
	one b
	printf '\nmore garbage\n{"data":['
	one c
	printf ',oops,'
	one d
	printf '],\n'
	one e
	printf '\n{"data":[null,'
} >garbage.jsonl
printf '{"traceID":"1","spans":[' >large.json
for id in 1 2 3 4 5 6 7 8 9; do printf '{"traceID":"1","spanID":"%s","operationName":"x"},' $id; done >>large.json
printf '{"traceID":"1","spanID":"a","operationName":"x"}],"processes":{}}\n' >>large.json
for file in garbage.jsonl large.json; do
	otlp-decode --max-message 256 $file >out
	echo "$file: $?"
	sed 's/^{"trace_id":"0*1","span_id":"0*\(.\)".*"name":"x",*\(.*\)"status".*/\1 \2/' out
done
