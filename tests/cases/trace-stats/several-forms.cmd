trace-stats --by service --to csv:out.csv --to markdown --to json:out.json "$DATA/auth_expired.pb"
head out.csv
wc -l <out.json
trace-stats --to csv --to json "$DATA/auth_expired.pb"
echo $?
trace-stats --to json:out -o other "$DATA/auth_expired.pb"
echo $?
ls
