cd "$DATA"
span-filter -m 12 --ancestors 'name = "verify_token" && status = error' auth_expired.pb | jq -r '.service + " " + .name'
echo
span-filter --descendants 'service = "auth" && kind = server' auth_expired.pb | jq -r '.service + " " + .name' | sort | uniq -c
