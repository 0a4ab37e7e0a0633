span-filter '{ status = error }' "$DATA/auth_expired.pb" | cksum
span-filter 'status = error' "$DATA/auth_expired.pb" | cksum
otlp-decode "$DATA/auth_expired.pb" | span-filter 'status = error' | cksum
