# what a split is about differs by what was asked: marked, and behind the others
all="$DATA/auth_expired.pb $DATA/n_plus_one_checkout.pb $DATA/tcp-http1-proto-1.bin $DATA/collector.jsonl"
marked() {
	echo "$*"
	trace-diff --to json "$@" $all |
		jq -r '.rows[] | select(.follows == "split") | "  \(.kind) \(.what)"' | head -n 6
}
marked --split 'root && duration > 50ms'
marked --split-quantile 0.9
marked --split '{ status = error }'
marked --split '{ name = "verify_token" }'
marked --split '{ span.http.route = "/verify" }'
marked --split '{ .http.request.method = "POST" }'
marked --split '{ kind = client } | count() > 2'
marked --split '{ trace:rootName = "POST" }'
marked --split '{ trace:spanCount > 40 }'
marked --split '{ event:name != nil }'
