cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" .
trace-diff n_plus_one_checkout.pb auth_expired.pb
trace-diff --to json n_plus_one_checkout.pb auth_expired.pb
