line='{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","name":"deploy","service":"ci","start":"2025-04-07T09:45:12Z","duration_ms":1500}'
awk -v line="$line" 'BEGIN { for (i = 1; i <= 20000; i++) print i % 7000 == 0 ? "oops" : line }' >lines
for jobs in 1 2; do
	otlp-decode -j $jobs lines lines | wc -l
done
