cd "$DATA"
span-filter -q 'status = error' auth_expired.pb; echo $?
span-filter -q 'status = ok' auth_expired.pb; echo $?
span-filter -q 'status = error' auth_expired.pb no-such-file; echo $?
span-filter -q '{ status = error } | count() > 7' auth_expired.pb; echo $?
span-filter -q '{ status = error } | count() > 100' auth_expired.pb; echo $?
