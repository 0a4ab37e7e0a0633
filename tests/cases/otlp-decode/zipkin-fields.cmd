# every field of Zipkin v2
cat >zipkin.json <<'EOF'
[{"traceId":"1f","parentId":"7","id":"a","kind":"CLIENT","name":"get","timestamp":1700000000000001,"duration":2500,"debug":true,
 "localEndpoint":{"serviceName":"shop","ipv4":"10.0.0.1","port":8080},
 "remoteEndpoint":{"serviceName":"bank","ipv6":"2001:db8::1","port":443},
 "annotations":[{"timestamp":1700000000000002,"value":"plain"},{"timestamp":1700000000000003,"value":"retry|{\"n\":1}|2"},{"timestamp":1700000000000004,"value":"a|{b"}],
 "tags":{"http.path":"/","network.peer.port":"1","error":"refused","otel.scope.name":"lib","otel.library.version":"2",
  "w3c.tracestate":"a=b","otel.dropped_events_count":"4",
  "otlp.link.0":"0000000000000000000000000000000c|000000000000000d|k=v|{\"x\":\"y\"}|1","otlp.link.1":"odd"}},
 {"traceId":"1f","id":"b","name":"ok","timestamp":1700000000000001.5,"tags":{"span.kind":"internal","otel.status_code":"OK","error":"false"}},
 {"traceId":"1f","id":"c","name":"","timestamp":"1700000000000001","tags":{"error":"true","otel.status_description":"why"},"localEndpoint":null}]
EOF
exec otlp-decode zipkin.json
