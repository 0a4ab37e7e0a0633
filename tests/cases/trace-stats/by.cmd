trace-stats --by service "$DATA/n_plus_one_checkout.pb"
trace-stats --by '' "$DATA/n_plus_one_checkout.pb"
trace-stats --by 'kind, status, duration > 10ms, resource.service.name, span.http.status_code' \
	"$DATA/auth_expired.pb"
trace-stats --by 'traceDuration,parent.name' --width 100 "$DATA/auth_expired.pb"
trace-stats --by 'span.odd,span.a,duration,span:id' --to json "$DATA/odd_values.pb" | head -n 4
