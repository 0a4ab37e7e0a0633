# JSON of other programs is named, once a file, where it stands first; one is larger than what is
# read at once
printf '%s\n' '{"resourceSpans":[]}' '[' '{"traceId":"a","id":"b","localEndpoint":{"serviceName":"s"}},' \
	'{"traceId":"a","id":"c","localEndpoint":{"serviceName":"s"}}]' >zipkin.json
printf '%s\n' '{"resourceSpans":[]}' '{"traceId":"a","id":"b","annotations":[{"value":"cs","endpoint":{}}]}' >zipkin-v1.json
printf '%s\n' '{"resourceSpans":[]}' '{"data":[{"processes":{"p1":{}},"spans":[]}]}' >jaeger.jsonl
echo '{"Name":"n","SpanContext":{"TraceID":"a"}}' >go.json
echo '{"name":"n","context":{"trace_id":"0x1"}}' >python.json
echo '[[{"resource":"r","trace_id":0,"span_id":1,"meta":{}}]]' >datadog.json
echo '{"orders":[{"id":7}]}' >unknown.json
{
	printf '{"resourceSpans":[]}\n[\n'
	yes '{"traceId":"a","id":"b","remoteEndpoint":{"serviceName":"s"}},' | head -n 70000
	echo '{}]'
} >large.json
exec otlp-decode zipkin.json zipkin-v1.json jaeger.jsonl go.json python.json datadog.json \
	unknown.json large.json
