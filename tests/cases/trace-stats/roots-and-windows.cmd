cd "$DATA" || exit
trace-stats --root n_plus_one_checkout.pb auth_expired.pb
trace-stats --root --where 'name = "verify_token" && status = error' --by service auth_expired.pb
trace-stats --window 100ms --by '' --sort group --to csv --measure count,errors *.pb
trace-stats --window 1h --by service --measure count,rate,p50 auth_expired.pb
trace-stats --window 500ms --by service --measure count --top 2 n_plus_one_checkout.pb
trace-stats --window 1m --by '' --to markdown --measure count --top 1 auth_expired.pb
trace-stats --window 0s auth_expired.pb
