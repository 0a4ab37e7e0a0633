cd "$DATA" && span-filter auth_expired.pb
