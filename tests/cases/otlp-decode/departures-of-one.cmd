sed -n 1p "$DATA/auth_expired.jsonl" | sed 's/"kind":1/"kind":"SPAN_KIND_INTERNAL"/' | otlp-decode --check
