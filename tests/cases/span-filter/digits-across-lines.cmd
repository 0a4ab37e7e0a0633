otlp-decode "$DATA/auth_expired.pb" | head -n 1 | sed 's/\("start_unix_nano":"[0-9]\{16\}\)[0-9]*/\1}\n{/' >broken
wc -l <broken
span-filter -c 'duration > 1000s' broken; echo $?
span-filter -c 'start > "2100-01-01T00:00:00Z"' broken; echo $?
