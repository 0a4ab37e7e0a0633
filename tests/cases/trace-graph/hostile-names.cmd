span() { # TRACE ID PARENT SERVICE NAME KIND ATTRIBUTES
	printf '{"trace_id":"%032d","span_id":"%016d","parent_span_id":"%s",' "$1" "$2" "$3"
	printf '"name":"%s","service":"%s","kind":"%s","attributes":{%s},' "$5" "$4" "$6" "$7"
	printf '"start":"2026-01-01T00:00:00Z","duration_ms":%d}\n' "$2"
}
{
	span 1 1 '' '\u001b[31m' 'a\nb' client '"peer.service":"</script><img src=x onerror=alert(1)>"'
	span 1 2 0000000000000001 '|`<b>&#@:*' 'comma, \"quote\"\ttab' server ''
	span 1 3 0000000000000002 '|`<b>&#@:*' '' client '"db.system":"]\"]; click n0 \"javascript:x\"","db.name":"\\"'
	span 2 4 '' '\u202e' 'end' client '"server.address":"=HYPERLINK(\"http://x\")"'
	span 3 5 '' '' '%%{init: {}}%%' producer '"messaging.system":"\u0000\ud800","messaging.destination.name":"graph TD"'
} >lines
for form in text json dot mermaid html csv; do
	trace-graph --to $form lines
	trace-graph --by service,name --to $form lines
done
trace-graph --to json:old.json lines
trace-graph --diff old.json lines | tail -n 1
# what is told of long names, and in ASCII of any
long=$(printf '%0300d' 7)
{
	span 1 1 '' "$long" "$long" client '"peer.service":"b"'
	span 1 2 0000000000000009 GET "$long" server ''
	span 2 3 '' '' b server ''; span 3 4 '' '' "$long" server '"peer.service":"a"'
	span 4 5 '' GET 'h\u00f4te' client '"peer.service":"\u65e5\u672c"'
} >long
trace-graph --to json:none.json </dev/null
trace-graph --width 60 --ascii --diff none.json long
trace-graph --width 60 --diff none.json long | tail -n 4
