trace-tree --color always --first 1 "$DATA/auth_expired.pb"
trace-tree --color always "$DATA/auth_expired.pb" | head -n 4
FORCE_COLOR=1 trace-tree --first 1 "$DATA/auth_expired.pb" | cksum
trace-tree --color=always --first 1 "$DATA/auth_expired.pb" | cksum
NO_COLOR=1 FORCE_COLOR=1 trace-tree --first 1 "$DATA/auth_expired.pb" | cksum
trace-tree --first 1 "$DATA/auth_expired.pb" | cksum
FORCE_COLOR=1 trace-tree --color never --first 1 "$DATA/auth_expired.pb" | cksum
