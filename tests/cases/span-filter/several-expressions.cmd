cd "$DATA"
span-filter -c -e 'name = "verify_token"' -e 'status = error' auth_expired.pb
span-filter -c 'name = "verify_token" || status = error' auth_expired.pb
printf '# failures\n\nstatus = error\r\n  name = "verify_token"\n' | span-filter -c -f - auth_expired.pb
