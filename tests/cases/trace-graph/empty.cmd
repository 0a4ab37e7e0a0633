for form in text json dot mermaid html csv; do
	trace-graph --to $form </dev/null
done
# nothing is no graph that holds
trace-graph --fail-on orphan </dev/null >/dev/null
echo "exit status $?"
trace-graph --fail-on orphan --where '{ name = "no such" }' "$DATA/n_plus_one_checkout.pb" >/dev/null
echo "exit status $?"
# nor is one that was never made
{ head -n 1 "$DATA/auth_expired.jsonl"; echo '{'; } | trace-graph --strict --fail-on orphan
echo "exit status $?"
