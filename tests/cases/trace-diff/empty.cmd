for form in text json markdown html; do
	trace-diff --to $form /dev/null /dev/null
	trace-diff --to $form --split-quantile 0.5 </dev/null
done
trace-diff --fail-on inconclusive /dev/null /dev/null >/dev/null
echo "exit status $?"
# with nothing to compare no gate holds
trace-diff --fail-on regressed /dev/null "$DATA/auth_expired.pb" >/dev/null
echo "exit status $?"
trace-diff --fail-on errors --split '{ name = "no such" }' "$DATA/auth_expired.pb" >/dev/null
echo "exit status $?"
# what is compared with nothing has not changed
for form in text json markdown; do
	trace-diff --to $form /dev/null - <"$DATA/auth_expired.pb"
done
