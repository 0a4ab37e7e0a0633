otlp-decode "$DATA/auth_expired.pb" | sed '3s/"trace_id"/"trace_id/; 5s/.$//' >damaged
span-filter -c 'true' damaged; echo $?
span-filter -c '{ } | count() > 0' damaged; echo $?
