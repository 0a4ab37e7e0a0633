for width in 40 60 80 120 200; do
	trace-tree --slowest 1 --width $width "$DATA/n_plus_one_checkout.pb"
done
COLUMNS=70 trace-tree --slowest 1 --findings-only "$DATA/auth_expired.pb"
COLUMNS=7 trace-tree --slowest 1 --depth 2 --no-findings "$DATA/auth_expired.pb"
# a long service beside a short name
printf '%s\n' '{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"00000000000000a1","name":"GET","service":"load-generator-of-tests","start":"2026-01-01T00:00:00Z","duration_ms":3}' | trace-tree --all --width 80 --no-findings
for width in 60 80 110; do
	trace-tree --rows 1 --no-findings --width $width "$DATA/n_plus_one_checkout.pb" | head -n 2
done
