for jobs in 1 2 7; do
	otlp-decode -j $jobs "$DATA/collector.jsonl" "$DATA/n_plus_one_checkout.pb" | cksum
done
