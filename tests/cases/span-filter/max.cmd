cd "$DATA"
for jobs in 1 2 7; do
	span-filter -j $jobs -m 3 'status = error' auth_expired.pb | cksum
done
span-filter -m 3 -c 'status = error' auth_expired.pb
span-filter -m 0 'true' auth_expired.pb
span-filter -T -m 1 'true' auth_expired.pb | jq -r .trace_id | uniq | wc -l
# none is looked for, and so none is found: as grep's
for unit in '' -T -l --spansets; do
	span-filter $unit -m 0 'true' auth_expired.pb
	span-filter $unit -c -m 0 'true' auth_expired.pb
	span-filter $unit -q -m 0 'true' auth_expired.pb; echo $?
done
span-filter --exit-status -m 0 'true' auth_expired.pb; echo $?
