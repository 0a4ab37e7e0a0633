trace-tree --to svg --all "$DATA/auth_expired.pb"
