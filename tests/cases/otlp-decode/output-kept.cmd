echo old >kept; otlp-decode -o kept nothing-here; echo "$?"; cat kept; otlp-decode -o kept "$DATA/collector.jsonl"; head -c 11 kept
