# a number without a unit counts nanoseconds: one line says so, and the status is what it is
cd "$DATA"
span-filter -c 'duration > 1000000' auth_expired.pb; echo $?
span-filter -c 'duration > 1ms' auth_expired.pb; echo $?
span-filter -c '{ } | max(duration) > 100 | count() > 1' auth_expired.pb
span-filter -q --compat=tempo '{ duration > 100 && duration < 200 }' auth_expired.pb; echo $?
span-filter -c -e 'duration > 0' -e '100 < duration' auth_expired.pb
span-filter -c --drop 'duration > 100' auth_expired.pb
span-filter -c --sample 50% --keep 'trace:duration > 5' auth_expired.pb
trace-tree --where 'duration > 100' auth_expired.pb >/dev/null
