# without the plumbing: every parent is there, or there is none
cd "$DATA"
span-filter --drop 'name = "request handler" || kind = client' --reparent auth_expired.pb >"$OLDPWD/less"
cd "$OLDPWD"
jq -s -r '([.[].span_id]) as $ids | .[] | select(.parent_span_id != null) | .parent_span_id | IN($ids[])' less | sort | uniq -c
wc -l <less
head -n 4 less | jq -c '[.name,.span_id,.parent_span_id]'
