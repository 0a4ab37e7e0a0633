# files are read twice, what comes through a pipe is gathered: the same comes out
# damage is told once
{ head -n 2 "$DATA/auth_expired.jsonl"; echo '{"trace_id":'; } >damaged.jsonl
trace-tree --slowest 1 --findings-only damaged.jsonl | head -n 1 | cut -c 1-10
cd "$DATA"
files='n_plus_one_checkout.pb auth_expired.pb odd_values.jsonl'
for n in 1 3 5 7 100; do
	trace-tree --slowest $n $files 2>/dev/null | cksum
	otlp-decode $files 2>/dev/null | trace-tree --slowest $n 2>/dev/null | cksum
	trace-tree --slowest $n --mem-limit 64k $files 2>/dev/null | cksum
done
trace-tree --slowest 1 --since 2026-11-21T03:22:31.8Z --findings-only auth_expired.pb n_plus_one_checkout.pb
