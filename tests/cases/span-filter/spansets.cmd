cd "$DATA"
span-filter --spansets '{ span.db.query.text != nil } | by(span.db.query.text) | count() > 20' n_plus_one_checkout.pb | jq -c 'del(.span_ids)'
# what is counted twice has two names
span-filter --spansets '{ } | count() > 20 | { kind = server } | count() > 3' n_plus_one_checkout.pb |
	jq -c .values
