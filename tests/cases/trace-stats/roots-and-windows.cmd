trace-stats --root "$DATA/n_plus_one_checkout.pb" "$DATA/auth_expired.pb"
trace-stats --root --where 'name = "verify_token" && status = error' --by service "$DATA/auth_expired.pb"
trace-stats --window 100ms --by '' --sort group --to csv --measure count,errors "$DATA"/*.pb
trace-stats --window 1h --by service --measure count,rate,p50 "$DATA/auth_expired.pb"
trace-stats --window 0s "$DATA/auth_expired.pb"
