# what the query asks for is damage where it cannot be read, whatever the order of the keys
otlp-decode "$DATA/auth_expired.pb" | sed -n 's/"unset"/"Error"/p' | head -n 1 >status
otlp-decode "$DATA/auth_expired.pb" | sed -n 's/"kind":"[a-z]*"/"kind":"sever"/p' | head -n 1 >kind
for file in status kind; do
	jq -cS . $file >sorted-$file
done
for file in status sorted-status; do
	for query in 'status = error' 'status = unset' '!(status = error)'; do
		span-filter -c "$query" $file; echo $?
	done
done
for file in kind sorted-kind; do
	for query in 'kind = server' 'kind = unspecified'; do
		span-filter -c "$query" $file; echo $?
	done
done
