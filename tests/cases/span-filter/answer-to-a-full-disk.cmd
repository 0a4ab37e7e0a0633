for answer in --ast --lint --explain; do
	span-filter $answer '.a != 1' >/dev/full
	echo "$answer: $?"
done
