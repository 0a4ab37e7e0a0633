echo '{"trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","name":"a","start":"2025-04-07T09:45:12.5Z","duration_ms":1.5,"events":[{"name":"e","colour":1}],"links":[{"colour":1}],"scope":{"colour":1},"resource":{"colour":1,"entity_refs":[{"colour":1}]}}' |
	otlp-encode
