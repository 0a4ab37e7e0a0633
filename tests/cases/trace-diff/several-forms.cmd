cp "$DATA/auth_expired.pb" "$DATA/n_plus_one_checkout.pb" .
trace-diff --to text --to json:report.json --to html:report.html --to markdown:report.md n_plus_one_checkout.pb auth_expired.pb
jq -r .verdict report.json
head -n 1 report.html report.md
