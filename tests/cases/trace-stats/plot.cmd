trace-stats --plot --by kind --top 2 "$DATA/n_plus_one_checkout.pb"
trace-stats --plot --by service --quantiles 0.5,0.55,0.999 --ascii --width 60 "$DATA/auth_expired.pb"
trace-stats --plot --by '' --measure count --width 50 "$DATA/auth_expired.pb"
trace-stats --plot </dev/null
{
	printf '{"trace_id":"%032d","span_id":"%016d","name":"zero","start_unix_nano":"5","end_unix_nano":"5"}\n' 1 1
	printf '{"trace_id":"%032d","span_id":"%016d","name":"below","start_unix_nano":"5","end_unix_nano":"1"}\n' 1 2
} >odd
trace-stats --plot --by name odd
trace-stats --plot --by name --top 2 odd "$DATA/auth_expired.pb"
