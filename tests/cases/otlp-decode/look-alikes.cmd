# JSON of other programs is named, once a file, where it stands first, with what to do; one is larger
# than what is read at once, and some is read, but not behind another format
printf '%s\n' '{"resourceSpans":[]}' '{"data":[{"traceID":"a","processes":{"p1":{}},"spans":[]}]}' >jaeger.jsonl
printf '%s\n' '{"resourceSpans":[]}' '{"traceId":"a","id":"b"}' >zipkin.jsonl
printf '%s\n' '{"resourceSpans":[]}' '{"SpanContext":{"TraceID":"a"}}' >go.jsonl
printf '%s\n' '[' '{"parent":"a","child":"b","callCount":1},' '{"parent":"a","child":"c","callCount":1}]' >links.json
echo '{"data":[{"parent":"a","child":"b","callCount":1}],"total":1}' >dependencies.json
echo '{"data":[{"type":"stored-traces","attributes":{"spans":[{"span-name":"n","span-id":"a","trace-id":"b"}]}}]}' >lightstep.json
echo '{"result":[{"list":[{"timestamp":"1","data":{"spanID":"a","traceID":"b"}}]}]}' >signoz.json
echo '{"ID":"a","RootSpan":{"ID":"b","Name":"n","Children":[]}}' >tracetest.json
echo '{"Traces":[{"Id":"1-a","Segments":[]}]}' >xray.json
echo '{"traceEvents":[]}' >chrome.json
echo '{"traceSegmentId":"a","spans":[]}' >skywalking.json
echo '{"results":{"A":{"frames":[]}}}' >grafana.json
echo '{"processor":{},"trace":{"id":"a"},"transaction":{"id":"b"}}' >elastic.json
echo '{"traces":[{"projectId":"p","traceId":"t"}]}' >google.json
echo '{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":404,"msg":"trace not found"}]}' >error.json
printf '%s\n' '{"traceID":"a","spanID":"b","operationName":"n"}' '{"resourceSpans":[]}' >otlp.jsonl
echo '{"orders":[{"id":7}]}' >unknown.json
{
	printf '\n[\n'
	yes '{"parent":"a","child":"b","callCount":1},' | head -n 70000
	echo '{}]'
} >large.json
otlp-decode ./*.json*
echo "exit status $?"
printf '%s\n' '{' "  resource: {}," "  traceId: '7b4a07a7fb0def07eff88edf6a10f2fd'," '}' | otlp-decode
