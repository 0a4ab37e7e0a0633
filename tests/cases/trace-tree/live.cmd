# complete when idle, while the input goes on
(cat "$DATA/auth_expired.pb"; sleep 1.5) | timeout 1.2 trace-tree --all --trace-idle 200ms --findings-only | grep -c '^trace'
