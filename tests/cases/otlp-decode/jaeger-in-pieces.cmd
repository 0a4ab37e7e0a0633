# of a trace that is too large every span is read, wherever the pieces end, and the trace behind it
spans() { i=0; while [ $((i += 1)) -le 40 ]; do printf '{"traceID":"1","spanID":"%x","operationName":"n","tags":[{"key":"k","value":"}"}]},' $i; done; }
printf '{"data":[{"traceID":"1","spans":[%s],"processes":{}},{"traceID":"2","spans":[{"traceID":"2","spanID":"1","operationName":"n"}]}]}' "$(spans | sed 's/,$//')" >large
for limit in 200 300 333 1000 1001 1002 2000 3000; do
	otlp-decode --max-message $limit large 2>err | cut -c 1-74 | sort -u | wc -l
	head -n 1 err
done
