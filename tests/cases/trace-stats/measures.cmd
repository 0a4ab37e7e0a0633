show() { trace-stats --by service "$@" "$DATA/auth_expired.pb"; }
show --measure count,rate,errors,error_rate,min,mean,stdev,max,sum
show --quantiles 0.5,0.55,0.999
show --measure count,mean --quantiles 0.9 --to csv
show --measure p0.1,p99.9 --to json
# all that there are
all=count,rate,errors,error_rate,sum,min,max,mean,stdev,concurrency,traces,calls,calls_max,adjusted,unknown
all=$all,p50,p90,p95,p99,p99.9,self.sum,self.p95,critical.sum,critical.p95,critical.share
show --measure $all --quantiles 0.001,0.25 --to ndjson
show --measure $all,p1,p2,p3,p4,p5,p6,p7,p8
# each once
show --measure count,p50,count,p50 --quantiles 0.9,0.5,0.90 --adjusted --to ndjson
show --measure adjusted,adjusted --adjusted
