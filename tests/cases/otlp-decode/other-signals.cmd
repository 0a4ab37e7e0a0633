cd "$DATA" && otlp-decode logs-single.pb metrics-single.pb tcp-http1-json-2.bin
