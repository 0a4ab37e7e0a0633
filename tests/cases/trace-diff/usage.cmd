cp "$DATA/auth_expired.pb" .
try() {
	trace-diff "$@" </dev/null
	echo "exit status $?"
}
try one
try one two three
try --split 'status = error' --split-quantile 0.5 one
try --split '{ status = }' one
try --split 'duration > 5' /dev/null
try --split-quantile 95 one
try --split-quantile 1 one
try --alpha 2 one two
try --alpha x one two
try --fail-on slower one two
try --min-effect x one two
try --sample 5 one two
try --to svg one two
try - -
try --split 'status = error' --trace @- -
try nothing auth_expired.pb
try auth_expired.pb nothing
