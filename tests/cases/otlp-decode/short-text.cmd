# letters are no lengths of messages
printf '[1,2]' | otlp-decode; echo $?
printf 'abcdefg' | otlp-decode; echo $?
