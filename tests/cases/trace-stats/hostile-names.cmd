line() {
	printf '{"trace_id":"%032d","span_id":"%016d","name":"%s","service":"%s",' "$1" "$1" "$2" "$3"
	printf '"start":"2026-01-01T00:00:00Z","duration_ms":%d}\n' "$1"
}
{
	line 1 '\u001b[31m' 'a\nb'
	line 2 '|`<b>&#@:*' 'comma, \"quote\"\ttab'
	line 3 '' '\u202e'
	line 4 'long name 1 long name 2 long name 3 long name 4 long name 5' 'service'
} >lines
for form in table json csv markdown ndjson tsv openmetrics svg; do
	trace-stats --to $form --measure count "lines"
done
