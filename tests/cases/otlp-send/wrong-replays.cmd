for wrong in '--set x=1' '--set name' '--set span.s="' '--multiply 0' '--where {' '--since soon' \
	'--loop 0' '--loop ever' '--shift 1h' '--shift start=soon' '--pace 2' '--rate 5' '--pace 1x --rate 5/s'
do
	otlp-send $wrong </dev/null
	echo "$wrong: $?"
done
