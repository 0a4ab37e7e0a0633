export TMPDIR=/nowhere
span-filter --explain 'service = "checkout" && status = error'
span-filter --explain '{ .a > 1 } | count() > 2'
span-filter --explain '.http.route = "checkout"'
echo
span-filter --explain --sorted --mem-limit 1M --drop 'name =~ "(a|b)c"' --reparent '{ name =~ ".*x.*" } >> { }'
span-filter --explain --sample 25% --keep '.a =~ "x"' --shard 2/4 -t 0a
span-filter --explain --sample 1/3 --fields name
echo
for query in 'span.a = 200' '.hit = true' 'span.a >= 1.5' 'statusMessage = "late"' 'start > "2026-01-01T00:00:00Z"'; do
	span-filter --explain "$query" | grep passed
done
