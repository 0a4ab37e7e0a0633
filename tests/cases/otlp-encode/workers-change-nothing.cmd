# lines of many resources, over several parcels, in every way that they are put together
otlp-decode "$DATA/collector.be32" "$DATA/n_plus_one_checkout.pb" >spans
cat spans spans spans spans spans spans spans spans >many
for options in '--to be32' '--to json --batch-spans 7' '--to pb --batch-bytes 9000'; do
	for jobs in 1 2 3 8; do
		otlp-encode -j $jobs $options many "$DATA/odd_values.jsonl" many >$jobs || exit
		cmp 1 $jobs && echo "$options: the same with $jobs"
	done
done
