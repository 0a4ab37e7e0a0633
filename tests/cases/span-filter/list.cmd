cd "$DATA"
span-filter -l 'name = "verify_token" && status = error' auth_expired.pb n_plus_one_checkout.pb
echo others
span-filter -L 'name = "verify_token" && status = error' auth_expired.pb n_plus_one_checkout.pb
span-filter -lc 'true' auth_expired.pb n_plus_one_checkout.pb
