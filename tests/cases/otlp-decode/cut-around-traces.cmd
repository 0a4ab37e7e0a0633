# an answer that is cut behind its traces is cut, whatever stands there
for rest in ',"total":0' ',"total":' ',"errors":{"a":[1' ',"total":1}'; do
	printf '{"data":[{"traceID":"1","spans":[{"traceID":"1","spanID":"a","operationName":"n"}]}]%s' "$rest" |
		otlp-decode >out
	echo "$? $(wc -l <out)"
done
