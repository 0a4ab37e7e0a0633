for option in '--by name,' '--by (' '--by name,kind,name' '--sort nothing' '--measure count,' '--quantiles 1' '--quantiles 0.5,p90' \
	'--to xml' '--top many' '--where {' '--min-spans 5' '--strict-ci' '--allow-damaged' '--baseline-optional' '--fail-on new'; do
	trace-stats $option </dev/null
	echo $?
done
trace-stats --measure "$(seq -s , -f p%g 33)" </dev/null
trace-stats --save same --to csv:same </dev/null
trace-stats --save same -o same </dev/null
