trace-stats --to openmetrics --by service,name,kind,status --where 'service = "auth"' "$DATA/auth_expired.pb" |
	grep -v -e 'le="[0-9]*00'
trace-stats --to openmetrics --by 'span.http.route,duration > 5ms' --top 2 "$DATA/auth_expired.pb" | head -n 4
# fields that would have one label
trace-stats --to openmetrics --by '.a.b,.a_b,.a-b' --where 'name = "GET"' "$DATA/auth_expired.pb" | head -n 2
