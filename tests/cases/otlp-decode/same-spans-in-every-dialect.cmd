for file in bom.json pretty.json snake_case.json protojson-base64-ids.json; do
	otlp-decode "$DATA/$file" 2>/dev/null | sort | cksum
done
