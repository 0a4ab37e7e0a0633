# what --fields looks at, and the same values however much that is
for list in name,service trace_id,span_id,parent_span_id,kind,status,status_message start,duration_ms,end_unix_nano trace_state,flags span.a; do
	span-filter --explain --fields "$list" | grep looks
done
list='trace_id,span_id,parent_span_id,name,service,kind,status,status_message,start,duration_ms,start_unix_nano,end_unix_nano'
otlp-decode "$DATA/collector.jsonl" >lines
span-filter --fields "$list" lines | cksum
span-filter --fields "$list,trace_state" lines | jq -c 'del(.trace_state)' | cksum
span-filter --strict --fields "$list" lines | cksum
span-filter --fields "$list" "$DATA/collector.jsonl" | cksum
# a line that turns out to be damaged where a field is looked for is told of, and not written
sed '2s/"attributes":{"/"attributes":{/' lines | span-filter --fields name,span.nothing | wc -l
