cd "$DATA"
span-filter -m 2 --fields 'trace_id,name,service,start,duration_ms,duration,kind,status,span.http.response.status_code,.nothing,resource.service.name' 'status = error' auth_expired.pb
span-filter -m 1 --fields 'name, duration > 1ms, ."http.route", span:childCount' 'kind = server' auth_expired.pb
span-filter -m 1 --fields 'name,,kind' 'kind = server' auth_expired.pb; echo $?
