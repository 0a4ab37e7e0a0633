otlp-decode "$DATA/collector.jsonl" >all
span-filter --sample 1/1000000 --keep 'status = error' all >some
span-filter -T 'status = error' all | cmp - some && echo whole and unmarked
span-filter --keep 'status = error' all; echo $?
