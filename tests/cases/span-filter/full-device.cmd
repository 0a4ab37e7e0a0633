span-filter 'true' "$DATA/collector.jsonl" >/dev/full
