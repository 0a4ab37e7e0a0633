echo | otlp-encode --to jaeger --fields name
echo "exit status $?"
echo | otlp-encode --to csv --fields 'name,events'
echo "exit status $?"
echo | otlp-encode --to csv --fields 'name,,kind'
echo "exit status $?"
