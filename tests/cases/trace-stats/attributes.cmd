# what is asked of attributes has the same answer whatever spans come in: some readers keep text
otlp-decode "$DATA/n_plus_one_checkout.pb" >all.lines
for form in jsonl json be32; do
	otlp-encode --to $form all.lines >all.$form
done
gzip <all.jsonl >all.gz
asked() {
	trace-stats --by 'span.db.system.name, resource.service.name' --measure count --to csv "$1"
	trace-stats --by '' --measure count --to csv --where 'span.db.system.name = "postgresql"' "$1"
	trace-stats --by '' --measure count --to csv --adjusted --where 'span.db.system.name != nil' "$1"
	trace-stats --by event:name,span.db.system.name --measure count --to csv "$1"
	trace-stats --by '' --measure count --to csv --assert '{ span.db.system.name != nil } count = 0' \
		--assert '{ true } by(span.db.system.name) max < 1ns' "$1" 2>&1
	trace-stats --by span.db.system.name --measure count --baseline "$1" all.lines
}
asked all.lines | tee told
for file in all.jsonl all.json all.be32 all.gz; do
	asked $file | cmp - told
done
