# the server's half of a shared span becomes a child, and what that server did its child; a part
# without a time is joined; a half that stands alone in a line is told by itself
span() { printf '{"traceId":"1","id":"%s","name":"%s","localEndpoint":{"serviceName":"%s"}%s}' "$1" "$2" "$3" "$4"; }
{
	printf '['
	span 2 'server work' bank ',"parentId":"1","timestamp":20,"kind":"CLIENT"'
	printf ',\n'
	span 1 served bank ',"parentId":"9","timestamp":10,"duration":5,"kind":"SERVER","shared":true'
	printf ',\n'
	span 1 called shop ',"parentId":"9","timestamp":8,"duration":9,"kind":"CLIENT"'
	printf ',\n'
	span 3 'client work' shop ',"parentId":"1","timestamp":9'
	printf ',\n'
	span 1 late bank ',"tags":{"late":"yes"},"annotations":[{"timestamp":11,"value":"x"}]'
	printf ',\n'
	span 4 'shared with nobody' shop ',"timestamp":1,"parentId":"9","shared":true'
	printf ',\n'
	span 5 'no time' shop ''
	printf ']\n'
} >shared.json
span 1 served bank ',"parentId":"9","timestamp":10,"shared":true' >line.json
for file in shared.json line.json; do
	otlp-decode "$file" | sed 's/"start":.*"attributes"/"attributes"/; s/^{"trace_id":"0*1",//'
done
