for form in table json csv markdown ndjson tsv openmetrics svg; do
	trace-stats --to $form --by 'service,span.none' --top 2 "$DATA/n_plus_one_checkout.pb"
done
