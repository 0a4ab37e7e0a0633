# another order of keys, white space, an unknown key: the bytes that were read come out
otlp-decode "$DATA/auth_expired.pb" | jq -c '{mine: 1} + .' | sed 's/^{/{  /' >odd
grep -c . odd
span-filter 'true' odd 2>err | cmp - odd && echo the same
span-filter 'status = error' odd 2>err >some
grep -vxFf odd some | wc -l
wc -l <some
