for wrong in '--endpoint localhost:4318' '--endpoint http://me:secret@h' '--protocol thrift' \
	'-H secret' '-H Content-Type:x' '--timeout soon' '--resume' '--checkpoint c' '--batch-spans 0'
do
	otlp-send $wrong </dev/null
	echo "$wrong: $?"
done
for option in --dead-letter --checkpoint --unix-socket
do
	otlp-send $option '' </dev/null
	echo "$option '': $?"
done
OTEL_EXPORTER_OTLP_ENDPOINT=nowhere otlp-send </dev/null
OTEL_EXPORTER_OTLP_HEADERS='Authorization: Basic s3cret==' otlp-send --print-config spans
OTEL_EXPORTER_OTLP_HEADERS='Authorization: Basic s3cret=%' otlp-send --print-config spans
otlp-send --print-config -H 'Authorization=Bearer s3cret:s3cret' spans
otlp-send '--headers=Authorization: Bearer s3cret' spans
