trace-stats --keys "$DATA/n_plus_one_checkout.pb"
trace-stats --keys --to json --top 3 --where 'name = "verify_token"' "$DATA/auth_expired.pb"
trace-stats --keys --width 70 --ascii "$DATA/odd_values.pb"
otlp-decode "$DATA"/*.pb 2>/dev/null >lines
trace-stats --keys --to json -j 1 lines >one
trace-stats --keys --to json -j 2 lines | cmp - one
trace-stats --keys --to json --where '{ } | count() > 0' lines | cmp - one
awk 'BEGIN { for (i = 0; i < 10001; i++)
	printf "{\"trace_id\":\"%032d\",\"span_id\":\"%016d\",\"name\":\"n\",\"start\":\"2026-01-01T00:00:00Z\",\"duration_ms\":1,\"attributes\":{\"many\":%d,\"some\":%d}}\n", i + 1, i + 1, i, i % 10000 }' >many
trace-stats --keys many
trace-stats --keys --to json -j 2 many
for option in '--by name' '--to csv' '--save x'; do trace-stats --keys $option many; done
