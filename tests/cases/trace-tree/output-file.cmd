trace-tree --to html -o page.html "$DATA/auth_expired.pb"
ls
