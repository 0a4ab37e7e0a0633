# Lines of it end documents, although OTLP's spans begin with the same key: read in shares, each line once.
yes '{"traceId":"5b8efff798038103d269b633813fc60c","id":"eee19b7ec3c1b174","name":"get /","timestamp":1,"duration":5,"localEndpoint":{"serviceName":"a"}}' | head -n 60000 >lines
otlp-decode -j 1 lines | uniq -c | sed 's/^ *//'
