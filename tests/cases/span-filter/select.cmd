# what select() names is shown of the spans of spansets, and behind --fields; lines have it all
cd "$DATA"
q='{ name = "verify_token" && status = error }'
span-filter -m 1 --spansets "$q | select(duration, span.http.route, resource.service.name)" auth_expired.pb | jq -c '[.matched, .span_ids, .spans]'
span-filter -m 1 --spansets "$q | by(service) | select(.\"a,b\", status) | select(name, status)" auth_expired.pb | jq -c '.spans'
span-filter -m 1 --spansets "$q" auth_expired.pb | jq -c '.spans'
span-filter -m 1 --spansets --fields name,kind "$q | select(service)" auth_expired.pb | jq -c '.spans'
span-filter -m 1 --fields name "$q | select(name, span:childCount)" auth_expired.pb
span-filter -m 1 --fields name -e "$q | select(kind)" -e "$q | select(service, kind)" auth_expired.pb
span-filter "$q | select(name)" auth_expired.pb | cksum
span-filter "$q" auth_expired.pb | cksum
span-filter --fields 'name,x y' "$q | select(name)" auth_expired.pb
span-filter --fields '' "$q" auth_expired.pb
span-filter -m 1 --compat=tempo --spansets '{ status = error } | select(duration, kind)' auth_expired.pb | jq -c '.spans'
