# standard input is read once, however often it is an operand; and it is one thing, in every tool
try() {
	"$@" <"$DATA/auth_expired.pb" >out || echo "$1: exit status $?"
}
for tool in otlp-decode 'otlp-encode --to csv' 'span-filter true' trace-tree trace-stats trace-graph \
	'trace-diff --split status=error'; do
	# shellcheck disable=SC2086 # words of a command
	try $tool - - && mv out twice && try $tool - && cmp out twice
done
for tool in 'span-filter true' trace-tree trace-stats trace-graph 'trace-diff --split status=error' \
	otlp-send; do
	# shellcheck disable=SC2086
	try $tool -t @- && try $tool -t @- -
done
try trace-diff - -
try trace-graph --diff - -
try trace-stats --baseline -
try span-filter -f - -
