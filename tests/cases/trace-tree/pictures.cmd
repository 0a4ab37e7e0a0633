# pictures have all rows, folded as in the waterfall, and say what --rows leaves out of them
in=$DATA/n_plus_one_checkout.pb
trace-tree --to svg "$in" | grep -c '×40'
trace-tree --to svg --no-fold "$in" | grep -c 'class="number".*%'
trace-tree --to svg --rows 5 "$in" | grep -o '>[0-9]* of [0-9]* rows<'
trace-tree --to dot "$in" | grep '×40'
trace-tree --to dot --no-fold "$in" | grep -c 'label='
# beyond the axis, and a parent that is missing
trace-tree --to svg -t 4f17 "$SPANLINE_CAPTURES/shop/scenarios/clock_skew.pb" | grep -c -e '>‹<' -e '>›<'
trace-tree --to dot "$SPANLINE_CAPTURES/shop/scenarios/orphans.pb" | grep dashed
# a call that its caller gave up failed, whatever the server says
trace-tree --to mermaid "$SPANLINE_CAPTURES/shop/scenarios/retry_storm.pb" | grep -e '-x'
# who has no name is told so
nameless() { printf '%s\n' '{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"00000000000000a1","name":"","start":"2026-01-01T00:00:00Z","duration_ms":3}' | trace-tree "$@"; }
nameless --to svg | grep -c '>.*(no name)</text>'
nameless --to dot | grep name
nameless --to mermaid
nameless --to folded
# a picture is of the slowest, whatever else is asked of it
trace-tree --to svg --findings-only "$DATA/n_plus_one_checkout.pb" | grep -o "trace [0-9a-f]\{8\}"
