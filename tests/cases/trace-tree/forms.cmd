for form in json perfetto markdown svg folded speedscope mermaid dot junit github; do
	echo "== $form"
	trace-tree --to $form -t 4bd2 --fail-on error "$DATA/auth_expired.pb"
done
