echo old >out
otlp-decode --strict -o out "$DATA/protojson-base64-ids.json" 2>/dev/null
echo "exit $?"
cat out
ls
