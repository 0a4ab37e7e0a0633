head -c 20000 "$DATA/n_plus_one_checkout.pb" >cut.pb
trace-graph --to csv cut.pb missing
echo $?
trace-graph --to csv cut.pb >/dev/null
echo $?
trace-graph --strict cut.pb
echo $?
