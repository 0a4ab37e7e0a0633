printf '{"trace_id":"00000000000000000000000000000001","span_id":"0000000000000001","name":"%s","start_unix_nano":1,"end_unix_nano":2}\n' "$(printf 'a%.0s' $(seq 60))!" >line
span-filter --fields 'name =~ "(a+)+[bc]"' 'true' line; echo $?
