printf 'no such format' >odd
echo '{"resourceSpans":[]}' >a.json
otlp-decode --check --summary missing odd a.json 2>&1 | sed 's/"seconds":[0-9.e-]*/"seconds":0/'
