{ span-filter 'true' "$DATA/collector.jsonl"; echo $? >status; } | head -n 1 | wc -l
cat status
