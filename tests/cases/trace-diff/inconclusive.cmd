cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" .
trace-diff n_plus_one_checkout.pb auth_expired.pb
trace-diff --to json n_plus_one_checkout.pb auth_expired.pb
# the fewest traces that can tell, and one less
traces() { # COUNT NAME
	seq 100 $((99 + $1)) |
		sed 's/.*/{"trace_id":"'"$2"'&","span_id":"0000000000000001","name":"'"$2"'","start":"2026-01-01T00:00:00Z","duration_ms":1}/'
}
for sizes in '4 4' '4 5' '5 4' '3 6' '3 7' '2 12' '2 13' '1 300'; do
	# shellcheck disable=SC2086
	set -- $sizes
	traces "$1" a >left
	traces "$2" b >right
	echo "$sizes: $(trace-diff --to json left right | jq -r .verdict)"
done
traces 4 a >left
traces 4 b >right
echo "with --alpha 0.05: $(trace-diff --alpha 0.05 --to json left right | jq -r .verdict)"
