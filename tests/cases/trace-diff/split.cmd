cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" "$DATA/tcp-http1-proto-1.bin" .
trace-diff --split 'root && duration > 50ms' n_plus_one_checkout.pb auth_expired.pb tcp-http1-proto-1.bin
