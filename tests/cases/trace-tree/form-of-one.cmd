trace-tree --to junit --no-findings "$DATA/auth_expired.pb"
trace-tree --to svg --all "$DATA/auth_expired.pb"
