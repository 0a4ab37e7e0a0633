printf '%s\n' '{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"00000000000000a1","name":"take","service":"worker","start":"2026-01-01T00:00:00Z","duration_ms":3,"links":[{"trace_id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","span_id":"00000000000000b1"},{"trace_id":"0123456789abcdef0123456789abcdef","span_id":"00000000000000a1"}]}' | trace-tree --all --links --no-findings
# what links lead to, and where they come from, is told of files and pipes alike
links() { "$@" --links --no-findings --width 100 | grep -A1 -e 'link '; }
cd "$SPANLINE_CAPTURES/shop/scenarios" || exit
links trace-tree -t 25167df5 async_job.pb
links trace-tree -t 25167df5 <async_job.pb
links trace-tree --slowest 1 async_batch.pb
# gathering all for links tells of lost contexts too
trace-tree -t 619c46 --findings-only context_dropped.pb | grep -c lost
trace-tree -t 619c46 --findings-only --links context_dropped.pb | grep -c lost
trace-tree -t 619c46 --findings-only --links <context_dropped.pb | grep -c lost
trace-tree --slowest 9 --findings-only --fail-on critical-path context_dropped.pb | grep -c lost
trace-tree -t 3fa392f1 --links --to json --no-findings async_job.pb | grep -o '"links":.*'
one() { otlp-decode async_job.pb | grep '^{"trace_id":"3fa392f1'; }
one | trace-tree --all --links --to json --no-findings | grep -o '"links":.*'
# where traces are taken one after another nothing is known of others
one | trace-tree --all --links --to json --no-findings --sorted | grep -o '"links":.*'
trace-tree -t 3fa392f1 --to json --no-findings async_job.pb | grep -c '"links":' || true
