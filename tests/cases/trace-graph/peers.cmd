# what goes before the others may say nothing: the next one counts, from lines as from requests
span() { # ID KIND ATTRIBUTES
	printf '{"trace_id":"%032d","span_id":"%016x","name":"q","service":"a","kind":"%s",' 1 "$1" "$2"
	printf '"start":"2026-01-01T00:00:%02dZ","duration_ms":1,"attributes":{%s}}\n' "$1" "$3"
}
{
	span 1 client '"peer.service":"","db.system":"mysql","server.address":"x"'
	span 2 client '"db.system.name":"","db.system":"redis","db.namespace":"","db.name":"cart"'
	span 3 client '"db.system":true,"server.address":"x","server.port":80'
	span 4 client '"server.address":"","net.peer.name":"y","net.peer.port":443,"server.port":""'
	span 5 client '"server.address":[1],"http.host":"w"'
	span 6 client '"server.address":"","url.full":"https://u@z:8080/path"'
	span 7 producer '"messaging.system":"","server.address":"broker","db.system":"mysql"'
	span 8 consumer '"db.system":"mysql","messaging.system":"kafka","messaging.destination":"jobs"'
	span 9 client '"peer.service":"ledger","db.system":"mysql","messaging.system":"kafka"'
	span 10 client '"peer.service":"","db.system":"","messaging.system":"","server.address":""'
	span 11 client '"server.address":"h\u00e9","server.port":1,"url.full":"http://not/this"'
	span 12 server '"db.system":"mysql","server.address":"own","net.host.port":2'
	span 13 client '"server.address":"own","net.peer.port":2'
} | otlp-decode >lines
trace-graph --to csv lines | cut -d , -f 1-8
otlp-encode --to be32 lines | trace-graph --to csv >encoded
trace-graph --to csv lines | cmp - encoded
