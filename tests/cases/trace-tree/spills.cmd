cd "$DATA"
for how in --all '--slowest 5' '' '--to json' '--fail-on cycle'; do
	trace-tree $how -j 2 n_plus_one_checkout.pb auth_expired.pb collector.jsonl | cksum
	trace-tree $how -j 1 --mem-limit 64k n_plus_one_checkout.pb auth_expired.pb collector.jsonl | cksum
done
