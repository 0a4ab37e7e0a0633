trace-stats "$DATA/n_plus_one_checkout.pb" "$DATA/auth_expired.pb"
trace-stats --top 2 "$DATA/n_plus_one_checkout.pb"
otlp-decode "$DATA/n_plus_one_checkout.pb" | trace-stats --top 1 --width 60 --ascii
