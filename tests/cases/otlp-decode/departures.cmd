otlp-decode --check "$DATA/snake_case.json" "$DATA/protojson-base64-ids.json"
