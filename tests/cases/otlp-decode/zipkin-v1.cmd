# v1: both sides of a call in one span, a local one, and a message
cat >v1.json <<'EOF'
[{"traceId":"1","name":"get","id":"a","parentId":"1","timestamp":100,"duration":51,"annotations":[
 {"timestamp":100,"value":"cs","endpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},
 {"timestamp":110,"value":"sr","endpoint":{"serviceName":"query","ipv4":"10.0.0.2","port":9411}},
 {"timestamp":115,"value":"wait","endpoint":{"serviceName":"query"}},{"timestamp":116,"value":"unsigned"},
 {"timestamp":120,"value":"ss","endpoint":{"serviceName":"query"}},{"timestamp":151,"value":"cr","endpoint":{"serviceName":"web"}}],
 "binaryAnnotations":[{"key":"http.path","value":"/","endpoint":{"serviceName":"query"}},{"key":"n","value":"1","endpoint":{"serviceName":"web"}},
 {"key":"sa","value":true,"endpoint":{"serviceName":"query","ipv4":"10.0.0.2","port":9411}},{"key":"ca","value":true,"endpoint":{"serviceName":"web","ipv4":"10.0.0.1"}}]},
 {"traceId":"1","name":"local","id":"b","parentId":"a","timestamp":112,"duration":3,"binaryAnnotations":[{"key":"lc","value":"cache","endpoint":{"serviceName":"query"}}]},
 {"traceId":"1","name":"send","id":"c","annotations":[{"timestamp":130,"value":"ms","endpoint":{"serviceName":"web"}}],
  "binaryAnnotations":[{"key":"ma","value":true,"endpoint":{"serviceName":"queue"}},{"key":"error","value":"full","endpoint":{"serviceName":"web"}}]},
 {"traceId":"1","name":"half","id":"d","annotations":[{"timestamp":140,"value":"ss","endpoint":{"serviceName":"web"}},{"timestamp":135,"value":"sr","endpoint":{"serviceName":"web"}}]}]
EOF
exec otlp-decode v1.json
