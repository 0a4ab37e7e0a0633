otlp-decode "$DATA/collector.jsonl" "$DATA/collector.jsonl" "$DATA/collector.jsonl" >all
TMPDIR=/nowhere/at/all span-filter --mem-limit 64k -c '{ } | count() > 0' all
