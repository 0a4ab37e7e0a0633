trace-tree -t 4bd2 --no-findings --columns marks,start,duration,kind,span_id,.http.status_code "$DATA/auth_expired.pb"
trace-tree -t 4bd2 --no-findings --depth 5 --events --attrs 'http.*' --attrs resource.service.v* "$DATA/auth_expired.pb"
trace-tree --columns start,cost "$DATA/auth_expired.pb"
