for form in table json csv markdown ndjson tsv; do
	trace-stats --to $form </dev/null
done
