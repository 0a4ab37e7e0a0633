trace-tree </dev/null
trace-tree --to markdown </dev/null
trace-tree --where false "$DATA/auth_expired.pb"
trace-tree --to json </dev/null
trace-tree --to perfetto </dev/null
trace-tree --to html </dev/null | grep -c '<script'
trace-tree --to junit </dev/null
for form in svg speedscope mermaid dot; do trace-tree --to $form </dev/null; done
