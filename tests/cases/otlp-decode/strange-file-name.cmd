name=$(printf 'a\033[31m\nb')
echo '{"resourceSpans":' >"$name"
otlp-decode "$name"
