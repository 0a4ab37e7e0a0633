trace-graph --to csv:out.csv --to text --to json:out.json --to dot:out.dot "$DATA/auth_expired.pb"
cat out.csv
wc -l <out.json
ls
trace-graph -o out --to csv "$DATA/auth_expired.pb"
cmp out out.csv
trace-graph --to csv --to json "$DATA/auth_expired.pb"
