otlp-encode --batch-spans 0
