trace-graph --by service,name --top 8 "$DATA/n_plus_one_checkout.pb"
trace-graph --by service,name --to csv "$DATA/auth_expired.pb"
