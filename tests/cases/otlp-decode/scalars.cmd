# JSON is called JSON, also where nothing in it can be a span
for text in 42 -1.5e3 null true '"x \" y"' ' "x" 42 ' '[1,2]' '[[1],["{"]]' 4x nul 'nullx' '"x' \
	'42 apples' '[1,' 01 2026-11-21; do
	printf '%s\n' "$text" | otlp-decode
done
printf '[\n1,\n2\n]\n' | otlp-decode
# what is longer than what is looked at
yes 42 | head -n 1000 | otlp-decode
yes '"a string"' | head -n 1000 | otlp-decode
