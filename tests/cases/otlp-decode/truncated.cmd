cd "$DATA" && otlp-decode truncated-zstd.bin | wc -l
cd "$DATA" && otlp-decode --check truncated-zstd.bin
