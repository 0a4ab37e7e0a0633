# the same traces in the same order, from memory and from files
i=0
while [ $i -lt 20 ]; do
	otlp-decode "$DATA/collector.jsonl" | sed "s/\"trace_id\":\"..../\"trace_id\":\"$(printf %04x $i)/"
	i=$((i + 1))
done | sort -t'"' -k 16 >many
span-filter -T '{ status = error } | count() > 0' many | cksum
mkdir tmp
TMPDIR=tmp span-filter --mem-limit 64k -T '{ status = error } | count() > 0' many | cksum
ls tmp
