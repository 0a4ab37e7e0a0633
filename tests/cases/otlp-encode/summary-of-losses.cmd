otlp-encode --to zipkin --summary "$DATA/auth_expired.pb" 2>&1 >/dev/null | grep '^{' | jq -c '[.spans, .departures, .losses]'
otlp-encode --to pb --summary "$DATA/auth_expired.pb" 2>&1 >/dev/null | jq -c '[.spans, .departures, .losses]'
