# of a span that is cut or broken no part is taken for a span, such as a link, and those beside it are read
span() { printf '{"Name":"%s","SpanContext":{"TraceID":"%032d","SpanID":"%016d"},\n"StartTime":"2026-01-01T00:00:00Z","EndTime":"2026-01-01T00:00:01Z",\n"Links":[\n{"SpanContext":{"TraceID":"%032d","SpanID":"%016d"},\n"Attributes":null}\n],"Status":{"Code":"%s"}}\n' "$1" 1 2 3 4 "$2"; }
names() { sed 's/.*"name":"\([^"]*\)".*/\1/'; }
for bytes in 160 180 200 220 240 250 260 270 280 290 300; do
	{
		span a Ok
		span b Ok | head -c $bytes
	} | otlp-decode 2>/dev/null | names
done
{
	span c Ok
	span d 'Ok" "x'
	span e Ok
} | otlp-decode | names
