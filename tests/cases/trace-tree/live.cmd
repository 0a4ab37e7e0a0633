# complete when idle, while the input goes on
(cat "$DATA/auth_expired.pb"; sleep 1.5) | timeout 1.2 trace-tree --all --trace-idle 200ms --findings-only | grep -c '^trace'
# those that are complete together know of each other, and the next ones of them
(cat "$SPANLINE_CAPTURES/shop/scenarios/context_dropped.pb"; sleep 1.5) | timeout 1.2 trace-tree --all --trace-idle 200ms --findings-only | grep -c lost-context
(cat "$SPANLINE_CAPTURES/shop/scenarios/async_job.jsonl"; sleep 0.8; cat "$DATA/auth_expired.jsonl") | trace-tree --all --trace-idle 200ms --links --no-findings | grep -c -e 'link from' -e ' before' -e ' after'
cat "$SPANLINE_CAPTURES/shop/scenarios/context_dropped.pb" | trace-tree --all --findings-only | grep -c lost-context
# a stream that rests for so long is gathered as it comes
(cat "$DATA/auth_expired.pb"; sleep 1; cat "$DATA/n_plus_one_checkout.pb") |
	trace-tree --slowest 2 --trace-idle 200ms --findings-only | grep -c '^trace'
