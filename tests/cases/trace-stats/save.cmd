both() { cat "$DATA/n_plus_one_checkout.pb" >a; cat "$DATA/auth_expired.pb" >b; }
both
trace-stats --save all.stats --to json a b >all.json
for part in 1 2 3 4 5 6 7; do
	otlp-decode a b | span-filter --shard $part/7 | trace-stats --save $part.stats >/dev/null
done
trace-stats --to json [1-7].stats | cmp - all.json
trace-stats --save merged.stats [1-7].stats >/dev/null
cmp merged.stats all.stats
cat [1-7].stats | gzip >together
trace-stats --to json together | cmp - all.json
trace-stats --to json --save more.stats 1.stats a >/dev/null
trace-stats --measure count,errors --by service,name --top 1 more.stats
head -n 2 all.stats
tail -n 1 all.stats
trace-stats --no-traces --save bare.stats --top 1 b >/dev/null
head -n 2 bare.stats
trace-stats --by 'kind,status,duration>10ms,duration,span.none,span.http.status_code,name' \
	--window 1s --root --where 'name != "x"' --save odd.stats --to json "$DATA"/*.pb >odd.json 2>/dev/null
trace-stats --to json odd.stats | cmp - odd.json
ls
