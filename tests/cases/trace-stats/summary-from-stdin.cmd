cat "$DATA/n_plus_one_checkout.pb" >spans
trace-stats --save a.stats --to json spans >expected
trace-stats --to json <a.stats | cmp - expected
# shellcheck disable=SC2002 # a pipe is no file
cat a.stats | trace-stats --to json | cmp - expected
gzip <a.stats | trace-stats --to json - | cmp - expected
gzip <a.stats >a.stats.gz
trace-stats --to json - <a.stats.gz | cmp - expected
cat a.stats a.stats | trace-stats --measure count --top 1
# spans are spans, by a file and by a pipe, as short as they may be
trace-stats --to json <spans | cmp - expected
cat spans | trace-stats --to json | cmp - expected
gzip <spans | trace-stats --to json - | cmp - expected
otlp-decode spans | trace-stats --to json - a.stats --measure count --top 1
for start in 0 1 5; do
	head -c $start a.stats | trace-stats --measure count
	echo $?
done
head -n 3 a.stats | trace-stats --measure count --top 1
echo $?
# nobody waits for stdin where all operands are summaries
echo '{' | trace-stats --to json a.stats | cmp - expected
cat spans | trace-stats --baseline a.stats --measure count --top 1 | head -n 3
cat a.stats | trace-stats --baseline spans --measure count --top 1 | head -n 3
# once, and by one
cat spans | trace-stats --to json - - | cmp - expected
trace-stats --to json - - <spans | cmp - expected
cat a.stats | trace-stats --to json - - | cmp - expected
cat a.stats | trace-stats --measure count --top 1 --baseline - spans | head -n 3
cat spans | trace-stats --baseline -
echo $?
cat spans | trace-stats --baseline - - a.stats
echo $?
