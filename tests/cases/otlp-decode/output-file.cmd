echo old >out
otlp-decode -o out "$DATA/bom.json" && wc -l <out && ls
