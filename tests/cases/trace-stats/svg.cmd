# a picture, to be looked at in a browser: names are harmless in it, and it is XML
trace-stats --to svg --by service --top 2 "$DATA/n_plus_one_checkout.pb"
trace-stats --to svg </dev/null
{
	printf '{"trace_id":"%032d","span_id":"%016d","name":"</text><script>","start_unix_nano":"5","end_unix_nano":"6"}\n' 1 1
	printf '{"trace_id":"%032d","span_id":"%016d","name":"below","start_unix_nano":"5","end_unix_nano":"1"}\n' 1 2
} >odd
trace-stats --to svg --by name --quantiles 0.5,0.9,0.99,0.999 odd
trace-stats --to svg:all.svg "$DATA/auth_expired.pb"
python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("all.svg")' && grep -c '<path class="bars"' all.svg
