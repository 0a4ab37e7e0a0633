cd "$DATA"
start=$(otlp-decode auth_expired.pb | jq -r .start | sort | sed -n 20p)
span-filter -c --since "$start" auth_expired.pb
span-filter -c --until "$start" auth_expired.pb
span-filter -c --since "$start" --until "$start" auth_expired.pb
span-filter --since yesterday auth_expired.pb; echo $?
