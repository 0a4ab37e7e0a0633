for answer in --print-config '--dry-run --endpoint http://h'; do
	otlp-send $answer "$DATA/auth_expired.pb" 2>/dev/null >/dev/full
	echo "$answer: $?"
	otlp-send $answer "$DATA/auth_expired.pb" 2>/dev/null >&-
	echo "closed: $?"
done
otlp-send --print-config x >/dev/full
