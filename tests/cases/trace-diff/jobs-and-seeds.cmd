cp "$DATA/tcp-http1-proto-1.bin" .
# the same bytes for every number of workers, memory, order of options and each time
capture=tcp-http1-proto-1.bin
for jobs in 1 2 7; do
	trace-diff -j $jobs --to json --split-quantile 0.5 "$capture" | cksum
done
trace-diff --mem-limit 64k --to json --split-quantile 0.5 "$capture" | cksum
otlp-decode "$capture" | trace-diff --to json --split-quantile 0.5 | cksum
