span-filter --compat=tempo --ast 'not { .a }'; echo $?
span-filter --compat=tempo --ast '{ .a = "x" } >> { kind=server && duration>1s } | count()>2 | select(name)'
span-filter -c 'not { status = error } | count() > 0' "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb"
