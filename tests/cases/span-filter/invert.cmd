cd "$DATA"
span-filter -c 'status = error' auth_expired.pb
span-filter -vc 'status = error' auth_expired.pb
span-filter -c 'true' auth_expired.pb
span-filter -Tc 'name = "verify_token"' n_plus_one_checkout.pb auth_expired.pb
span-filter -Tvc 'name = "verify_token" && status = error' n_plus_one_checkout.pb auth_expired.pb
