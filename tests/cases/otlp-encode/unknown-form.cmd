otlp-encode --to xml
