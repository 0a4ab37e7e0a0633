# what was found up to the damage that ends the run
otlp-decode "$DATA/auth_expired.pb" | sed '3s/"trace_id"/"trace_id/' >damaged
span-filter --strict -c 'true' damaged; echo $?
span-filter --strict 'true' damaged | wc -l
span-filter --strict -c '{ } | count() > 0' damaged; echo $?
span-filter --strict -T '{ } | count() > 0' damaged | wc -l
