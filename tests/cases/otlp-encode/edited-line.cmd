echo '{"trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","name":"GET /","service":"shop","start":"2025-04-07T09:45:12.5Z","duration_ms":1.5,"attributes":{"n":1,"x":2.0},"exact":{"/attributes/x":{"doubleValue":2.0},"/attributes/n":{"doubleValue":3.0}},"colour":"red"}' |
	otlp-encode
