trace-stats --to csv -o out.csv --top 1 "$DATA/auth_expired.pb"
cat out.csv
