# a broken span of Tempo's search costs itself, and those before and behind it keep their trace
set_of() { printf '{"spans":[{"spanID":"a","startTimeUnixNano":"1","durationNanos":"1"},{"spanID":"b"%s},{"spanID":"c","startTimeUnixNano":"1","durationNanos":"1"}],"matched":3}' "$1"; }
trace_of() { printf '{"traceID":"%s","rootServiceName":"r","spanSet":%s,"spanSets":[%s]}' "$1" "$2" "$3"; }
ids() { sed 's/^{"trace_id":"0*\([^"]*\)","span_id":"0*\([^"]*\)".*/\1 \2/'; }
printf '{"traces":[%s,%s]}' "$(trace_of 1 "$(set_of ' 1')" "$(set_of '')")" "$(trace_of 2 "$(set_of '')" '')" |
	otlp-decode | ids
printf '{"traces":[%s' "$(trace_of 3 "$(set_of ' 1')" '')" | otlp-decode | ids
printf '{"traces":[%s,{"traceID":"5","rootServiceName":"r","spanSet":%s' "$(trace_of 4 "$(set_of '')" '')" \
	"$(set_of '' | cut -c 1-100)" | otlp-decode | ids
