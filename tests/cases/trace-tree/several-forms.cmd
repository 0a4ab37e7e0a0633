# several forms in one run, each to its place and with the traces that it takes alone
in=$DATA/n_plus_one_checkout.pb
trace-tree --to junit:report.xml --to text --to json:all.json --to svg:one.svg --to text:t.txt \
	--fail-on n-plus-one --width 70 "$in" >page
echo "$? $(wc -l <all.json) $(grep -c '<testsuite ' report.xml) $(grep -c '^trace' page) $(ls | tr '\n' ' ')"
trace-tree --to junit --fail-on n-plus-one "$in" | cmp - report.xml
trace-tree --to json "$in" | cmp - all.json
trace-tree --to svg "$in" | cmp - one.svg
trace-tree --width 70 "$in" | cmp - page
trace-tree --width 70 "$in" | cmp - t.txt
# -o is of the one that names no file
trace-tree --first 2 --to json:- --to folded:f -o j "$in"
trace-tree --first 2 --to json "$in" | cmp - j
trace-tree --first 2 --to folded "$in" | cmp - f
# one without a reader does not end the others
trace-tree --all --no-fold --attrs '*' --to text --to json:k "$in" | :
cmp k all.json
bad() { trace-tree "$@" "$in"; echo "$* -> $? $(ls | tr '\n' ' ')"; }
mkdir empty && cd empty || exit
bad --to json --to text
bad --to json:x --to svg:x
bad --to json:x --to text -o x
bad --to json:x -o y
bad --to json:
bad --to song:x
bad --to json:x --to svg:missing/y
bad --to json:x --to svg:/dev/full
