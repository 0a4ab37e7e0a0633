# keys that repeat, among few and among many, stand once
jq -cn '{trace_id:"5b8efff798038103d269b633813fc60c",span_id:"eee19b7ec3c1b174",name:"n",start:"2025-04-07T09:45:12Z",duration_ms:1,
	attributes:([range(200)|{"k\(.)":"span"}]|add),resource:{attributes:([range(300)|{"k\(.)":"resource"}]|add)}}' |
	otlp-encode --to zipkin | jq -c '[.[0].tags[]] | group_by(.) | map([.[0], length])'
