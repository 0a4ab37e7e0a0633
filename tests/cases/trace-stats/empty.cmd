for form in table json csv markdown ndjson tsv openmetrics svg; do
	trace-stats --to $form </dev/null
done
