cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" .
{
	otlp-decode auth_expired.pb
	echo '{"trace_id":'
} >cut
trace-diff cut n_plus_one_checkout.pb | tail -n 1
trace-diff --to json n_plus_one_checkout.pb cut >report || echo "exit status $?"
jq -r .verdict report
trace-diff --strict cut n_plus_one_checkout.pb
