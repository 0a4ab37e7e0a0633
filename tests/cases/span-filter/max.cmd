cd "$DATA"
for jobs in 1 2 7; do
	span-filter -j $jobs -m 3 'status = error' auth_expired.pb | cksum
done
span-filter -m 3 -c 'status = error' auth_expired.pb
span-filter -m 0 'true' auth_expired.pb
span-filter -T -m 1 'true' auth_expired.pb | jq -r .trace_id | uniq | wc -l
