span-filter </dev/null
