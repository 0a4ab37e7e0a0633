# as a script has it whose variable is not set
otlp-decode ''
otlp-decode -o '' "$DATA/auth_expired.jsonl"
span-filter -f '' </dev/null
trace-stats --baseline '' "$DATA/auth_expired.jsonl" >table
trace-stats --baseline '' --baseline-optional "$DATA/auth_expired.jsonl" >table
trace-stats --save '' "$DATA/auth_expired.jsonl" >table
trace-graph --diff '' "$DATA/auth_expired.jsonl" >table
