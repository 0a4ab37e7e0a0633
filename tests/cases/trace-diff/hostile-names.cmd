# 40 traces, half of which have what is hostile
line() { # NUMBER SERVICE NAME ATTRIBUTES
	printf '{"trace_id":"%032d","span_id":"%016d","name":"%s","service":"%s",' "$1" "$1" "$3" "$2"
	printf '"start":"2026-01-01T00:00:00Z","duration_ms":%d,"attributes":{%s}}\n' "$1" "$4"
}
i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	if [ $((i % 2)) = 0 ]; then
		line $i 'a\nb' 'plain' '"route":"/"'
	else
		line $i '\u001b[31m\u202e' '|`<b>&#@:*' '"<script>\"":"</code>\u0007","]]>":["--","\u2028"],"":0'
	fi
done >lines
for form in text json markdown html; do
	trace-diff --to $form --split '{ span.route = nil }' lines
done
trace-diff --ascii --split '{ span.route != nil }' "lines"
cp lines "$(printf 'a<b>\033|`')"
for form in text json markdown html; do
	trace-diff --to $form lines "$(printf 'a<b>\033|`')" | grep -a 'a<b\|a&\|u001b\|x1b'
done
