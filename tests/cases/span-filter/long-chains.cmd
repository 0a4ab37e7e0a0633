# chains of a thousand operators are read, checked, linted, shown and answered
chain() { awk -v first="$1" -v between="$2" -v n="$3" 'BEGIN { printf "%s", first; for (i = 1; i < n; i++) printf "%s%s", between, first; print "" }'; }
spans=$(for i in $(seq 900); do printf 'span_id = "%016x" || ' "$i"; done; echo 'status = error')
span-filter -c "$spans" "$DATA/auth_expired.pb"
span-filter -c "{ $(chain 'duration > 1ms' ' && ' 999) }" "$DATA/auth_expired.pb"
span-filter -c "{ $(chain 'name = "x"' ' || ' 999) }" "$DATA/auth_expired.pb"
span-filter -c --compat=tempo "{ $(chain '.x' ' || ' 999) }" "$DATA/auth_expired.pb"
span-filter -c "{ $(chain duration ' + ' 990) > 1s }" "$DATA/auth_expired.pb"
span-filter -c "$(chain '{ }' ' >> ' 999)" "$DATA/auth_expired.pb"
span-filter -c "$(chain '{ status = error }' ' && ' 999)" "$DATA/auth_expired.pb"
span-filter -c "{ } | $(chain 'count()' ' + ' 990) > 5" "$DATA/auth_expired.pb"
span-filter --lint "$(chain 'name = "x"' ' || ' 999)"; echo $?
span-filter --ast "$(chain .a ' || ' 999)" | wc -c
span-filter --explain "$(chain 'duration > 1s' ' && ' 999)" | tail -n 3
span-filter "$(chain .a ' || ' 1002)" 2>&1 | head -n 1
