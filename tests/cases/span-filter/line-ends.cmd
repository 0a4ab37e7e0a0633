# the object passes as the bytes that were read; the blanks around it are not part of it
otlp-decode "$DATA/auth_expired.pb" >lines
sed 's/$/\r/; s/^/ /' lines | span-filter true | cmp - lines && echo the same
sed 's/$/\r/; s/^/ /' lines | span-filter -T true | sort >some
sort lines | cmp - some && echo the same
sed 's/}$/ }\r/' lines | span-filter true | sed 's/ }$/}/' | cmp - lines && echo the same
