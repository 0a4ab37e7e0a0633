cd "$DATA"
span-filter 'status = ok' auth_expired.pb; echo $?
span-filter --exit-status 'status = ok' auth_expired.pb; echo $?
span-filter --exit-status 'status = error' auth_expired.pb >/dev/null; echo $?
span-filter --exit-status 'status = ok' </dev/null; echo $?
