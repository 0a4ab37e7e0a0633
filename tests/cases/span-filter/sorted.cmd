otlp-decode "$DATA/auth_expired.pb" | sort >sorted
span-filter -c '{ } | count() > 3' sorted
span-filter --sorted -c '{ } | count() > 3' sorted
otlp-decode "$DATA/auth_expired.pb" | sort -t'"' -k 8 | span-filter --sorted -c '{ } | count() > 3'
