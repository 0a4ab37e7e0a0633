cd "$DATA" && otlp-decode --strict --check protojson-base64-ids.json
