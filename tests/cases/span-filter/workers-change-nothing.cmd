for jobs in 1 2 3; do
	span-filter -j $jobs 'duration > 1ms' "$DATA/collector.jsonl" "$DATA/collector.be32" | cksum
	span-filter -j $jobs '{ status = error } >> { }' "$DATA/collector.jsonl" "$DATA/collector.be32" | cksum
done
