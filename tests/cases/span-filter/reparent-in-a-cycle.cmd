# who is above a cycle that was cut: nobody; what is not below a gap stays as it was read
span() { printf '{"trace_id":"0000000000000000000000000000000%s","span_id":"000000000000000%s","parent_span_id":"000000000000000%s","name":"%s","start_unix_nano":%s,"end_unix_nano":9}\n' "$@"; }
{
	span 1 a b a 1 # a and b are each other's parents, cut above a
	span 1 b a b 2
	span 1 c a c 3
	span 2 d d d 1 # its own parent
	span 2 e d e 2
	span 3 1 f f 1 # an orphan
	span 3 2 1 g 2
} >lines
for gone in a b c d e f; do
	echo "without $gone"
	span-filter --drop "name = \"$gone\"" --reparent --fields name,span_id,parent_span_id lines | jq -rj '"\(.name)\(.parent_span_id) "'
	echo
done
span-filter --drop 'name = "c"' --reparent lines | grep -vxFf lines | wc -l
