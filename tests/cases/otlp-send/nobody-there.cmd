otlp-send --endpoint http://127.0.0.1:1 -H 'Authorization: Bearer secret' "$DATA/auth_expired.pb" 2>&1 | sed 's/after [0-9]* ms/after N ms/'
otlp-send --endpoint http://127.0.0.1:1 "$DATA/auth_expired.pb" 2>/dev/null
