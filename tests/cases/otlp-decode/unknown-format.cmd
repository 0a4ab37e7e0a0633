otlp-decode --from xml
