for wrong in '--set x=1' '--set name' '--set span.s="' '--multiply 0' '--where {' '--since soon'; do
	otlp-send $wrong </dev/null
	echo "$wrong: $?"
done
