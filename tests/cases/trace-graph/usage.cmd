for option in '--by name' '--by service,kind' '--to xml' '--top many' '--where {' '--min-change 5%' '--fail-on new-edge' \
	'--fail-on nothing' '--diff missing.json' '--diff old --min-change x' '--since yesterday'; do
	trace-graph $option </dev/null
	echo $?
done
trace-graph missing
echo $?
