otlp-decode --logs "$DATA/logs-single.pb" | head -n 2
