# messages: from trace to trace by links, within one by parents; either end may be missing
span() { # TRACE ID PARENT SERVICE KIND MS DESTINATION [LINKS]
	printf '{"trace_id":"%032d","span_id":"%016x","parent_span_id":"%s",' "$1" "$2" \
		"$([ "$3" = 0 ] || printf '%016x' "$3")"
	printf '"name":"work","service":"%s","kind":"%s","start":"2026-01-01T00:00:%02dZ",' "$4" "$5" "$2"
	printf '"duration_ms":%d,"attributes":{' "$6"
	[ -z "$7" ] || printf '"messaging.system":"kafka","messaging.destination.name":"%s"' "$7"
	printf '},"links":[%s]}\n' "$8"
}
link() { # TRACE ID
	printf '{"trace_id":"%032d","span_id":"%016x"}' "$1" "$2"
}
graph() {
	echo "# $1"
	trace-graph --to csv <lines | tail -n +2
	trace-graph <lines | sed -n '/^not known/,$p'
}
{ span 1 1 0 a producer 1 jobs; span 2 2 0 b consumer 5 jobs "$(link 1 1)"; } >lines
graph 'a link'
{ span 2 2 0 b consumer 5 jobs "$(link 1 1)"; span 1 1 0 a producer 1 jobs; } >lines
graph 'the consumer first'
{ span 1 1 0 a producer 1 jobs; span 1 2 0 a producer 1 jobs; span 2 3 0 b consumer 5 bulk "$(link 1 1),$(link 1 2),$(link 9 9)"; } >lines
graph 'a batch, of which one is missing'
{ span 1 1 0 a producer 1 jobs; span 1 2 1 b consumer 5 jobs "$(link 1 1)"; } >lines
graph 'a parent, and the same as a link'
{ span 1 1 0 a producer 1 jobs; span 2 2 0 b consumer 5 jobs "$(link 1 1)"; span 3 3 0 c consumer 5 jobs "$(link 1 1)"; } >lines
graph 'two consumers'
{ span 1 1 0 a producer 1 jobs; span 2 2 0 b consumer 5 jobs; } >lines
graph 'no link'
{ span 1 1 0 a internal 1 ''; span 2 2 0 b internal 5 '' "$(link 1 1)"; span 3 3 0 b internal 5 '' "$(link 2 2)"; } >lines
graph 'links of spans that are no messages'
{ span 1 1 0 a producer 1 jobs; span 2 2 0 b consumer 5 jobs "$(link 1 1)"; span 3 3 0 c producer 1 jobs; } >lines
for where in 'service = "a"' 'service = "b"' '{ service = "b" } || { false }' 'service = "c"'; do
	trace-graph --to csv --where "$where" lines | tail -n +2
done
{ span 1 1 0 a client 1 jobs; span 2 2 0 b consumer 5 jobs "$(link 1 1)"; } >lines
graph 'a client span sent it'
{ span 1 1 0 a client 1 jobs; } >lines
graph 'and nobody took it'
{ span 1 1 0 a internal 1 ''; span 2 2 0 b consumer 5 jobs "$(link 1 1)"; } >lines
graph 'an internal span sent it'
trace-graph --where '{ true } || { false }' --to csv lines | tail -n +2
# the traces are complete one by one, and a link may come too late
trace-graph --sorted --to csv lines | tail -n +2
tac lines | trace-graph --sorted --to csv | tail -n +2
