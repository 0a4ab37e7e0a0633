export OTEL_EXPORTER_OTLP_ENDPOINT=https://collector:4318/otlp OTEL_EXPORTER_OTLP_TIMEOUT=2500
export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT='https://us.example.com/i/v1/traces?key=secret'
export OTEL_EXPORTER_OTLP_TRACES_HEADERS='Authorization=Bearer%20secret' OTEL_EXPORTER_OTLP_HEADERS=x=y
export OTEL_EXPORTER_OTLP_COMPRESSION=GZIP OTEL_EXPORTER_OTLP_PROTOCOL=thrift
otlp-send --print-config -H 'X-Team: shop' spans
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT='' OTEL_EXPORTER_OTLP_PROTOCOL=http/json otlp-send --print-config spans
otlp-send --print-config --timeout 0s --endpoint http://h spans
otlp-send --print-config --protocol grpc --endpoint h:1 --compression gzip spans
OTEL_EXPORTER_OTLP_INSECURE=True otlp-send --print-config --protocol grpc --endpoint h:1 spans
OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=2s OTEL_EXPORTER_OTLP_TRACES_COMPRESSION=zstd OTEL_EXPORTER_OTLP_TRACES_INSECURE=yes \
	OTEL_EXPORTER_OTLP_INSECURE=true otlp-send --print-config --protocol grpc --endpoint h:1 spans
