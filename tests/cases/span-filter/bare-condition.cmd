span-filter 'status = error && service = "auth"' "$DATA/auth_expired.pb" | jq -c '[.service,.name,.status]' | sort | uniq -c
