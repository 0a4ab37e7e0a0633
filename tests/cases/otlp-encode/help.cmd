otlp-encode --help
