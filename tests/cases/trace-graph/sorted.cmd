# a trace is complete where another begins; what comes later is another group
otlp-decode "$DATA/auth_expired.pb" | sort | trace-graph --sorted --to csv >sorted
trace-graph --to csv "$DATA/auth_expired.pb" | diff sorted -
otlp-decode "$DATA/auth_expired.pb" | sort -t , -k 2 | trace-graph --sorted --to csv | wc -l
