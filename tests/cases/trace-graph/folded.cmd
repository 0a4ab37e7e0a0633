# more names than are told apart
awk 'BEGIN {
	for (i = 1; i <= 10050; i++)
		printf "{\"trace_id\":\"%032x\",\"span_id\":\"%016x\",\"name\":\"n%d\",\"service\":\"s\",\"kind\":\"server\",\"start_unix_nano\":\"%d\",\"end_unix_nano\":\"%d\"}\n", i, i, i, i, i + 5
}' >lines
trace-graph --by service,name --to json lines | jq -c '(.nodes | length), .unknown.folded, ([.nodes[].spans] | add), (.nodes[] | select(.name == ""))'
