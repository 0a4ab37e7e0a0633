# quiet but for the gates
stats() {
	trace-stats --by '' --to csv --measure count "$@" >/dev/null
	echo "exit $?"
}
capture=$DATA/n_plus_one_checkout.pb
stats --assert 'p50 < 500ms' --assert 'checkout: max < 1s' "$capture"
stats --assert 'p95 < 500ms' "$capture"
stats --assert 'p95 < 500ms' --strict-ci "$capture"
stats --assert 'max < 100ms' --assert 'warn max < 100ms' "$capture"
stats --assert '{ kind = client } by(service) p95 < 2ms' "$capture"
stats --assert '{ span.db.system.name != nil } count/trace <= 12' "$capture"
stats --assert '{ name = "legacy" } count = 0' --assert '{ name = "legacy" } p95 < 1s' "$capture"
stats --assert '{ status = error } error_rate > 0%' "$DATA/auth_expired.pb"
stats --assert '{ true } error_rate < 1%' --where 'kind = server' "$DATA/auth_expired.pb"
stats --assert '{ kind = client } mean < 1ms' --min-spans 1000 "$capture"
stats --assert 'critical.max < 1ms' --assert 'self.max < 1ns' "$capture"
stats --assert '{ true } count = 0' </dev/null
stats --assert '{ true } rate > 0/s' --summary "$DATA/missing.pb" 2>/dev/null
# there are spans, but none that is chosen: seen or passed over, with traces or without
otlp-decode "$capture" >lines
for where in 'name = "nothing"' 'span.http.route = "nothing"' '{ true } | count() > 1000'; do
	stats --assert '{ true } count = 0' --assert 'count/trace = 0' --where "$where" lines
	stats --assert '{ true } traces = 0' --where "$where" lines
	stats --assert '{ true } max < 1s' --where "$where" "$capture"
done
for jobs in 1 2; do
	stats -j $jobs --assert '{ kind = client } by(name) p95 < 1ns' "$capture" 2>gates.$jobs
done
cmp gates.1 gates.2 && wc -l <gates.1
# damage: 3, but for a gate that fails
head -c 20000 "$capture" >cut.pb
stats --assert '{ true } count > 0' cut.pb
stats --assert '{ true } count > 0' --allow-damaged cut.pb
stats --assert '{ true } count > 100' --allow-damaged cut.pb
stats --assert '{ true } count > 100' cut.pb
# from a file
printf '# limits\n\n{ true } count > 0\n  error_rate <= 100%%\n' >gates
stats --assert-file gates "$capture"
printf 'p50 < 1s\n  p50 <\n' >gates
stats --assert-file gates "$capture"
printf '# nothing\n' >gates
stats --assert-file gates "$capture"
stats --assert-file missing "$capture"
stats --assert 'p(95) < 500' "$capture"
stats --assert '{ name = } count > 0' "$capture"
stats --save all.stats "$capture"
stats --assert 'count > 0' all.stats
