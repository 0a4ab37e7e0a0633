cd "$DATA"
span-filter -c -t 0BDA auth_expired.pb
span-filter -c -t 0bdaa9d4650be0293a3be2a90d4e2ca4 auth_expired.pb
span-filter -l 'true' auth_expired.pb | span-filter -c -t @- auth_expired.pb
span-filter -c -t ffff auth_expired.pb
span-filter -t xyz auth_expired.pb; echo $?
