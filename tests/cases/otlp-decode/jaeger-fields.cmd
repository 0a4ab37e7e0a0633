# every field of Jaeger's UI JSON, its types of tags, and which reference is the parent
cat >ui.json <<'EOF'
{"data":[{"traceID":"1f","spans":[
 {"traceID":"1f","spanID":"a","flags":1,"operationName":"all","references":[
   {"refType":"FOLLOWS_FROM","traceID":"1f","spanID":"9"},{"refType":"CHILD_OF","traceID":"2","spanID":"8"},
   {"refType":"CHILD_OF","traceID":"1f","spanID":"7"}],
  "startTime":1700000000000001,"duration":2500,
  "tags":[{"key":"span.kind","type":"string","value":"server"},{"key":"s","type":"string","value":"x"},
   {"key":"i","type":"int64","value":7},{"key":"i text","type":"int64","value":"9223372036854775807"},
   {"key":"f","type":"float64","value":2},{"key":"b","type":"bool","value":"true"},
   {"key":"bytes","type":"binary","value":"AAAwOQ=="},{"key":"no type","value":1.5},
   {"key":"otel.status_code","type":"string","value":"ERROR"},{"key":"error","type":"bool","value":true},
   {"key":"otel.status_description","type":"string","value":"why"},
   {"key":"otel.scope.name","type":"string","value":"lib"},{"key":"otel.scope.version","type":"string","value":"1"},
   {"key":"w3c.tracestate","type":"string","value":"a=b"},
   {"key":"otel.dropped_attributes_count","type":"int64","value":3}],
  "logs":[{"timestamp":1700000000000002,"fields":[{"key":"event","type":"string","value":"retry"},
   {"key":"n","type":"int64","value":2},{"key":"event","type":"string","value":"again"}]}],
  "processID":"p1","warnings":["clock skew"]},
 {"traceID":"1f","spanID":"b","operationName":"follows","references":[{"refType":"FOLLOWS_FROM","traceID":"1f","spanID":"a"}],
  "startTime":1700000000000001,"duration":0,"tags":[{"key":"error","type":"string","value":"kept"},
   {"key":"error","type":"bool","value":false},{"key":"span.kind","type":"string","value":"odd"}],
  "logs":[],"processID":"p2","warnings":null},
 {"traceID":"1f","spanID":"c","operationName":"no process","startTime":1,"duration":1,"processID":"p9"}],
 "processes":{"p1":{"serviceName":"shop","tags":[{"key":"host.name","type":"string","value":"h"}]},
  "p2":{"serviceName":"bank"}}}],"total":0,"limit":0,"offset":0,"errors":null}
EOF
exec otlp-decode ui.json
