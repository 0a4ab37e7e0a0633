cd "$DATA" && otlp-decode --check snake_case.json protojson-base64-ids.json
