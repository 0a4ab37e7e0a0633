head -c 20000 "$DATA/n_plus_one_checkout.pb" >cut.pb
trace-stats --by service cut.pb missing
echo $?
trace-stats --by service cut.pb >/dev/null
echo $?
trace-stats --strict cut.pb
