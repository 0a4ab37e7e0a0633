gate() { trace-tree "$@" >/dev/null; echo "$* -> $?"; }
cd "$DATA"
gate --fail-on warning n_plus_one_checkout.pb
gate --fail-on error n_plus_one_checkout.pb
gate --fail-on error auth_expired.pb
gate --fail-on n-plus-one,orphan n_plus_one_checkout.pb
gate --fail-on orphan,gap n_plus_one_checkout.pb
gate --fail-on n-plus-one --threshold queries=100 n_plus_one_checkout.pb
gate --fail-on error -t ffff auth_expired.pb
gate --fail-on error --first 1 n_plus_one_checkout.pb auth_expired.pb
gate --fail-on error --slowest 3 n_plus_one_checkout.pb auth_expired.pb
gate --fail-on error --slowest 4 n_plus_one_checkout.pb auth_expired.pb
gate --fail-on sadness auth_expired.pb
gate --fail-on '' auth_expired.pb
gate --fail-on orphan, auth_expired.pb
gate --fail-on 'orphan, error' auth_expired.pb
gate --columns 'duration, self' auth_expired.pb
gate --threshold queries auth_expired.pb
gate --no-findings --fail-on error auth_expired.pb
