# status of the decoder, not of head
{ otlp-decode "$DATA/n_plus_one_checkout.pb" "$DATA/collector.jsonl"; echo "exit $?" >&2; } | head -n 1 | wc -l
