# no span is a whole document, too
for form in jaeger zipkin datadog csv; do otlp-encode --to $form </dev/null; done
