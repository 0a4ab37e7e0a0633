otlp-decode --nope
