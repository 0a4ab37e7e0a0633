otlp-decode "$DATA/logs-single.pb" "$DATA/metrics-single.pb" "$DATA/tcp-http1-json-2.bin"
