show() { trace-stats --by service "$@" "$DATA/auth_expired.pb"; }
show --measure count,rate,errors,error_rate,min,mean,stdev,max,sum
show --quantiles 0.5,0.55,0.999
show --measure count,mean --quantiles 0.9 --to csv
show --measure p0.1,p99.9 --to json
