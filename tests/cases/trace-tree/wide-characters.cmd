trace-tree -t 4bf9 --width 60 --no-findings "$DATA/odd_values.pb" 2>/dev/null
trace-tree -t 4bf9 --width 60 --ascii --no-findings "$DATA/odd_values.pb" 2>/dev/null
