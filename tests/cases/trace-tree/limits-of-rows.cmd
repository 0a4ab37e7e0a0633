show() { echo "$*"; trace-tree -t 81ea --width 80 --no-findings "$@" "$DATA/n_plus_one_checkout.pb"; }
show --rows 6
show --depth 2
show --min 5ms
show --only critical --depth 4
show --no-fold --rows 12
show --fold 50 --rows 3
show --sort duration --depth 5
show --sort self --depth 9
trace-tree -t 4bd2 --only errors --width 80 --no-findings "$DATA/auth_expired.pb"
