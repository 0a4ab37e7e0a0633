# ids and spansets are of the traces that the sample keeps
cd "$DATA"
for unit in -T -l --spansets; do span-filter --sample 50% -c $unit '{ }' collector.jsonl; done
