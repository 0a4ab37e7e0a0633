printf '{"resource_spans":[{"instrumentation_library_spans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"n"}]}]}]}' | otlp-decode | jq -r .name
