printf '# nothing\n' >empty
span-filter -f empty "$DATA/auth_expired.pb"
