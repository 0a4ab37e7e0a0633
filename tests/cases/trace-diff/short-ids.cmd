# what is shown of an id of 64 bits is what finds the trace
for set in old new; do
	for trace in 1 2 3 4 5 6 7 8; do
		printf '{"trace_id":"0000000000000000%s","span_id":"0000000000000001","name":"%s","service":"s","start_unix_nano":"1000","end_unix_nano":"2000"}\n' \
			"$(printf '%s%d' $set $trace | md5sum | cut -c 1-16)" $set
	done >$set
done
trace-diff old new | grep see | tee see
cat old new | trace-tree -t "$(sed -n 's/.*left \([0-9a-f]*\).*/\1/p' see | head -n 1)" --to json | cut -c 1-20
