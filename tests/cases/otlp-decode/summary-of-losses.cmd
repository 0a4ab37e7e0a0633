echo '{"trace_id":"01","span_id":"02","start_unix_nano":"1","end_unix_nano":"2","kind":"srver","links":{}}' |
	otlp-decode --check --summary 2>summary
echo $?
tail -n 1 summary | jq -c '[.spans, .departures]'
