otlp-decode --help
