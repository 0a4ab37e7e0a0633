otlp-decode </dev/null
