cd "$DATA"
span-filter '{ service = "checkout" } >> { status = error && name = "verify_token" }' auth_expired.pb | jq -r '.service + " " + .name'
span-filter -c '{ service = "gateway" } > { }' auth_expired.pb
span-filter -c '{ } !< { }' auth_expired.pb
