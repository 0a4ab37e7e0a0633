for width in 40 60 80 120 200; do
	trace-tree --slowest 1 --width $width "$DATA/n_plus_one_checkout.pb"
done
COLUMNS=70 trace-tree --slowest 1 --findings-only "$DATA/auth_expired.pb"
COLUMNS=7 trace-tree --slowest 1 --depth 2 --no-findings "$DATA/auth_expired.pb"
