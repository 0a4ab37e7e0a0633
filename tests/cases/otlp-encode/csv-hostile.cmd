# commas, quotes, line ends, what a terminal would obey, and what is no text
printf '%s\n' '{"trace_id":"01","span_id":"02","name":" a,b ","service":"line\nend\ttab","start":"2025-04-07T09:45:12Z","duration_ms":1,"status_message":"\u001b[31mred\u202e","attributes":{"k,\"":"=1+1"}}' \
	'{"trace_id":"01","span_id":"03","name":"x","service":"s","start":"2025-04-07T09:45:12Z","duration_ms":1,"status_message":"\ufffd","exact":{"/status_message":{"stringValueBytes":"/w=="}}}' |
	otlp-encode --to csv --fields 'span_id,name,service,status_message,attributes,duration,kind,span."k,\""'
