# each field is lost alone: its span stays, and so does what stands beside it
cat >types.json <<'END'
{"resourceSpans":[
{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},7]},
"scopeSpans":[{"scope":{"name":5,"version":"1"},"spans":[
{"traceId":"01","spanId":"02","name":"a","kind":[],"traceState":5,"status":"x","events":"none",
"startTimeUnixNano":"99999999999999999999","droppedLinksCount":-1,"links":[5,{"spanId":"03"}]},
{"traceId":"01","spanId":"04","name":{"text":"b"},"kind":"SPAN_KIND_BOSS",
"attributes":[{"key":"n","value":{"doubleValue":1e400}},{"key":"t","value":{"stringValue":{}}}]}
]}]}]}
END
otlp-decode types.json
