# what a line says and cannot be kept is damage, and the rest of it is read
cat >lines <<'END'
{"trace_id":"01","span_id":"02","start_unix_nano":"1","end_unix_nano":"2","name":5,"kind":"srver","status":"bad","flags":"x"}
{"trace_id":"01","span_id":"03","start_unix_nano":"1","end_unix_nano":"2","attributes":{"a":1e400,"b":[-1e999,1e308]},"events":[7],"scope":[]}
END
otlp-decode lines
