# the same of OTLP/JSON
for odd in '"name":5' '"events":[5]' '"events":[null]' '"links":{}' '"status":"x"' '"kind":[]' \
	'"attributes":[null]' '"startTimeUnixNano":"-1"' '"flags":true'; do
	printf '%s\n' '{"resourceSpans":[{"scopeSpans":[{"spans":[' '{}' ',' "{$odd}" ']}]}]}' >spans
	otlp-decode --strict --check spans
	[ $? = 3 ] || echo "not refused: $odd"
done
