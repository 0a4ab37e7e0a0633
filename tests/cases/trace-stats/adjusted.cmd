show() { trace-stats --by name --measure count,adjusted,unknown --to csv --sort group "$@"; }
line() {
	printf '{"trace_id":"%032d","span_id":"%016d","name":"%s",' 99999999999999 "$1" "$2"
	printf '"start":"2026-01-01T00:00:00Z","duration_ms":1,"trace_state":"%s"}\n' "$3"
}
{
	line 1 half ot=th:8
	line 2 half ot=th:8
	line 3 half a=b,ot=rv:ffffffffffffff\;th:8
	line 4 mixed ot=th:0
	line 5 mixed ot=th:4
	line 6 mixed ''
	line 7 mixed ot=rv:ffffffffffffff
	line 8 mixed ot=th:zz
	line 9 none ''
	line 10 contradicts 'ot=th:c;rv:80000000000000'
} >lines
show lines
show -j 2 lines
show --root lines
for i in 1 2 3 4 5 6 7 8 9; do otlp-decode "$DATA/n_plus_one_checkout.pb"; done | span-filter --sample 0.5 |
	trace-stats --by '' --measure count,adjusted,unknown --to csv
# a threshold for each span, twice and in no order
awk 'BEGIN {
	for (i = 0; i < 2000; i++)
		printf "{\"trace_id\":\"%032d\",\"span_id\":\"%016d\",\"start\":\"2026-01-01T00:00:00Z\"," \
			"\"duration_ms\":1,\"trace_state\":\"ot=rv:ffffffffffffff;th:%x\"}\n", 1, i + 1, 4096 + i * 7919 % 1000
}' | tee many | trace-stats --by '' --measure count,adjusted,unknown --to csv
trace-stats --by '' --measure count,adjusted,unknown --to csv -j 2 many
trace-stats --save a.stats --measure adjusted --to csv lines
trace-stats --measure adjusted a.stats
trace-stats --adjusted --by name --top 1 lines
trace-stats --adjusted --by name --top 1 --measure count --to json lines
trace-stats --adjusted --measure adjusted a.stats
trace-stats --adjusted --keys lines
