trace-graph "$DATA/n_plus_one_checkout.pb"
trace-graph --top 2 --width 60 "$DATA/auth_expired.pb"
trace-graph --ascii --top 3 <"$DATA/auth_expired.jsonl"
