for file in collector.jsonl collector.be32 collector-zstd.be32; do
	otlp-decode "$DATA/$file" | sort | cksum
done
