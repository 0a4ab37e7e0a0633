cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" "$DATA/tcp-http1-proto-1.bin" .
trace-diff --split 'root && duration > 50ms' n_plus_one_checkout.pb auth_expired.pb tcp-http1-proto-1.bin
# lines are no longer than they may be
for width in 40 80; do
	trace-diff --width $width --top 2 --split 'root && duration > 50ms' $DATA/n_plus_one_checkout.pb $DATA/auth_expired.pb $DATA/tcp-http1-proto-1.bin
done
