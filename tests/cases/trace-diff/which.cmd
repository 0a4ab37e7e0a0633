# which traces are compared at all, whole where something in them is found
cp "$DATA/tcp-http1-proto-1.bin" "$DATA/auth_expired.pb" .
sets() {
	echo "$*"
	trace-diff --to json --split 'root && name = "GET /verify"' "$@" tcp-http1-proto-1.bin auth_expired.pb |
		jq -c '[.sets[] | [.traces, .spans]]'
}
sets
sets --where 'status = error'
sets --where '{ name = "GET /verify" } >> { status = error }'
sets -t 4bd2 -t 0bda
sets --since 2026-11-21T03:22:31.8Z
sets --until 2026-11-21T03:22:31.8Z
sets --sample 10 --seed 7
otlp-decode tcp-http1-proto-1.bin auth_expired.pb | sort >sorted
for arguments in --sorted '--trace-idle 1ms'; do
	# shellcheck disable=SC2086
	trace-diff --to json --split 'status = error' $arguments sorted | cksum
done
trace-diff --summary tcp-http1-proto-1.bin auth_expired.pb 2>&1 >/dev/null | jq -c '[.spans, .traces]'
