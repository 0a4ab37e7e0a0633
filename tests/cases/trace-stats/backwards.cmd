line() {
	printf '{"trace_id":"%032d","span_id":"%016d","name":"n","service":"s",' 1 "$1"
	printf '"start_unix_nano":"%s","end_unix_nano":"%s"}\n' "$2" "$3"
}
{
	line 1 1000 10
	line 2 10 1000
	line 3 0 18446744073709551615
	line 4 0 18446744073709551615
	line 5 18446744073709551615 0
} >lines
trace-stats lines
trace-stats --to ndjson --measure min,mean,max,sum,stdev lines
head -n 1 lines | trace-stats --to ndjson --measure mean,sum,stdev,rate
# nor 63 bits
{
	line 1 0 18446744073709551615
	line 2 18446744073709551615 0
} | trace-stats --to ndjson --measure stdev
# what 64 bits do not hold
{
	line 1 0 9223372036854775807
	line 2 0 9223372036854775807
	line 3 0 9223372036854775807
} | trace-stats
