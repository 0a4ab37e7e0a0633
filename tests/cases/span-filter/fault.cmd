span-filter 'status == error' </dev/null; echo $?
span-filter 'status = error and duration > 1s' </dev/null; echo $?
span-filter "name = 'x'" </dev/null; echo $?
span-filter '{ name =~ "(" }' </dev/null; echo $?
span-filter '{ duration > 100 ms }' </dev/null; echo $?
span-filter '{} | rate()' </dev/null; echo $?
span-filter 'duration > "x"' </dev/null; echo $?
span-filter 'name =~ "a(*ACCEPT)"' </dev/null; echo $?
