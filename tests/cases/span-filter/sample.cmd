# the parts of a sample are the same spans however it is split, and what is marked is not sampled again
otlp-decode "$DATA/collector.jsonl" >all
span-filter --sample 50% all >half
jq -r .trace_state half | sort | uniq -c
span-filter --sample 1/2 half | cmp - half && echo again: the same
span-filter --sample 25% all | jq -r .span_id >quarter
span-filter --sample 25% half | jq -r .span_id | cmp - quarter && echo of half: the same
span-filter --sample 100% all | jq -r .trace_state | sort | uniq -c
span-filter --sample 200% all; echo $?
