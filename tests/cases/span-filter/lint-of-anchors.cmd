# an anchor at one end looks as if the other were open
for pattern in '^GET' 'orders$' '^GET$' '^GET .*' '^a|b'; do
	span-filter --lint "name =~ \"$pattern\""; echo $?
done
