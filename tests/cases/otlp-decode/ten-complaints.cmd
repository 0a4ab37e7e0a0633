# thirteen bad lines and four that are good
i=0
while [ $i -lt 13 ]; do echo '{"resourceSpans":[}'; i=$((i + 1)); done >bad.jsonl
cat "$DATA/auth_expired.jsonl" >>bad.jsonl
otlp-decode bad.jsonl | wc -l
otlp-decode --check bad.jsonl 2>/dev/null
