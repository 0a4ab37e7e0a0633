cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" "$DATA/tcp-http1-proto-1.bin" .
for form in text json markdown html; do
	trace-diff --to $form --top 2 --split '{ name = "POST /reserve-legacy" }' n_plus_one_checkout.pb auth_expired.pb tcp-http1-proto-1.bin
done
