otlp-decode "$DATA/auth_expired.pb" >/dev/full
