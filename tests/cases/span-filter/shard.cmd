otlp-decode "$DATA/collector.jsonl" | sort >all
for i in 1 2 3; do span-filter --shard $i/3 all; done | sort | cmp - all && echo every span once
for i in 1 2 3; do span-filter -c --shard $i/3 all; done
for i in 1 2 3; do span-filter --shard $i/3 all | jq -r .trace_id | sort -u; done | sort | uniq -d
span-filter --shard 4/3 all; echo $?
span-filter --shard 0/3 all; echo $?
