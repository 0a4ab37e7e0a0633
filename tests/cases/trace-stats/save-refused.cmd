trace-stats --save a.stats "$DATA/auth_expired.pb" >/dev/null
refused() { "$@" >out; echo "$? $(wc -l <out)"; }
refused trace-stats --by service a.stats
refused trace-stats --root a.stats
refused trace-stats --window 1m a.stats
refused trace-stats --where 'name = "x"' a.stats
refused trace-stats --by service "$DATA/auth_expired.pb" a.stats
refused trace-stats -t 4bd2 a.stats
refused trace-stats --since 14:00 a.stats
refused trace-stats --until 14:00 a.stats
trace-stats --save b.stats --no-traces --by service "$DATA/auth_expired.pb" >/dev/null
refused trace-stats a.stats b.stats
refused trace-stats --save c.stats b.stats
# damage: a line that is none, lines that are missing, an end that is
sed '3s/count":./count":9/' a.stats >bad.stats
refused trace-stats bad.stats
sed 3d a.stats >bad.stats
refused trace-stats bad.stats
head -n 5 a.stats >bad.stats
refused trace-stats bad.stats
head -c 1000 a.stats >bad.stats
refused trace-stats bad.stats
sed '1s/stats":1/stats":2/' a.stats >bad.stats
refused trace-stats bad.stats
sed '2s/"s:[^"]*"/"q:1"/' a.stats >bad.stats
refused trace-stats bad.stats
sed '2s/durations":"/durations":"gICAgICAgICAgIA/' a.stats >bad.stats
refused trace-stats bad.stats
sed '2s/"traces":"..../"traces":"/' a.stats >bad.stats
refused trace-stats --save more.stats bad.stats
refused trace-stats --save missing/a.stats a.stats
ls
