cp "$DATA/auth_expired.pb" "$DATA/tcp-http1-proto-1.bin" .
old=tcp-http1-proto-1.bin new=auth_expired.pb
for list in regressed errors different inconclusive regressed,errors; do
	trace-diff --fail-on $list --to json "$old" "$new" >/dev/null
	echo "$list: exit status $?"
	trace-diff --fail-on $list --to json "$new" "$old" >/dev/null
	echo "$list, the other way: exit status $?"
done
# not told, not failed
trace-diff --fail-on regressed --min-effect 10s "$old" "$new" >/dev/null
echo "exit status $?"
# a gate that could not be asked does not hold
trace-diff --fail-on regressed nowhere "$new"
echo "exit status $?"
