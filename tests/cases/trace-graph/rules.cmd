# each rule by itself: FROM,TO,KIND,FROM_KIND,TO_KIND,CALLS,ERRORS, then times, what is lost or inferred, via
span() { # TRACE ID PARENT SERVICE NAME KIND MS [ATTRIBUTES [REST]]
	printf '{"trace_id":"%032d","span_id":"%016x","parent_span_id":"%s",' "$1" "$2" \
		"$([ "$3" = 0 ] || printf '%016x' "$3")"
	printf '"name":"%s","service":"%s","kind":"%s",' "$5" "$4" "$6"
	printf '"start":"2026-01-01T00:00:%02dZ","duration_ms":%d,"attributes":{%s}%s}\n' "$2" "$7" "$8" "$9"
}
graph() {
	echo "# $1"
	trace-graph --to csv --by "${2:-service}" <lines | tail -n +2
	trace-graph --by "${2:-service}" <lines | sed -n '/^not known/,$p'
}
{ span 1 1 0 a GET client 9; span 1 2 1 b GET server 5; } >lines
graph 'both sides'
{ span 1 1 0 a work internal 9; span 1 2 1 b GET server 5; } >lines
graph 'no client span'
{ span 1 1 0 a GET client 9; span 1 2 1 a dns internal 1; span 1 3 2 b GET server 5; } >lines
graph 'an internal span between'
{ span 1 1 0 a GET client 9; span 1 2 1 b work internal 5; } >lines
graph 'another service without a server span'
{ span 1 1 0 a GET client 9; span 1 2 1 a GET server 5; } >lines
graph 'a service that calls itself'
{ span 1 1 0 a GET server 9; span 1 2 1 a GET server 5; } >lines
graph 'a server span below a server span of one service is no call'
{ span 1 1 0 a rpc client 9; span 1 2 1 a http client 8; span 1 3 2 b GET server 5; } >lines
graph 'a call within a call'
{ span 1 1 0 a rpc client 9 '"server.address":"x"'; span 1 2 1 a http client 8 '"server.address":"x","server.port":80'; } >lines
graph 'the same of a leaf'
{ span 1 1 0 a GET client 9; span 1 2 1 b GET server 5; span 1 3 1 b GET server 4; } >lines
graph 'two answers'
{ span 1 1 0 a GET client 9; span 1 2 1 b GET server 8; span 1 3 2 b GET client 7; span 1 4 3 a GET server 6; span 1 5 4 a GET client 5; span 1 6 5 b GET server 4; } | sed 's/00:00:0./00:00:01/' >lines
graph 'calls that come back: what was waited for counts once'
{ span 1 1 0 a GET client 9 '' ',"status":"error"'; span 1 2 1 b GET server 5; } >lines
graph 'the client saw an error'
{ span 1 1 0 a GET client 2; span 1 2 1 b GET server 5; } >lines
graph 'the client gave up'
{
	span 1 1 0 a q client 1 '"db.system.name":"postgresql","db.namespace":"shop","server.address":"x"'
	span 1 2 0 a q client 1 '"db.system":"redis","db.redis.database_index":3'
	span 1 3 0 a q client 1 '"db.system":"mysql"'
	span 1 4 0 a q client 1 '"peer.service":"ledger","db.system":"mysql"'
	span 1 5 0 a q client 1 '"peer.service":"tax office","server.address":"x"'
	span 1 6 0 a q client 1 '"net.peer.name":"y","net.peer.port":443'
	span 1 7 0 a q client 1 '"http.url":"https://user:secret@z:8080/path?x"'
	span 1 8 0 a q client 1 '"http.host":"w"'
	span 1 9 0 a q client 1 '"url.full":"/path"'
	span 1 10 0 a q client 1
	span 1 11 0 a q unspecified 1 '"db.system":"sqlite"'
	span 1 12 0 a q producer 1 '"messaging.system":"kafka","messaging.destination.name":"jobs"'
	span 1 13 0 a q consumer 1 '"messaging.system":"kafka","messaging.destination":"replies"'
	span 1 14 0 a q producer 1
	span 1 15 0 a q consumer 1
} >lines
graph 'leaves'
{
	span 1 1 0 a GET client 9 '"server.address":"x"'; span 1 2 1 b GET server 5
	span 2 3 0 a GET client 9 '"server.address":"x"'
	span 3 4 0 a GET client 9 '"server.address":"x"' ',"status":"error"'
	span 4 5 0 a GET client 9 '"server.address":"x"'; span 4 6 5 b GET server 5
	span 4 7 0 a GET client 9 '"server.address":"x"'
} >lines
graph 'where servers answer mostly' ; graph 'by operation' service,name
{
	span 1 1 0 a GET client 9 '"server.address":"x"'; span 1 2 1 b GET server 5
	for trace in 2 3 4; do span $trace 3 0 a GET client 9 '"server.address":"x"'; done
} >lines
graph 'and where they do not'
{ span 1 1 0 a GET client 9 '"server.address":"x"'; span 2 2 0 b GET server 5 '"server.address":"x"'; } >lines
graph 'a server that says where it is'
{ span 3 3 0 c GET server 5 '"server.address":"x"'; } >>lines
graph 'two that say it'
{ span 1 1 0 a GET client 9 '"peer.service":"b"'; span 2 2 0 b GET server 5; } >lines
graph 'the name of a service'
{ span 1 1 0 a GET client 9000 '"server.address":"x"'; span 1 2 99 b GET server 5; } >lines
graph 'inferred'
{ span 1 1 0 a GET client 9000 '"server.address":"x"'; span 1 2 0 a GET client 9000 '"server.address":"y"'; span 1 3 99 b GET server 5; } >lines
graph 'not inferred: there are two'
{ span 1 1 0 a GET client 9000 '"peer.service":"b"'; span 1 2 99 b GET server 5; } >lines
graph 'not inferred: what is missing stands before the service that was called'; graph 'by operation' service,name
{ span 2 1 0 b GET client 9000 '"peer.service":"b"'; span 2 2 99 c GET server 5; span 3 1 0 b GET client 9; span 3 2 1 c GET server 5; } >>lines
graph 'inferred beside calls that are told'
{ span 1 1 0 a GET client 9; span 1 1 0 b GET server 5; span 1 2 1 b q client 1 '"db.system":"mysql"'; span 1 3 1 a log internal 1; } >lines
graph 'sides that share an id'
{ span 1 1 0 a GET client 9; span 1 2 1 b GET server 5; span 1 2 1 b GET server 5; } >lines
graph 'a span twice'
{ span 1 1 2 a GET server 9; span 1 2 1 b GET server 5; span 1 3 0 '' GET server 1; } >lines
graph 'a cycle, and no service'
{ span 1 1 0 b GET server 5 '"peer.service":"phone"'; span 2 2 0 b GET server 4 '"peer.service":"a"'; span 3 3 0 a GET client 3; span 3 4 3 b GET server 2 '"peer.service":"c"'; } >lines
graph 'a server that names its caller'
{
	span 1 1 99 b GET server 5 '"peer.service":"phone"'; span 2 1 98 b GET server 5 '"peer.service":"a"'
	span 3 3 0 a GET client 9000 '"server.address":"x"'; span 3 4 97 b GET server 2 '"peer.service":"c"'
	span 4 4 96 b GET server 2 '"server.address":"x"'
} >lines
graph 'and one whose parent is missing'; graph 'by operation' service,name
