# the same lines after every form
otlp-decode "$DATA/collector.jsonl" >lines
otlp-encode lines | otlp-decode >again
for form in jsonl json pb be32 be32-zstd varint grpc otlp-lines; do
	otlp-encode --to $form lines | otlp-decode | cmp - again && echo "$form"
done
for codec in gzip zstd; do
	otlp-encode -z $codec lines | otlp-decode | cmp - again && echo "$codec"
done
