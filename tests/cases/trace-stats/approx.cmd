trace-stats --approx --top 2 "$DATA/n_plus_one_checkout.pb"
trace-stats --approx-error 20% --by '' --to json --quantiles 0.5,0.99 "$DATA/n_plus_one_checkout.pb"
trace-stats --approx --by '' --to markdown "$DATA/n_plus_one_checkout.pb"
trace-stats --approx --by '' --to json </dev/null
trace-stats --approx --by '' --measure count --assert 'p95 < 1ns' "$DATA/n_plus_one_checkout.pb" >/dev/null
echo $?
trace-stats --save a.stats --to csv --top 1 "$DATA/n_plus_one_checkout.pb"
for option in '--approx-error 1' '--approx-error 60%' '--approx-error 0.001%' '--approx --plot' '--approx --keys' \
	'--approx --baseline a.stats' '--approx --measure stdev' '--approx --sort self.p95' '--approx --to svg' \
	'--approx --to openmetrics:x'; do
	trace-stats $option </dev/null
	echo $?
done
# a gate looks into a sketch, too: it warns where the bound is within its error
for bound in 290us 296us 299us 310us; do
	trace-stats --approx --top 1 --measure count --assert "{ true } p50 < $bound" "$DATA/n_plus_one_checkout.pb"
	echo $?
done
