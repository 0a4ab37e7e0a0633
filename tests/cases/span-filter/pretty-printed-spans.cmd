# what stands on several lines comes out on one
otlp-decode "$DATA/auth_expired.pb" | jq . | span-filter 'status = error' | wc -l
