# all but README.md and the queries (.tsv)
for file in "$DATA"/*[!dv]; do
	echo "$(otlp-decode "$file" 2>/dev/null | wc -l) $(basename "$file")"
done
