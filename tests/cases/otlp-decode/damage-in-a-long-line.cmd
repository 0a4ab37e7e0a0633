# the span that is broken is lost, and told of with its byte
span='{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"good","startTimeUnixNano":"1","endTimeUnixNano":"2"}'
many=$span,$span,$span,$span,$span,$span,$span,$span
echo '{"resourceSpans":[]}' >long.jsonl
echo '{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":['"$many"',{"flags":01},'"$span"']}]}]}' >>long.jsonl
otlp-decode long.jsonl | wc -l
tail -c +1169 long.jsonl | head -c 4
