for file in "$DATA"/*[!d]; do
	echo "$(otlp-decode "$file" 2>/dev/null | wc -l) $(basename "$file")"
done
