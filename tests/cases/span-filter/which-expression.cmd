# a fault among several expressions says which one it is in
cd "$DATA"
printf '# failures\n\n  status == error\n' >"$OLDPWD/queries"
cd "$OLDPWD"
span-filter -f queries "$DATA/auth_expired.pb"; echo $?
span-filter -e 'status = error' -e 'name = 1' "$DATA/auth_expired.pb"; echo $?
span-filter -e 'name = 1' "$DATA/auth_expired.pb"; echo $?
span-filter -e 'status = error' -e '{
 name = }' "$DATA/auth_expired.pb"; echo $?
span-filter -e 'status = error' -e '{} | rate()' "$DATA/auth_expired.pb"; echo $?
span-filter --drop 'name ==' "$DATA/auth_expired.pb"; echo $?
span-filter --sample 5% --keep 'kind = 3' "$DATA/auth_expired.pb"; echo $?
printf 'name != "x"\n.a != 1\n' >queries
span-filter --lint -f queries --drop '.b != 1'; echo $?
