# nothing is lost with them
cat >nulls.json <<'END'
{"resourceSpans":[{"resource":null,"scopeSpans":[null,{"scope":null,"spans":[null,
{"traceId":"01","spanId":"02","name":null,"kind":null,"events":[null],"links":[null],
"attributes":[null,{"key":"a","value":{"arrayValue":{"values":[null]}}}],"status":null}]}]}]}
END
otlp-decode nulls.json
