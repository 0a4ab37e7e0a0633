# whole spans of a request that is cut, and nothing in silence of a body that is none
head -c 20000 "$DATA/tcp-http1-proto-1.bin" >cut.bin
otlp-decode cut.bin | wc -l
{
	printf 'POST /v1/traces HTTP/1.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: 5\r\n\r\n\377\377\377\377\377'
	printf 'POST /v1/traces HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello world'
	printf 'POST /login HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello world'
	cat "$DATA/tcp-http1-proto-1.bin"
} >damaged.bin
otlp-decode damaged.bin | wc -l
