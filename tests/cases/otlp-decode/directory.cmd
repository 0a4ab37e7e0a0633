otlp-decode .
