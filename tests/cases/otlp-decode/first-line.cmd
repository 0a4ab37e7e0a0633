otlp-decode "$DATA/collector.jsonl" | head -n 1
